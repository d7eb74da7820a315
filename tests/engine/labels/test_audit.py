"""How many labels are wrong: intervals by hand, what they hold, and when it is enough."""

from math import comb

import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels import audit, depths, drawn, enough, falls_below, rate, still_needed, wrong_between


def test_the_interval_holds_each_number_of_wrong_rows_that_would_show_itself_so_at_least_1_time_in_40() -> None:
    """Of 20 rows 8 are judged, 2 are wrong: counted out over all numbers that there may be."""

    def chance(x: int, there: int) -> float:
        return comb(there, x) * comb(20 - there, 8 - x) / comb(20, 8)

    fits = [
        there
        for there in range(2, 15)
        if sum(chance(x, there) for x in range(2, 9)) > 0.025 and sum(chance(x, there) for x in range(3)) > 0.025
    ]
    assert wrong_between(2, 8, 20) == (fits[0], fits[-1])
    assert wrong_between(2, 20, 20) == (2, 2) and wrong_between(0, 20, 20) == (0, 0)
    some, nothing = rate(3, 100, 10_000), rate(0, 0, 20)
    assert (some.share, round(some.low, 4), round(some.high, 4)) == (0.03, 0.0063, 0.0849)
    assert (nothing.low, nothing.high) == (0, 1) and np.isnan(nothing.share)


def test_the_interval_holds_the_truth_in_95_of_100_audits_whatever_the_rate() -> None:
    """Not by chance: each outcome counts with how often it comes."""
    from scipy.stats import hypergeom

    for there in (1, 5, 30, 200):
        outcomes = np.arange(min(there, 50) + 1)
        ends = np.array([wrong_between(int(x), 50, 1000) for x in outcomes])
        held = (ends[:, 0] <= there) & (there <= ends[:, 1])
        assert hypergeom.pmf(outcomes, 1000, there, 50)[held].sum() >= 0.95


def test_classes_are_weighed_by_their_rows_where_each_was_drawn_as_often() -> None:
    """900 rows of a class without errors, 100 of one where half are wrong: 5 %, though half of 20 of 40 judged are."""
    codes = np.repeat([0, 1], [900, 100])
    rows = drawn(codes, 40, by_class=True, seed=1)
    assert np.bincount(codes[rows]).tolist() == [20, 20] and len(set(rows.tolist())) == 40
    wrong = np.zeros(40, bool)
    wrong[np.flatnonzero(codes[rows] == 1)[:10]] = True
    found = audit(codes, rows, wrong, by_class=True)
    assert found.overall.share == pytest.approx(0.05)
    assert found.overall.low < 0.05 < found.overall.high < 0.25
    assert [round(one.share, 3) for one in found.of_class] == [0, 0.5] and found.of_class[1].total == 100
    assert audit(codes, rows, wrong).overall.share == 0.25
    # A class of which each row was judged, and nothing left to judge: no doubt is left.
    whole = np.flatnonzero(codes >= 0)
    done = audit(codes, whole, codes == 1, by_class=True).overall
    assert (done.low, done.high) == (0.1, 0.1)


def test_any_beginning_of_a_draw_is_one_and_rows_without_a_label_are_not_in_it() -> None:
    codes = np.array([0, 0, 0, -1, 1, 2, 0, 1])
    assert 3 not in drawn(codes, 8) and len(drawn(codes, 8)) == 7
    assert drawn(codes, 8, seed=3)[:4].tolist() == drawn(codes, 4, seed=3).tolist()
    assert sorted(codes[drawn(codes, 3, by_class=True)].tolist()) == [0, 1, 2]
    for rows, said in (([1, 1], "twice"), ([3], "no label")):
        with pytest.raises(EngineError, match=said):
            audit(codes, np.array(rows), np.zeros(len(rows), bool))


def test_it_is_enough_when_the_interval_is_narrow_and_what_is_needed_is_said_before() -> None:
    now = rate(5, 100, 10_000)
    more = still_needed(now, 0.05)
    assert not enough(now, 0.05) and 200 < more < 300
    assert enough(rate(round(0.05 * (100 + more)), 100 + more, 10_000), 0.05)
    assert still_needed(rate(3, 10, 10), 0.01) == 0


def test_a_list_is_worth_less_further_down_and_the_place_is_said() -> None:
    wrong = np.r_[np.ones(40), np.zeros(20)].astype(bool)
    found = depths(np.arange(60), wrong)
    assert found.precision[[0, 39, 59]].tolist() == pytest.approx([1, 1, 2 / 3])
    assert (found.low == found.precision).all() and (found.high == found.precision).all()  # each row was judged
    assert found.recent[59] == pytest.approx(30 / 50) and found.recent_low[59] < 0.6 < found.recent_high[59]
    assert falls_below(found, 0.5) == 40 and falls_below(depths(np.arange(40), wrong[:40]), 0.5) is None
    # Five misses, then five finds: one half together, so the end comes after them.
    up_again = np.r_[np.ones(30), np.zeros(5), np.ones(5), np.zeros(20)].astype(bool)
    assert falls_below(depths(np.arange(60), up_again), 0.5) == 40
    # Every second row: what was left out is not known, so the interval is open.
    some = depths(np.arange(0, 60, 2), wrong[::2])
    assert some.low[-1] < 2 / 3 < some.high[-1] and some.place[-1] == 58
    assert falls_below(depths(np.arange(19), np.zeros(19, bool)), 0.5) is None
    # One label that is right at the end is no end of the list.
    assert falls_below(depths(np.arange(31), np.r_[np.ones(30), 0].astype(bool)), 0.5) is None


def test_what_nobody_could_tell_is_held_by_the_interval_either_way() -> None:
    codes = np.zeros(1000, np.int64)
    rows, wrong = np.arange(60), np.arange(60) < 6
    found = audit(codes, rows, wrong, untold=np.arange(60, 100)).overall
    assert (found.share, found.judged, found.untold) == (0.1, 60, 40)
    assert found.low == rate(6, 100, 1000).low and found.high == rate(46, 100, 1000).high
