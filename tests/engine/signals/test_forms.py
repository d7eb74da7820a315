"""Code, dialogue, markup: known answers."""

import pytest

from engine.signals import ROW_SIGNALS


def values(name: str, text: str) -> dict[str, float]:
    return {key: float(found[0]) for key, found in ROW_SIGNALS[name].function([text]).items()}


def test_lines_of_code_comments_lengths_and_letters_are_counted() -> None:
    found = values("code", "# A sum.\ndef add(a, b):\n    return a + b\n\nThat is all.")
    assert found["code_lines"] == pytest.approx(1 / 4)  # the one that begins, ends and holds as code does
    assert found["code_comment_lines"] == pytest.approx(1 / 4)
    assert found["code_line_length"] == pytest.approx((8 + 14 + 16 + 12) / 4)
    assert found["code_longest_line"] == 16
    assert found["code_letters"] == pytest.approx((4 + 8 + 8 + 9) / 54)
    assert set(values("code", " \n ").values()) == {0.0}


@pytest.mark.parametrize(
    ("text", "turns", "speakers"),
    [
        ("Anna: Who is it?\nBob: It is me.\nAnna: Come in.", 3, 2),
        ("<|user|> Hello\n<|assistant|> Hello to you", 2, 2),
        ("Note: this is no speaker.\nIt goes on.", 0, 0),
        ("Name: Ann\nAge: 3\nTown: Rome", 0, 0),
        ("", 0, 0),
    ],
)
def test_turns_and_speakers(text: str, turns: int, speakers: int) -> None:
    found = values("dialogue", text)
    assert (found["dialogue_turns"], found["dialogue_speakers"]) == (turns, speakers)


def test_half_a_character_breaks_no_search_for_markup() -> None:
    assert ROW_SIGNALS["markup"].about.spans(["a \ud800 <b>x</b>"]) == [[(4, 7), (8, 12)]]


def test_lines_of_direct_speech() -> None:
    assert values("dialogue", "“Come in,” she said.\nHe came.\n— Thank you.\n")["dialogue_quoted_lines"] == 2 / 3


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('<p class="a">One &amp; two</p>', ['<p class="a">', "&amp;", "</p>"]),
        ("# Title\nSee **this** [page](http://a.b) `x`", ["# ", "**", "**", "[page](http://a.b)"]),
        ("[b]bold[/b] and {{cite}} and [[Rome]]", ["[b]", "[/b]", "{{", "}}", "[[", "]]"]),
        ("a < b and c > d, R&D; 5 * 3", []),
        ("No. 1 [12] don't", []),
    ],
)
def test_markup_is_found_where_it_stands(text: str, marked: list[str]) -> None:
    spans = ROW_SIGNALS["markup"].about.spans([text])[0]
    assert [text[start:end] for start, end in spans] == marked
    found = values("markup", text)
    assert found["markup_places"] == pytest.approx(1000 * len(marked) / len(text))
    assert found["markup_characters"] == pytest.approx(sum(map(len, marked)) / len(text))
