"""What texts share with the items of another set: every run by construction, edited ones by measure."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.leaks import EDITS, Grams, planted
from engine.pairs import Shared, items, shared

WORDS = [f"w{i}" for i in range(400)]
ITEM = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi"


def of(
    rows: list[str | None], texts: list[str], least: int = 13, *, unit: str = "words", edited: bool = True
) -> Shared:
    return shared(pa.array(rows, pa.large_string()), items(texts, least, unit), edited=edited)  # type: ignore[arg-type]


def test_a_run_is_found_whatever_its_case_and_signs_with_its_place_in_both_texts() -> None:
    found = of(["so: Beta, GAMMA delta\nepsilon zeta (eta) theta iota kappa lambda mu nu XI; so"], ["no item", ITEM])
    assert found.item.tolist() == [1]
    assert [int(v[0]) for v in (found.row_from, found.row_to, found.item_from, found.item_to)] == [1, 14, 1, 14]
    assert (found.equal[0], found.longest[0]) == (13, 13)


def test_twelve_words_are_no_run_of_thirteen() -> None:
    row = " ".join(["x", *ITEM.split()[:12], "y", "z"])
    assert of([row], [ITEM + " rho sigma tau upsilon phi chi psi omega"]).item.tolist() == [-1]


def test_single_words_may_be_changed_added_or_left_out_unless_a_run_must_be_in_one_piece() -> None:
    changed = ITEM.replace("zeta", "other").replace("lambda ", "").replace(" xi", " one more xi")
    assert of([changed], [ITEM]).item.tolist() == [0]
    assert of([changed], [ITEM]).equal.tolist() == [14]
    assert of([changed], [ITEM]).longest.tolist() == [5]
    assert of([changed], [ITEM], edited=False).item.tolist() == [-1]


def test_a_short_item_is_found_as_a_whole_from_five_words_on() -> None:
    rows = ["we ask what is the capital of France today", "what is the capital of Spain", "yes", "is the capital"]
    assert of(rows, ["What is the capital of France?", "yes", "the capital"]).item.tolist() == [0, -1, -1, -1]


def test_a_run_of_characters_counts_whole_words_with_their_spaces() -> None:
    item = "abcdefghi " * 6  # five words and their spaces are 49 characters, six are 59
    assert of(["abcdefghi " * 5], [item], 49, unit="characters", edited=False).item.tolist() == [0]
    assert of(["abcdefghi " * 5], [item], 50, unit="characters", edited=False).item.tolist() == [-1]
    assert of(["äöü " * 13], ["äöü " * 14], 51, unit="characters", edited=False).item.tolist() == [0]
    assert of(["äöü " * 13], ["äöü " * 14], 52, unit="characters", edited=False).item.tolist() == [-1]


def test_the_item_that_a_row_holds_as_a_whole_is_named_before_others_that_share_as_much() -> None:
    longer = ITEM + " and then some more words of its own"
    assert of([ITEM], [longer, ITEM]).item.tolist() == [1]


def test_nothing_is_shared_by_what_says_nothing() -> None:
    assert of([None, "", " ", "?!", "a"], [ITEM]).item.tolist() == [-1] * 5
    assert of(["a b c d e f g h i j k l m n"], ["", " ", "?!"]).item.tolist() == [-1]
    assert of([], [ITEM]).item.tolist() == []
    assert of([ITEM], []).item.tolist() == [-1]


def test_signs_of_a_script_without_spaces_are_words() -> None:
    text = "我们今天去学校学习数学和历史课"
    assert of([f"他说{text}吗"], [text]).item.tolist() == [0]


@pytest.mark.parametrize("text", ["word " * 300_000, "一" * 300_000])
def test_a_text_of_megabytes_that_repeats_itself_is_no_trouble(text: str) -> None:
    assert of([text, text[:1000]], [text]).item.tolist() == [0, 0]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_rows_found_in_one_piece_are_those_that_share_a_run(data: st.DataObject) -> None:
    few = st.lists(st.sampled_from("abc"), max_size=14).map(" ".join)  # so few words that runs are everywhere
    rows, texts = data.draw(st.lists(few, max_size=6)), data.draw(st.lists(few, min_size=1, max_size=6))
    found = of(rows, texts, 5, edited=False)
    assert found.found.tolist() == Grams(texts, 5)(rows).tolist()
    for i in np.flatnonzero(found.found):
        mine = rows[i].split()[found.row_from[i] : found.row_to[i]]
        assert mine == texts[found.item[i]].split()[found.item_from[i] : found.item_to[i]] and len(mine) >= 5


@pytest.mark.parametrize("own", ["", " number {}"])
def test_a_hundred_thousand_short_items_that_begin_alike_are_no_trouble(own: str) -> None:
    texts = [f"thank you very much indeed{own.format(i)}" for i in range(100_000)]
    found = of(texts, texts)
    assert found.found.all() and found.item[-1] == (len(texts) - 1 if own else 0)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_short_item_is_found_just_where_all_of_it_stands_and_the_longest_is_named(data: st.DataObject) -> None:
    few = st.lists(st.sampled_from("ab"), max_size=12)
    rows, texts = data.draw(st.lists(few, max_size=6)), data.draw(st.lists(few, min_size=1, max_size=6))
    found = of([" ".join(r) for r in rows], [" ".join(t) for t in texts], edited=False)
    held = [
        max((len(t) for t in texts if len(t) >= 5 and f",{','.join(t)}," in f",{','.join(r)},"), default=-1)
        for r in rows
    ]
    assert found.equal.tolist() == held
    for i in np.flatnonzero(found.found):
        assert rows[i][found.row_from[i] : found.row_to[i]] == texts[found.item[i]]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_is_found_in_one_piece_is_found_in_pieces_too(data: st.DataObject) -> None:
    few = st.lists(st.sampled_from("abcdef"), max_size=20).map(" ".join)
    rows, texts = data.draw(st.lists(few, max_size=6)), data.draw(st.lists(few, min_size=1, max_size=6))
    whole, pieces = of(rows, texts, 6, edited=False), of(rows, texts, 6)
    assert (pieces.found | ~whole.found).all()
    assert (pieces.equal[whole.found] >= whole.longest[whole.found]).all()


def test_planted_leaks_are_found_and_clean_rows_are_not() -> None:
    rng = np.random.default_rng(7)
    texts = [" ".join(rng.choice(WORDS, rng.integers(15, 60))) for _ in range(400)]
    clean = [" ".join(rng.choice(WORDS, 80)) for _ in range(2000)]
    made = items(texts, 13)

    def share(rows: list[str]) -> float:
        return float(shared(pa.array(rows, pa.large_string()), made).found.mean())

    for name in ("as it is", "case", "punctuation", "50 words before and after"):
        assert share(planted(texts, EDITS[name])) == 1.0, name
    for name in ("one word in 12 replaced", "one word in 12 left out", "one word in 12 added"):
        assert share(planted(texts, EDITS[name])) >= 0.99, name
    assert share(planted(texts, EDITS["replaced, case, signs, 50 around"])) >= 0.99
    assert share(clean) == 0.0
