"""The words that differ between a row that goes and the one that stays for it."""

import pytest

from engine.text import differing


@pytest.mark.parametrize(
    ("gone", "stays", "said"),
    [
        ("pay my bill", "pay my bill", ""),
        ("pay  my\nbill", "pay my bill", ""),
        ("pay my bill now", "pay my bill", "−now"),
        ("pay the water bill", "please pay the power bill", "−water +please +power"),
        ("", "pay", "+pay"),
        ("", "", ""),
        ("a" * 50 + "b" + "c" * 50, "a" * 50 + "d" + "c" * 50, "−b +d"),
        ("你" * 60 + "好", "你" * 60 + "坏", "−好 +坏"),
    ],
)
def test_it_says_what_only_the_one_and_what_only_the_other_has(gone: str, stays: str, said: str) -> None:
    assert differing(gone, stays) == said


def test_what_differs_much_is_cut_on_both_sides() -> None:
    said = differing("one " * 100, "two " * 100)
    assert said.startswith("−one one") and said.count("…") == 2 and len(said) == 121


def test_texts_of_five_megabytes_are_looked_at_where_they_begin_and_a_far_difference_is_said_to_be_far() -> None:
    long = "word " * 1_000_000
    assert differing(long, long + "x") == "they differ after the first 20,000 signs"
    assert differing("x" * 5_000_000, "y" * 5_000_000).startswith("−xxx")
