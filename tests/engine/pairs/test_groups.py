"""Groups: a row that stays with those that go for it, and the curve over thresholds."""

import numpy as np

from engine.dataset import Pairs
from engine.pairs import curve, group_sizes, grouped

CHAIN = Pairs(
    np.array([0, 1, 2, 3, 3, -1], np.int32),
    np.array([0, 1], np.int32),
    np.array([1, 2], np.int32),
    np.array([0.9, 0.8], np.float32),
)
"""Rows 0, 1, 2 hang together over 1; rows 3 and 4 are equal; row 5 is compared with nothing."""


def test_a_group_holds_rows_that_are_like_the_one_that_stays_not_like_each_other() -> None:
    found = [grouped(CHAIN, t) for t in (0.95, 0.85, 0.8)]
    assert [(g.groups, g.repeats.tolist(), g.largest) for g in found] == [(1, [4], 2), (2, [1, 4], 2), (2, [1, 4], 2)]
    assert found[1].sizes == {0: 2, 3: 2}
    assert [part.tolist() for part in found[1].of(0)] == [[0, 1], [1.0, np.float32(0.9)]]


def test_with_another_row_wanted_first_the_group_gets_larger() -> None:
    found = grouped(CHAIN, 0.8, np.array([1, 0, 2, 3, 4, 5]))
    assert found.sizes == {1: 3, 3: 2} and found.of(1)[0].tolist() == [1, 2, 0]


def test_the_size_of_its_group_is_a_value_of_each_row() -> None:
    assert group_sizes(CHAIN, grouped(CHAIN, 0.8)).tolist() == [2, 2, 1, 2, 2, 0]


def test_the_curve_gives_rows_that_go_and_groups_at_each_hundredth() -> None:
    found = {t: (rows, groups) for t, rows, groups in curve(CHAIN, 0.7)}
    assert list(found) == [round(0.7 + i / 100, 2) for i in range(31)]
    assert (found[0.7], found[0.9], found[0.91], found[1.0]) == ((2, 2), (2, 2), (1, 1), (1, 1))
