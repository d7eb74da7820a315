"""Words until they repeat, counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.signals.language.lexical_diversity import lexical_diversity


def mtld(text: str, shortest: int = 1) -> float:
    return float(lexical_diversity([text], shortest=shortest)["lexical_diversity"][0])


def test_a_stretch_ends_when_no_more_than_72_of_100_words_differ():
    # Forwards: a b a is 2 of 3, a stretch; then c d e f, in which nothing repeats: 1 stretch of 7 words.
    # Backwards: f e d c a b a: 6 of 7 differ, which is (1 - 6/7) / 0.28 = 0.5102 of a stretch: 13.72 words.
    assert mtld("a b a c d e f") == pytest.approx((7 / 1 + 7 / ((1 / 7) / 0.28)) / 2)


def test_the_example_of_the_paper_ends_its_stretch_at_the_second_people():
    # "of the people by the people for the people": types by words 4/5 = .8 at the second "the", 4/6 at "people".
    text = "of the people by the people for the people"
    forwards = 1 + 0  # for the people: three of three differ
    # people the for | people: people the for people is 3/4, the 3/5: a stretch of five; by people the of: all differ.
    backwards = 1
    assert mtld(text) == (9 / forwards + 9 / backwards) / 2 == 9


def test_exactly_72_of_100_ends_a_stretch():
    words = [f"w{i}" for i in range(18)]
    # Forwards: 18 of 25 differ, a stretch, and one word more. Backwards: 19 of 26, part (7 / 26) / 0.28 of a stretch.
    assert mtld(" ".join([*words, *words[:7], "more"])) == pytest.approx((26 / 1 + 26 / ((7 / 26) / 0.28)) / 2)


def test_one_word_over_and_over_has_stretches_of_two():
    assert mtld("so " * 60) == 2


def test_too_short_texts_and_those_without_a_repeated_word_have_none():
    assert np.isnan([mtld(""), mtld("one two three"), mtld("so " * 49, 50), mtld("\ud800\x00")]).all()
    assert mtld("so " * 50, 50) == 2


def test_case_signs_and_apostrophes_do_not_make_words_differ():
    assert mtld("Don't! DON’T, don't.") == mtld("dont dont dont")


def test_chinese_signs_are_words():
    assert mtld("是是是是") == mtld("a a a a") == 2


@given(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=80))
def test_both_directions_count(words):
    assert mtld(" ".join(words)) == pytest.approx(mtld(" ".join(reversed(words))), nan_ok=True)
