"""What a text says again: where it stands, how much of it that is, and the text without it."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.opening.edits import EDITS
from engine.signals.rules.repeated_share import repeated_share
from engine.text.repeated import Of, parts, repeated_spans, share_repeated, without_repeated

KINDS: tuple[Of, ...] = ("lines", "paragraphs", "sentences")


@pytest.mark.parametrize(
    ("of", "text", "found"),
    [
        ("lines", "a b\r\n\n  c\n \nd ", ["a b", "c", "d"]),
        ("paragraphs", "a\nb\n \n\nc\n", ["a\nb", "c"]),
        ("sentences", 'One. Two! "Three?" Four… 3.5 kg\nend', ["One.", "Two!", '"Three?"', "Four…", "3.5 kg", "end"]),
        ("sentences", "一。二！三", ["一。", "二！", "三"]),
        ("lines", "", []),
        ("paragraphs", " \n\n ", []),
    ],
)
def test_a_text_falls_into_parts_without_the_blanks_around_them(of: Of, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in parts(text, of)] == found


def test_a_part_repeats_an_earlier_one_and_short_ones_do_not_count() -> None:
    text = "Click here\n}\nNews\n  Click here \n}\nClick here"
    assert [text[a:b] for a, b in repeated_spans(text, "lines", 2)] == ["Click here", "Click here"]
    assert [text[a:b] for a, b in repeated_spans(text, "lines", 1)] == ["Click here", "}", "Click here"]
    assert repeated_spans(text, "lines", 11) == [] == repeated_spans(text, "paragraphs", 1)


def test_the_share_is_of_the_characters_of_all_parts() -> None:
    assert share_repeated("abcd\n\nabcd\nabcd\nabcd", "lines", 1) == 0.75
    assert share_repeated("", "lines", 1) == 0 == share_repeated("abc", "lines", 1)
    assert repeated_share(["ab\nab", ""], of="lines", shortest=2)["repeated_share"].tolist() == [0.5, 0]


def test_repeats_are_taken_out_with_the_blanks_before_them() -> None:
    assert without_repeated("a\nb\n  a\nc\n", "lines", 1) == "a\nb\nc\n"
    assert without_repeated("A. B. A. C.", "sentences", 1) == "A. B. C."
    assert without_repeated("x\n\ny\n\nx", "paragraphs", 1) == "x\n\ny"
    assert without_repeated("a\na\na\nb", "lines", 1) == "a\nb"


def test_the_edit_takes_them_out_of_a_column_and_leaves_missing_alone() -> None:
    values = pa.chunked_array([["Click here\nNews\nClick here", None, "short\nshort"]])
    assert EDITS["drop_repeated"].function(values).to_pylist() == ["Click here\nNews", None, "short\nshort"]


@given(st.text(alphabet="ab. \n。\"'", max_size=40), st.sampled_from(KINDS), st.integers(1, 4))
def test_nothing_is_lost_but_repeats_and_none_is_left(text: str, of: Of, shortest: int) -> None:
    spans = repeated_spans(text, of, shortest)
    gone = set(spans)
    kept = [text[a:b] for a, b in parts(text, of) if (a, b) not in gone]
    assert len({p for p in kept if len(p) >= shortest}) == sum(len(p) >= shortest for p in kept)
    assert {text[a:b] for a, b in spans} <= set(kept)
    left = without_repeated(text, of, shortest)
    assert "".join(left.split()) == "".join("".join(kept).split())
    assert (left == text) == (not spans)


@pytest.mark.parametrize("text", ["." * 200_000, " " * 200_000, "\n " * 100_000, '."' * 100_000, "a. " * 80_000])
def test_a_long_text_of_one_sign_takes_no_longer_than_another(text: str) -> None:
    # Where a pattern went back over what it has read, any of these would take hours.
    for of in KINDS:
        assert 0 <= share_repeated(text, of, 1) <= 1
