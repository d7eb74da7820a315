"""Two sets of rows side by side: planted shifts are found with their size, chance is told as chance."""

import json
from datetime import date

import numpy as np
import pytest

from engine.look.choices import shifts
from engine.look.choices.scorecard import scorecard
from tests.engine.small import corpus, with_pairs, with_signal

ROWS = np.arange(400)
HALF, REST = ROWS[:200], ROWS[200:]


@pytest.fixture
def planted(tmp_path):
    """400 rows; the second half is longer, has more of "b", and says "gamma" where the first says "alpha"."""
    rng = np.random.default_rng(0)
    late = ROWS >= 200
    return corpus(
        tmp_path,
        {
            "length": (rng.integers(0, 100, 400) + 60 * late).tolist(),
            "luck": rng.normal(size=400).tolist(),
            "kind": [("b" if rng.random() < (0.8 if one else 0.4) else "a|<i>") for one in late],
            "text": [f"{'gamma' if one else 'alpha'} the {i % 190}" for i, one in zip(ROWS, late, strict=True)],
        },
    )


def test_planted_shifts_are_found_and_chance_is_not(planted):
    card = scorecard(planted, HALF, REST, names=("early", "late"))
    length, luck = card.numbers
    assert (length.column, length.words, luck.column, luck.words) == ("length", "large", "luck", "no shift")
    assert length.effect < -0.7 and length.p < 1e-9 and luck.p > 0.05
    (kind,) = card.categories
    assert kind.effect == pytest.approx(0.4, abs=0.1) and kind.p < 1e-9
    assert {one.value for one in kind.moved} == {"b", "a|<i>"}
    assert [one.column for one in card.clear()] == ["length", "kind"]
    assert ([t.word for t in card.words.more], [t.word for t in card.words.less]) == (["alpha"], ["gamma"])
    assert card.words.more[0].a == pytest.approx(1000 / 3, abs=0.01) and card.words.more[0].b == 0
    assert card.words.divergence > 5 * card.words.by_chance > 0
    # Within each half ten texts stand twice.
    assert (card.a.repeats, card.b.repeats, card.common, card.a.tokens) == (10, 10, 0, None)


def test_a_subset_is_tested_against_the_rest_of_what_holds_it(planted):
    whole, halves = scorecard(planted, HALF, ROWS, words=False), scorecard(planted, HALF, REST, words=False)
    assert (whole.common, whole.numbers[0].p) == (200, halves.numbers[0].p)
    assert whole.numbers[0].effect == pytest.approx(halves.numbers[0].effect / 2)
    # By chance a half differs less from the whole than from the other half.
    chance = [scorecard(planted, HALF, other).words.by_chance for other in (ROWS, REST)]
    assert 0 < chance[0] < 0.5 * chance[1]
    same = scorecard(planted, HALF, HALF)
    assert {one.effect for one in same.numbers} == {0} and same.words.divergence == 0 and same.clear() == ()


def test_a_random_half_shifts_nothing_and_its_words_differ_as_much_as_chance(planted):
    order = np.random.default_rng(3).permutation(400)
    card = scorecard(planted, order[:200], order[200:])
    assert card.clear() == () and card.words.more == card.words.less == ()
    assert card.words.divergence == pytest.approx(card.words.by_chance, rel=0.3)


def test_lines_hold_no_markup_of_the_corpus_and_json_no_number_that_is_none(planted):
    card = scorecard(planted, HALF, ROWS[:0], names=("early", "[x](y)"))
    assert json.loads(json.dumps(card.json(), allow_nan=False))["numbers"][0]["effect"] is None
    assert card.markdown()[0] == r"early: 200 rows; \[x\](y): 0 rows; in both 0."
    assert r"a\|\<i\>" in "\n".join(scorecard(planted, HALF, REST, words=False).markdown())


def test_repeats_come_from_pairs_where_there_are_any_and_tokens_where_they_were_counted(tmp_path):
    data = with_pairs(corpus(tmp_path, {"n": [0, 1, 2, 3]}), [(0, 1, 0.9), (2, 3, 0.9)], lowest=0.8)
    data = with_signal(data, "tokens", np.array([3, 4, 5, 6]))
    card = scorecard(data, np.array([0, 1, 2]), np.array([0, 2]), words=False)
    assert (card.repeats_by, card.a.repeats, card.b.repeats) == ("made", 1, 0)
    assert (card.a.tokens, card.b.tokens) == (12, 8)


def test_a_date_is_told_as_a_day(tmp_path):
    data = corpus(tmp_path, {"when": [date(2025, 1, 1 + i) for i in range(4)]})
    card = scorecard(data, np.array([0, 1, 2]), np.array([1, 2, 3]), words=False)
    assert card.text()[2].startswith("- when: median 2025-01-02 and 2025-01-03; ")


def test_effects_are_those_of_the_definition():
    # Of the four pairs, three are above and one is a tie.
    assert shifts.cliffs_delta(np.array([2.0, 3.0, np.nan]), np.array([1.0, 2.0])) == 0.75
    assert shifts.total_variation(np.array([3, 1]), np.array([1, 3])) == 0.5
    assert shifts.corrected([0.01, float("nan"), 0.02])[::2] == [0.02, 0.02]
    assert np.isnan(shifts.rank_p(np.array([]), np.array([1.0])))
    assert shifts.counts_p(np.array([10, 0, 1]), np.array([10, 0, 1])) == 1
    # All that one side says the other never does; a word that both say alike stands still.
    odds = shifts.log_odds(np.array([50, 0, 50]), np.array([0, 50, 50]), 10)
    assert odds[0] == -odds[1] > 4 and odds[2] == 0
