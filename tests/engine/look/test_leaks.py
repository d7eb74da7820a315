"""The report on leaks: how each row holds an item, where, between which parts, and as a page that runs nothing."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from engine.building import build, spec
from engine.commands.cli import main
from engine.dataset import TextSet
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.look import (
    Part,
    crossings,
    held_out,
    leaks,
    leaks_page,
    leaks_place,
    leaks_step,
    matched,
    part_columns,
)  # fmt: skip
from engine.opening import read_texts, uploaded_texts
from engine.recipe import Recipe, run
from tests.engine.small import corpus

ITEM = "which of these two trains arrives first at the station in the old town"
HOSTILE = f"<script>alert(1)</script></p><img src=x onerror=alert(2)> {ITEM} & more"
ROWS = [
    {"text": "nothing of it", "split": "train"},
    {"text": HOSTILE, "split": "train"},
    {"text": ITEM.replace("first", "last").replace("old", "new"), "split": "<b>test</b>"},
    {"text": f"we wonder {ITEM.removesuffix(' town')}", "split": "train"},
]


@pytest.fixture
def data(open_rows: Callable[..., Dataset]) -> Dataset:
    return open_rows(ROWS, text="text")


def test_each_row_is_told_by_how_it_holds_the_item_and_where(data: Dataset) -> None:
    found = leaks(data, TextSet.of("exam", ["short one", ITEM]))
    assert {kind: rows for kind, (rows, _) in found.counts().items()} == {
        "exact": 1, "run": 1, "edited": 1, "meaning": 0,
    }  # fmt: skip
    assert found.found.tolist() == [1, 2, 3] and found.unfit == 1
    exact, run, edited = found.shown()
    assert (exact.row, exact.item, exact.kind, exact.share) == (1, 1, "exact", 1.0)
    assert HOSTILE[slice(*exact.row_span)] == ITEM
    assert run.item_text[slice(*run.item_span)] == ITEM.removesuffix(" town")
    assert (edited.row, edited.kind, edited.equal, edited.longest) == (
        2,
        "edited",
        11,
        6,
    )  # a lone word at the end is none of it
    assert found.by("split") == [("train", 3, 2), ("<b>test</b>", 1, 1)]


def test_parts_are_compared_both_ways_and_never_with_themselves(data: Dataset) -> None:
    found = crossings(data, "split", least=8)
    assert dict(found.parts) == {"train": 3, "<b>test</b>": 1}
    assert found.found.tolist() == [[0, 2], [1, 0]]
    with pytest.raises(EngineError, match="1 part here"):
        crossings(data, "split", rows=np.array([0, 1]))


def test_the_page_holds_texts_as_text_and_no_script(data: Dataset) -> None:
    found = leaks(data, TextSet.of("<exam>", [ITEM, HOSTILE]))
    page = leaks_page(found, by="split", between=crossings(data, "split"))
    tags: set[str] = set()
    said: list[str] = []

    class Seen(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.add(tag)
            assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)

        def handle_data(self, data: str) -> None:
            said.append(data)

    Seen().feed(page)
    assert tags & {"script", "img", "b"} == set() and "mark" in tags
    assert HOSTILE in "".join(said) and "<b>test</b>" in "".join(said)


def test_rows_are_called_by_their_titles_and_items_of_another_set_by_their_numbers(tmp_path: Path) -> None:
    columns = {"text": [ITEM, ITEM], "name": ["<Ann>", "Bert"], "split": ["a", "b"]}
    made = corpus(tmp_path, columns)
    assert "<strong>&lt;Ann&gt; (row 0)</strong>" in leaks_page(leaks(made, TextSet.of("exam", [ITEM])))
    page = leaks_page(leaks(made, Part("split", ("b",))))
    assert "<strong>&lt;Ann&gt; (row 0)</strong>" in page and "<strong>Bert (row 1)</strong>" in page
    assert leaks(made, TextSet.of("exam", [ITEM])).item_words(0) == "item 0"


def test_a_set_is_read_from_any_file_its_text_column_guessed_or_named(tmp_path: Path) -> None:
    file = tmp_path / "exam.csv"
    file.write_text("number,question,answer\n1,How long is the river Rhine in kilometres?,1230\n2,,7\n")
    assert read_texts(file).rows == (0,)  # the answers are numbers
    assert read_texts(file, "question").texts == ("How long is the river Rhine in kilometres?",)
    assert read_texts(file, "{number}: {answer}").texts == ("1: 1230", "2: 7")
    with pytest.raises(EngineError, match="Did you mean 'question'"):
        read_texts(file, "qestion")
    with pytest.raises(EngineError, match="outside the allowed folders"):
        read_texts(file, allowed=[tmp_path / "elsewhere"])


def test_a_text_file_that_comes_through_a_browser_is_read_in_its_own_encoding() -> None:
    said = "Grüße an Zoë\r\n\r\nfür später\n"
    for coded in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert uploaded_texts(said.encode(coded), "wanted.txt").texts == ("Grüße an Zoë", "für später"), coded
    assert uploaded_texts(b"text,n\nhow far is it,1\n", "wanted.csv").texts == ("how far is it",)
    with pytest.raises(EngineError, match="wanted.txt is empty"):
        uploaded_texts(b" \n", "wanted.txt")


def test_the_command_writes_the_report_and_a_recipe_that_drops_the_rows(
    data: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exam = tmp_path / "exam.jsonl"
    exam.write_text(json.dumps({"text": ITEM}) + "\n")
    page, rule, out = (str(tmp_path / name) for name in ("leaks.html", "drop.json", "out"))
    end = ["--workspace", str(data.store.folder.parent), "--quiet", "--json"]
    assert main(["leaks", "mine", "--against", str(exam), "--html", page, "--recipe", rule, *end]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["rows"], said["found"], said["kinds"]["exact"]) == (4, 3, {"rows": 1, "items": 1})
    assert Path(page).read_text().startswith("<!doctype html>")
    assert main(["export", "mine", rule, "--out", out, *end]) == 0
    assert json.loads(capsys.readouterr().out)["rows"]["written"] == 1
    assert main(["leaks", "mine", *end]) == 2
    assert "nothing to compare with" in capsys.readouterr().err


def test_by_meaning_each_row_is_beside_the_item_nearest_to_it_by_the_model_of_its_vectors(
    open_rows: Callable[..., Dataset],
) -> None:
    rows = [{"text": t} for t in ("cats like warm milk", "the sky is blue today", "warm milk, cats!", "")]
    data = build(open_rows(rows, text="text"), {"lexical": spec("embedding", "lexical", {})})
    found = leaks(data, TextSet.of("exam", ["blue sky", "cats like warm milk"]), embedding="lexical", similar=0.999)
    assert found.nearest.tolist()[:3] == [1, 0, 1] and found.nearest[3] == -1
    assert np.isnan(found.similarity[3]) and found.similarity[0] == pytest.approx(1, abs=0.01)
    assert found.counts()["exact"] == (0, 0)  # of four words
    assert found.kinds[[0, 3]].tolist() == [3, -1]
    assert (found.shown()[0].row, found.shown()[0].kind, found.shown()[0].row_span) == (0, "meaning", (0, 0))


def test_a_part_is_the_set_for_the_rows_outside_it_and_items_are_named_by_their_rows(data: Dataset) -> None:
    found = leaks(data, Part("split", ("<b>test</b>",)), least=8)
    assert found.rows.tolist() == [0, 1, 3] and found.other.name == "split <b>test</b>"
    assert [(one.row, one.item) for one in found.shown()] == [(1, 2), (3, 2)]
    with pytest.raises(EngineError, match="No row whose 'split' is “none” has a text"):
        leaks(data, Part("split", ("none",)))


def test_the_largest_overlap_comes_first_and_one_kind_can_be_asked_for(open_rows: Callable[..., Dataset]) -> None:
    short = "how long is the river"
    data = open_rows([{"text": short}, {"text": "zero"}, {"text": f"so {ITEM}"}, {"text": ITEM[:-9]}], text="text")
    found = leaks(data, TextSet.of("exam", [short, ITEM]), least=8)
    assert found.ordered().tolist() == [2, 3, 0] and found.ordered("exact").tolist() == [2, 0]
    assert [(one.row, one.equal) for one in found.of(np.array([0, 2]))] == [(0, 5), (2, 14)]


def test_of_a_run_in_pieces_the_words_that_were_changed_are_not_marked(data: Dataset) -> None:
    (edited,) = [one for one in leaks(data, TextSet.of("exam", [ITEM])).shown() if one.kind == "edited"]
    mine, theirs = matched(edited)
    assert [edited.row_text[a:b] for a, b in mine] == [
        "which of these two trains arrives", "at the station in the",
    ]  # fmt: skip
    assert [ITEM[a:b] for a, b in theirs] == [edited.row_text[a:b] for a, b in mine]


def test_a_set_in_another_language_shares_hardly_a_word_with_the_rows(data: Dataset) -> None:
    assert leaks(data, TextSet.of("exam", [ITEM])).words_known() == 1
    assert leaks(data, TextSet.of("exam", ["Welcher der beiden Züge kommt zuerst an"])).words_known() == 0


def test_the_step_drops_the_rows_that_were_shown_and_is_found_again_in_the_recipe(data: Dataset) -> None:
    for other in (TextSet.of("exam", [ITEM]), Part("split", ("<b>test</b>",))):
        found = leaks(data, other, least=8)
        step = leaks_step(found)
        recipe = Recipe(steps=(step,))
        dropped = np.setdiff1d(data.rows(), run(data, recipe).rows)
        assert dropped.tolist() == found.found.tolist() != []
        assert leaks_place(found, recipe) == 0
        assert leaks_place(leaks(data, other, least=9), recipe) is None and leaks_place(found, Recipe()) is None


def test_columns_named_as_splits_come_first_and_the_part_held_out_is_test_else_the_smallest(
    open_rows: Callable[..., Dataset],
) -> None:
    rows = [{"text": f"row {i}", "kind": "ab"[i > 2], "split": ["train", "Test", "val"][i % 3]} for i in range(8)]
    data = open_rows(rows, text="text")
    assert part_columns(data) == ["split", "kind"]
    assert held_out(data, "split") == Part("split", ("Test",)) and held_out(data, "kind") == Part("kind", ("a",))


@pytest.mark.parametrize("wrong", [("least", "2"), ("least", "1000000000"), ("similar", "nan"), ("most", "-1")])
def test_a_number_out_of_bounds_is_refused_before_anything_is_compared(
    data: Dataset, capsys: pytest.CaptureFixture[str], wrong: tuple[str, str]
) -> None:
    folder = str(data.store.folder.parent)
    command = ["leaks", data.name, "--workspace", folder, "--against", "nowhere.txt", f"--{wrong[0]}", wrong[1]]
    assert main(command) == 2
    assert f"--{wrong[0]} is" in capsys.readouterr().err
