"""Filters on words, letters and patterns, in any language."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dataset.record import write_record
from engine.dataset.texts import BLOCK_ROWS
from engine.errors import EngineError
from engine.recipe.filters import FILTERS
from engine.text.row_text import TextView
from engine.text.words import _any_script, _ascii, holds, merged, normalised, query, spans, word_places, words_of
from tests.engine.small import corpus

TEXTS = [
    "The Red Panda eats bamboo.",
    "A panda, red with anger",
    "Pandas are not red",
    None,
    "",
    "東京タワーに行きました",
    "京都と東",
    "naïve café",
    "a\0b red",
    "🐼 red <b>panda</b>",
]


@pytest.fixture
def data(tmp_path):
    return corpus(tmp_path, {"text": TEXTS, "title": ["Alpha", "beta", None, "ALPHABET", "", "x", "x", "x", "x", "x"]})


def kept(data, name, /, rows=None, **params):
    member = FILTERS[name]
    rows = data.rows() if rows is None else np.array(rows)
    return rows[member.function(data, rows, **member.check(params)).keep].tolist()


@pytest.mark.parametrize(
    ("find", "rows"),
    [
        ("panda", [0, 1, 9]),
        ("PANDA red", [0, 1, 9]),
        ('"red panda"', [0]),
        ('"panda red"', [1]),
        ("red -panda", [2, 8]),
        ('red -"red panda"', [1, 2, 8, 9]),
        ("-red", [4, 5, 6, 7]),
        ("東京", [5]),
        ("東", [5, 6]),
        ("タワー", [5]),
        ("café", [7]),
        ("cafe", []),
        ("ＲＥＤ", [0, 1, 2, 8, 9]),
        ('"eats bamboo', [0]),
        ("b", [8, 9]),
    ],
)
def test_words_and_phrases_are_found(data, find, rows):
    assert kept(data, "text", find=find) == rows


def test_a_text_without_words_says_so(data):
    with pytest.raises(EngineError, match="holds no word"):
        kept(data, "text", find="!!!")


@pytest.mark.parametrize(
    ("how", "find", "match_case", "rows"),
    [
        ("contains", "lpha", False, [0, 3]),
        ("contains", "LPHA", True, [3]),
        ("starts with", "al", False, [0, 3]),
        ("starts with", "Al", True, [0]),
        ("ends with", "A", False, [0, 1]),
        ("is", "alpha", False, [0]),
        ("is", "alpha", True, []),
        ("is", "", False, [4]),
    ],
)
def test_letters_are_compared(data, how, find, match_case, rows):
    assert kept(data, "text", column="title", how=how, find=find, match_case=match_case) == rows


def test_too_many_letters_are_refused_before_they_are_looked_for(data):
    with pytest.raises(EngineError, match="100,000 characters to look for; 10,000 are the most"):
        FILTERS["text"].function(data, data.rows(), find="a" * 100_000, how="contains")


def test_dropping_keeps_the_missing(data):
    assert kept(data, "text", find="red", do="drop") == [3, 4, 5, 6, 7]


def test_only_the_rows_asked_for_are_judged(data):
    assert kept(data, "text", rows=[1, 2, 5, 9], find="panda") == [1, 9]
    assert kept(data, "regex", rows=[0, 2, 9], pattern="(?i)pandas?") == [0, 2, 9]


def test_signs_of_a_pattern_are_letters_here(data):
    assert kept(data, "text", how="contains", find="a\0b") == [8]
    assert kept(data, "text", how="contains", find="<b>") == [9]
    assert kept(data, "text", how="contains", find=".") == [0]


@pytest.mark.parametrize(
    ("pattern", "match_case", "rows"),
    [
        ("^The", True, [0]),
        (r"\bred\b", True, [1, 2, 8, 9]),
        (r"\bred\b", False, [0, 1, 2, 8, 9]),
        (r"\p{Han}{2}", True, [5, 6]),
        (r"\x00", True, [8]),
        ("^$", True, [4]),
        ("🐼", True, [9]),
    ],
)
def test_a_pattern_is_found(data, pattern, match_case, rows):
    assert kept(data, "regex", pattern=pattern, match_case=match_case) == rows


@pytest.mark.parametrize("pattern", ["(", "[a", r"(a)\1", "(?=a)", "a{1001}", "", "*", "(?P<n>a"])
def test_a_broken_pattern_is_refused_by_name(data, pattern):
    with pytest.raises(EngineError, match="regular expression"):
        kept(data, "regex", pattern=pattern)


def test_a_pattern_that_hangs_elsewhere_is_answered(tmp_path):
    data = corpus(tmp_path, {"text": ["a" * 50_000 + "!", "aaa"]})
    assert kept(data, "regex", pattern="^(a+)+$") == [1]


def test_reasons_quote_the_text(data):
    member = FILTERS["text"]
    verdict = member.function(data, data.rows(), **member.check({"find": "panda"}))
    assert verdict.words(2) == "text is “Pandas are not red”"
    assert verdict.words(3) == "text is missing"


def test_texts_are_read_block_by_block(tmp_path):
    n = BLOCK_ROWS + 5
    data = corpus(tmp_path, {"text": ["x"] * (n - 1) + ["needle"]})
    assert kept(data, "text", find="needle") == [n - 1]
    assert kept(data, "regex", rows=[0, n - 1], pattern="needle") == [n - 1]


def test_a_template_is_searched_as_it_reads(data):
    view = TextView("template", ("title", "text"), "{title}: {text}")
    write_record(data.store, replace(data.record, text_view=view))
    both = type(data).load(data.store)
    assert kept(both, "text", find='"beta a panda"') == [1]


def test_a_column_of_numbers_is_searched_as_it_is_shown(tmp_path):
    data = corpus(tmp_path, {"n": [12, 120, None]})
    assert kept(data, "text", column="n", how="contains", find="12") == [0, 1]


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("The Panda in new  york", 'panda "New York"', ["Panda", "new  york"]),
        ("東京タワーへ", "タワー", ["タワー"]),
        ("ＡＢＣ abc", "abc", ["ＡＢＣ", "abc"]),
        ("हिन्दी में", "हिन्दी", ["हिन्दी"]),
        ("🐼🐼 panda", "panda", ["panda"]),
        ("co-op coop", "co-op", ["co-op"]),
        ("a a a", '"a a"', ["a a a"]),
        ("nothing here", "-panda here", ["here"]),
    ],
)
def test_highlights_stand_where_the_words_are(text, wanted, found):
    assert [text[a:b] for a, b in spans(query(wanted), text)] == found


def test_what_is_highlighted_is_what_is_found():
    texts = [t for t in TEXTS if t]
    for wanted in ("red", '"red panda"', "東京", "b", "naïve"):
        found = holds(query(wanted), pa.array(texts, pa.large_string())).to_pylist()
        assert [bool(spans(query(wanted), t)) for t in texts] == found


def test_ascii_and_other_texts_are_cut_alike():
    mixed = pa.array(["The Cat_1, -- x", None, "", "Ünï cat", " a  b "], pa.large_string())
    assert normalised(mixed).to_pylist() == [" the cat_1 x ", None, "  ", " ünï cat ", " a b "]
    assert _any_script(mixed).to_pylist()[0] == _ascii(mixed.slice(0, 1)).to_pylist()[0]


def test_overlapping_spans_become_one():
    assert merged([(4, 6), (0, 2), (5, 9), (9, 10)]) == [(0, 2), (4, 9), (9, 10)]


def test_words_are_cut_in_any_language():
    assert words_of("Don't: 東京 2024_x हिन्दी") == ("don", "t", "東", "京", "2024_x", "हिन्दी")


@pytest.mark.parametrize(
    "text", ["20 ℃ today", "Foo™ bar", "a ´ b", "l´eau №5", "ｶﾞｽ の", "a＿b ＿ c", "3 ≠ 4", "a ‾ b"]
)
def test_words_are_numbered_alike_with_their_places_whatever_a_sign_becomes(text: str):
    assert tuple(word for word, _, _ in word_places(text)) == words_of(text)


@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]) | st.sampled_from("a ´℃＿ｶﾞ\u0301\u0338=™.")))
def test_every_word_of_any_text_has_its_place(text: str):
    placed = word_places(text)
    assert tuple(word for word, _, _ in placed) == words_of(text)
    assert all(0 <= start < end <= len(text) for _, start, end in placed)
