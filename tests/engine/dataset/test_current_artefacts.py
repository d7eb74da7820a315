"""Which artefact a key means: of these rows, of this text view, and made from others that count too."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.building.build import build
from engine.building.key_names import key_of
from engine.building.spec import spec
from engine.dataset.dataset import Dataset
from engine.dataset.record import make_current
from engine.exporting import needs
from engine.opening.describe import choose_view
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from engine.text.row_text import of_column
from tests.engine.small import circle, corpus, embedded, with_signal

LEXICAL = spec("embedding", "lexical", {"dimensions": 8})
KEY = key_of(LEXICAL)
GRAPH = spec("graph", on=KEY)
ROWS = [{"text": f"bread and butter {i}", "title": f"stars at night {i % 4} of {i}"} for i in range(12)]


def test_vectors_of_another_text_view_are_not_seen_until_it_comes_back(open_rows: Callable[..., Dataset]) -> None:
    data = build(open_rows(ROWS, text="text"), {KEY: LEXICAL, f"graph@{KEY}": GRAPH})
    of_text = data.embedding(KEY).identity
    titles = choose_view(data, of_column("title"))
    assert dict(titles.added) == {}
    titles = build(titles, {KEY: LEXICAL})
    # The graph of the texts must not meet the vectors of the titles.
    assert set(titles.added) == {KEY} and titles.embedding(KEY).identity != of_text
    back = choose_view(titles, of_column("text"))
    assert back.embedding(KEY).identity == of_text and set(back.added) == {KEY, f"graph@{KEY}"}


def test_what_was_made_current_for_other_rows_hides_nothing(tmp_path: Path) -> None:
    data = with_signal(corpus(tmp_path, {"text": ["a", "b"]}), "s", np.array([1, 2]))
    make_current(data.store, "s", "of an earlier revision")
    assert Dataset.load(data.store).numbers("s").tolist() == [1, 2]


def test_a_graph_of_vectors_that_were_replaced_is_not_seen(tmp_path: Path) -> None:
    data = build(
        embedded(corpus(tmp_path, {"text": ["a", "b"]}), circle([0, 90]), graph=False),
        {"graph@given": spec("graph", on="given")},
    )
    assert "graph@given" in data.added
    again = embedded(data, circle([0, 45]), graph=False)
    assert set(again.added) == {"given"}


def test_an_edit_made_anew_takes_the_counts_of_the_old_text_out_of_sight(open_rows: Callable[..., Dataset]) -> None:
    data = open_rows([{"text": "one two three"}], text="text")
    words = spec("signal", "words")
    cut = spec("edit", "strip_suffix", {"suffix": " three"}, on="text")
    data = choose_view(build(data, {"cut": cut}), of_column("cut"))
    data = build(data, {"words": words})
    assert data.numbers("words").tolist() == [2]
    data = build(data, {"cut": spec("edit", "strip_suffix", {"suffix": "two three"}, on="text")})
    assert "words" not in data.added
    assert build(data, {"words": words}).numbers("words").tolist() == [1]


def test_a_signal_does_not_hide_a_column_of_the_source_with_its_name(open_rows: Callable[..., Dataset]) -> None:
    data = open_rows([{"text": "one two", "words": 7}, {"text": "one", "words": 8}], text="text")
    data = build(data, {"words": spec("signal", "words")})
    assert data.numbers("words").tolist() == [7, 8]
    assert data.numbers("words (signal)").tolist() == [2, 1]


def test_a_budget_is_counted_on_the_signal_beside_a_column_of_its_name(open_rows: Callable[..., Dataset]) -> None:
    rows = [{"text": "abcd", "utf8_bytes": "many"}, {"text": "ab", "utf8_bytes": "few"}]
    data = build(open_rows(rows, text="text"), {"utf8_bytes": spec("signal", "utf8_bytes")})
    step = Step(
        "top", {"budget": {"amount": 3, "unit": "bytes"}, "column": "utf8_bytes (signal)", "order": "low first"}
    )
    recipe = needs.completed(data, Recipe(steps=(step,)))
    assert run(data, recipe).rows.tolist() == [1]
    assert list(recipe.needs) == ["utf8_bytes"]


def test_a_corpus_without_any_text_has_vectors_and_no_topics(open_rows: Callable[..., Dataset]) -> None:
    data = open_rows([{"text": ""}, {"text": None}, {"text": " "}], text="text")
    topics = spec("topics", "kmeans", on=KEY)
    data = build(data, {KEY: LEXICAL, f"topics@{KEY}": topics})
    assert data.topics(f"topics@{KEY}").names == {}
    assert data.codes(f"topic@{KEY}")[0].tolist() == [-1, -1, -1]
