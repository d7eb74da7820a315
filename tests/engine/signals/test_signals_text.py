"""Row signals on texts that can be counted by eye, in several scripts."""

import numpy as np
import pytest

from engine.building import spec, together
from engine.errors import Cancelled, EngineError
from engine.registry import Registry
from engine.signals import ROW_SIGNALS, score
from engine.signals.sizes.characters import characters
from engine.signals.sizes.tokens import tokens
from engine.signals.sizes.utf8_bytes import utf8_bytes
from engine.signals.sizes.words import words
from tests.engine.small import corpus


def quiet(stage: str, done: int, total: int) -> None: ...


def test_characters_are_code_points_and_bytes_are_utf8():
    texts = ["", "abc", "naïve", "日本語", "👩‍👩‍👧", "e\u0301"]
    assert characters(texts)["characters"].tolist() == [0, 3, 5, 3, 5, 2]
    assert utf8_bytes(texts)["utf8_bytes"].tolist() == [0, 3, 6, 9, 18, 3]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  \n\t ", 0),
        ("one two  three\nfour", 4),
        ("don't stop", 2),
        ("l’été d'hier", 2),
        ("state-of-the-art", 4),
        ("snake_case 3.14", 3),
        ("'quoted'", 1),
        ("Straße naïve", 2),
        ("e\u0301te\u0301", 1),
        ("हिन्दी भाषा", 2),
        ("привет, мир!", 2),
        ("مرحبا بالعالم", 2),
        ("日本語", 3),
        ("I like 寿司 very much", 6),
        ("カタカナ", 1),
        ("한국어 문장", 2),
        ("!!! ??? ...", 0),
        ("👍 ok", 1),
    ],
)
def test_words_are_counted_in_many_scripts(text, count):
    assert words([text])["words"].tolist() == [count]


def test_plain_tokens_are_runs_of_four_and_single_signs():
    # token|ize, text|s, don|'|t, a mark of its own.
    assert tokens(["tokenize", "", "don't", "12345", "a, b", "日本語"], tokenizer="plain")["tokens"].tolist() == [
        2,
        0,
        3,
        2,
        3,
        1,
    ]


def test_minilm_tokens_are_word_pieces_of_the_whole_text():
    found = tokens(["hello world", "tokenization", "", "word " * 1000])["tokens"]
    # token ##ization; and no limit, padding or marks.
    assert found.tolist() == [2, 2, 0, 1000]


def test_one_text_counts_the_same_alone_and_in_a_batch():
    texts = ["short", "a much longer text, with signs", "日本語 text"]
    assert tokens(texts)["tokens"].tolist() == [tokens([t])["tokens"][0] for t in texts]


def test_a_signal_runs_over_all_rows_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(score, "BATCH_ROWS", 4)
    texts = [None if i == 5 else "x" * i for i in range(11)]
    seen: list[tuple[int, int]] = []
    (found,) = score.row_signals(
        corpus(tmp_path, {"text": texts}),
        [ROW_SIGNALS["characters"]],
        {},
        lambda stage, done, total: seen.append((done, total)),
    )
    assert found["characters"].tolist() == [0, 1, 2, 3, 4, 0, 6, 7, 8, 9, 10]
    assert found["characters"].dtype == np.int64
    assert seen == [(4, 11), (8, 11), (11, 11)]


def test_the_pool_gives_what_one_process_gives(tmp_path, monkeypatch):
    monkeypatch.setattr(score, "BATCH_ROWS", 50)
    data = corpus(tmp_path, {"text": [f"{'word ' * (i % 7)}{i}" for i in range(230)]})
    (alone,) = score.row_signals(data, [ROW_SIGNALS["words"]], {}, quiet, workers=1)
    (pooled,) = score.row_signals(data, [ROW_SIGNALS["words"]], {}, quiet, workers=2)
    assert alone["words"].tolist() == pooled["words"].tolist()


def test_signals_that_are_asked_for_together_see_the_same_texts_one_after_the_other(tmp_path, monkeypatch):
    monkeypatch.setattr(score, "BATCH_ROWS", 2)
    seen: list[tuple[str, list[str]]] = []

    def first(texts: list[str]) -> dict[str, np.ndarray]:
        """See texts."""
        seen.append(("first", texts))
        return {"first": np.arange(len(texts))}

    def second(texts: list[str]) -> dict[str, np.ndarray]:
        """See texts."""
        seen.append(("second", texts))
        return {"second": np.ones(len(texts))}

    members = Registry("row signal", [first, second])
    data = corpus(tmp_path, {"text": ["a", "b", "c"]})
    one, other = score.row_signals(data, list(members.values()), {}, quiet, workers=1)
    assert one["first"].tolist() == [0, 1, 0] and other["second"].tolist() == [1, 1, 1]
    assert [name for name, _ in seen] == ["first", "second"] * 2
    assert seen[0][1] is seen[1][1] and seen[2][1] is seen[3][1]


def test_families_of_rules_are_measured_in_one_go_where_their_words_are_the_same():
    apart, blank = ({"words": words} for words in ("signs apart", "white space"))
    order = [
        *((name, spec("signal", name, apart)) for name in ("gopher_quality", "c4")),
        ("characters", spec("signal", "characters")),
        ("fineweb", spec("signal", "fineweb", apart)),
        ("gopher_repetition", spec("signal", "gopher_repetition", blank)),
    ]
    parts = [list(part) for part in together(order)]
    assert parts == [["gopher_quality", "c4"], ["characters"], ["fineweb"], ["gopher_repetition"]]


def test_no_rows_give_no_values(tmp_path):
    (found,) = score.row_signals(corpus(tmp_path, {"text": []}), [ROW_SIGNALS["tokens"]], {}, quiet)
    assert found["tokens"].tolist() == []


def test_work_stops_when_progress_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(score, "BATCH_ROWS", 2)

    def stop(stage: str, done: int, total: int) -> None:
        if done >= 4:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        score.row_signals(corpus(tmp_path, {"text": ["a"] * 10}), [ROW_SIGNALS["characters"]], {}, stop)


def test_a_signal_that_breaks_its_law_is_named(tmp_path):
    def short(texts: list[str]) -> dict[str, np.ndarray]:
        """Give too few."""
        return {"short": np.zeros(len(texts) - 1)}

    member = Registry("row signal", [short])["short"]
    with pytest.raises(EngineError, match="'short' gave 'short' the shape"):
        score.row_signals(corpus(tmp_path, {"text": ["a", "b"]}), [member], {}, quiet)
