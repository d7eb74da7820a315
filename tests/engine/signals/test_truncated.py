"""Ends of texts: closed, open, cut in a word."""

import pytest

from engine.signals.language.truncated import ABOUT, READ, truncated


def surely(text: str) -> float:
    return round(float(truncated([text])["truncated"][0]), 3)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "It ends here.",
        "Does it? Yes!",
        "“It ends here.”",
        "It ends here .  \n",
        "(It ends here.)**\n\n",
        "Und so weiter …",
        "ここで終わります。",
        "「終わりです。」",
        "هل انتهى؟",
        "यहाँ समाप्त होता है।",
        "The whole guide is at https://example.org/guide/",
        "Write to me@example.org",
    ],
)
def test_an_end_with_a_mark_in_any_script_and_an_address_are_not_cut(text):
    assert surely(text) == 0


@pytest.mark.parametrize("text", ["apples, pears,", "the well-", "as said (", "he answered: “", "りんご、"])
def test_where_something_must_follow_it_is_sure(text):
    assert surely(text) == 1


def test_a_sentence_that_began_after_others_in_its_line_is_the_surer_the_more_there_are():
    assert surely("The train was late. Nobody kne") == 0.667  # (1 + 1) / (1 + 2)
    assert surely("It rained . It poured .\nWe left at nine . Then . The road") == 0.75  # (2 + 1) / (2 + 2)
    assert surely("終わりです。そして") == 0.667


def test_a_line_of_its_own_is_judged_by_its_length_and_by_the_lines_before():
    assert surely("Annual report") == 0.05  # (0 + 2/20) / (0 + 2)
    assert surely("word " * 30) == 0.45  # (0 + 0.9) / (0 + 2)
    assert surely("It rained.\nIt snowed.\nThe road was") == 0.538  # (2 + 3/20) / (2 + 2)
    assert surely("- milk\n- eggs\n- bread\n- two large onions") == 0.04  # (0 + 4/20) / (3 + 2)
    assert surely("It rained.\n" * 50 + "The road was") == 0.846  # (10 + 3/20) / (10 + 2)


def test_a_last_sign_that_is_no_letter_halves_it():
    assert surely("It rained. What a day") == 0.667
    assert surely("It rained. What a day 😀") == surely("It rained. What a (day)") == 0.333


def test_initials_and_titles_do_not_end_a_sentence():
    assert surely("Dr. Smith and J. R. Miller") == 0.15  # (0 + 6/20) / (0 + 2)


def test_the_sentence_without_an_end_is_marked():
    assert ABOUT.spans
    text = "It rained. Then the sun ca \n"
    assert [text[a:b] for a, b in ABOUT.spans([text])[0]] == ["Then the sun ca"]
    assert ABOUT.spans(["It rained."]) == [[]]
    long = "It rained. " * READ + "Then"
    ((start, end),) = ABOUT.spans([long])[0]
    assert long[start:end] == "Then"


def test_cutting_a_sentence_anywhere_before_its_mark_raises_it():
    text = "The river rose quickly. People carried their chairs upstairs."
    for end in range(len("The river rose quickly. P"), len(text) - 1):
        assert surely(text[:end]) >= 0.333
