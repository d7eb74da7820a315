"""Repetition and noise, in numbers that follow from their definitions."""

import random
import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.signals.language.compression import compression
from engine.signals.language.entropy import entropy


def times(text: str) -> float:
    return float(compression([text])["compression"][0])


def bits(text: str) -> tuple[float, float]:
    found = entropy([text])
    return float(found["character_entropy"][0]), float(found["word_entropy"][0])


def test_a_repeated_sentence_compresses_and_noise_does_not():
    sentence = "The river rose quickly, and people carried their chairs upstairs. "
    noise = "".join(random.Random(0).choices(string.ascii_letters + string.digits + "+/", k=4000))
    assert times(sentence * 50) > 30
    assert 1.2 < times(noise) < 4 / 3  # six of eight bits carry something
    assert times(sentence) < 1.5


def test_one_letter_takes_what_deflate_needs_to_say_so():
    # A fixed block for "a": three bits of head, eight for the letter, seven for the end, in three bytes.
    assert times("a") == pytest.approx(1 / 3)


def test_entropy_of_equal_shares_is_the_logarithm_of_their_number():
    assert bits("aaaa") == (0, 0)
    assert bits("abab") == (1, 0)
    assert bits("abcdefgh") == (3, 0)
    assert bits("aaab")[0] == pytest.approx(0.75 * np.log2(4 / 3) + 0.25 * 2)
    assert bits("one two one TWO")[1] == 1
    assert bits("the cat the dog")[1] == 1.5


def test_no_text_has_neither_and_signs_alone_have_no_words():
    assert np.isnan([times(""), *bits("")]).all()
    assert bits("?!")[0] == 1 and np.isnan(bits("?!")[1])


@pytest.mark.parametrize("text", ["\x00", "\ud800", "👩‍👩‍👧", "日本語", "مرحبا"])
def test_any_character_can_be_counted(text):
    assert times(text) > 0 and bits(text)[0] >= 0


@given(st.text(max_size=60))
def test_entropy_lies_between_0_and_that_of_all_different_and_order_does_not_matter(text):
    found = bits(text)[0]
    assert not text or 0 <= found <= np.log2(len(text)) + 1e-6
    assert not text or found == pytest.approx(bits(text[::-1])[0], abs=1e-6)
