"""Judged pairs: what of them is stored, which part is right, and pairs without those that are none."""

import numpy as np

from engine.dataset import Pairs
from engine.pairs import grouped, precision, similarities, told_apart

# Rows 0 and 1 share node 0, rows 2, 3, 4 have their own, row 5 is compared with nothing.
PAIRS = Pairs(
    np.array([0, 0, 1, 2, 3, -1], np.int32),
    np.array([0, 1], np.int32),
    np.array([1, 2], np.int32),
    np.array([0.9, 0.8], np.float32),
)


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_two_rows_are_as_similar_as_their_nodes_and_nothing_is_said_of_others() -> None:
    found = similarities(PAIRS, rows(2, 0, 1, 3, 5), rows(1, 1, 3, 2, 5))
    assert np.array_equal(found, np.array([0.9, 1.0, np.nan, 0.8, np.nan], np.float32), equal_nan=True)
    assert similarities(Pairs(PAIRS.of_row, *(part[:0] for part in (PAIRS.first, PAIRS.second, PAIRS.similarity))),
                        rows(0), rows(2)).tolist() != [0.9]  # fmt: skip


def test_precision_counts_two_nodes_once_at_the_threshold_or_above() -> None:
    first, second, same = rows(0, 1, 2, 0), rows(2, 2, 3, 1), np.array([True, False, True, True])
    found = [precision(PAIRS, first, second, same, t) for t in (0.8, 0.9, 0.95)]
    assert [(p.right, p.of) for p in found] == [(2, 3), (1, 2), (1, 1)]
    assert found[2].words(0.95) == "Of 1 judged pair at 0.95 or above, 1 is a duplicate: 100% (21 to 100%)."


def test_rows_told_apart_are_no_pair_and_what_is_said_holds_for_rows_equal_to_them() -> None:
    found = told_apart(PAIRS, rows(2), rows(1))
    assert grouped(found, 0.8).sizes == {0: 2, 2: 2}
    assert grouped(told_apart(PAIRS, rows(2, 1), rows(1, 0)), 0.8).sizes == {2: 2}


def test_nothing_judged_changes_nothing() -> None:
    assert told_apart(PAIRS, rows(), rows()) is PAIRS
    assert told_apart(PAIRS, rows(5), rows(0)).of_row.tolist() == PAIRS.of_row.tolist()
