"""DCLM's rules: how it counts otherwise than Gopher's."""

import pytest

from engine.signals.rules.dclm import dclm


def one(text: str) -> dict[str, float]:
    return {name.removeprefix("dclm_"): float(values[0]) for name, values in dclm([text]).items()}


def test_words_signs_and_stop_words_are_counted_each_time() -> None:
    found = one("The # of the 3.14 -- tea... !")
    assert found["words"] == 5  # The of the 3.14 tea...
    assert found["stop_words"] == 3 and found["symbols"] == pytest.approx(2 / 8)
    assert found["unlettered_words"] == pytest.approx(4 / 8)
    assert found["word_length"] == pytest.approx((3 + 1 + 2 + 3 + 4 + 2 + 6 + 1) / 8)


def test_lines_that_come_again_count_with_the_first_of_them() -> None:
    found = one("* a b\n- c…\n* a b\n\n● d . . .")
    assert found["bullet_lines"] == 1.0 and found["ellipsis_lines"] == 0.5
    assert found["repeated_lines"] == 0.5 and found["repeated_line_characters"] == pytest.approx(10 / 23)
    assert found["repeated_paragraphs"] == 0.0


def test_runs_of_words_are_shares_of_the_letters() -> None:
    found = one("ab cd, ab cd. xyz")
    assert found["top_2_words"] == pytest.approx(8 / 11) and found["top_3_words"] == 0.0
    found = one("a b c d e f! a b c d e g")
    assert found["repeated_5_words"] == pytest.approx(10 / 12) and found["repeated_6_words"] == 0.0
    assert found["top_4_words"] == pytest.approx(8 / 12)


def test_a_text_without_words_is_zero() -> None:
    assert set(one("").values()) == {0.0} and one("...")["words"] == 0.0
