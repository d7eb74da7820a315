"""Words of a list: counted in any script, phrases as one, the same words as the spans show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.signals.private.lexicon import ABOUT, lexicon

WORDS = ("free", "free software", "library", "東京", "Straße")


def found(text: str, words: tuple[str, ...] = WORDS) -> list[str]:
    assert ABOUT.spans is not None
    return [text[start:end] for start, end in ABOUT.spans([text], called="", words=words)[0]]


def test_matches_are_counted_and_set_against_a_thousand_words():
    values = lexicon(["A free library of Free Software", "none here", ""], words=WORDS)
    assert values["lexicon_matches"].tolist() == [3, 0, 0]  # free, library, free software
    assert values["lexicon_rate"].tolist() == [500.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Free\nsoftware, free beer", ["Free\nsoftware", "free"]),
        ("freedom libraries", []),
        ("東京タワー", ["東京"]),
        ("STRASSE straße", ["straße"]),
        ("ｆｒｅｅ as in full width", ["ｆｒｅｅ"]),
        ("free-software", ["free-software"]),
    ],
)
def test_words_are_those_that_search_finds(text, words):
    assert found(text) == words


@given(st.lists(st.sampled_from(["free", "software", "library", "und", "e\u0301", "ﬁn", "東京", "½b", "\ud800"])))
def test_as_many_are_marked_as_are_counted(parts: list[str]) -> None:
    text = " ".join(parts)
    assert len(found(text)) == lexicon([text], words=WORDS)["lexicon_matches"][0]


def test_two_hundred_thousand_words_are_a_list():
    words = tuple(f"w{i}" for i in range(200_000))
    assert lexicon(["w1 w199999 w200000"], words=words)["lexicon_matches"].tolist() == [2]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "holds no word"),
        (("!?", " "), "holds no word"),
        (("a " * 21,), "21 words; 20 at most"),
        (tuple(map(str, range(200_001))), "200,001 words; 200,000 at most"),
    ],
)
def test_a_list_that_cannot_be_looked_for_is_refused(words, says):
    with pytest.raises(EngineError, match=says):
        lexicon(["a"], words=words)
