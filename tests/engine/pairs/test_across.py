"""Texts of two parts that mean nearly the same are found by exact search."""

from pathlib import Path

import numpy as np
import pytest

from engine.pairs.across import near_across
from tests.engine.small import circle, corpus, embedded


@pytest.mark.parametrize(("threshold", "found"), [(0.99, 1), (0.9999, 0), (-1.0, 3)])
def test_a_text_counts_where_another_part_has_one_so_near(tmp_path: Path, threshold: float, found: int) -> None:
    # 0 and 3 degrees have a cosine of 0.9986; the other two are far from all.
    data = corpus(tmp_path, {"n": [0, 1, 2, 3, 4, 5]})
    data = embedded(data, circle([0, 90, 180, 3, 225, 300]), graph=False)
    part = np.array([0, 0, 0, 1, 1, 1])
    assert near_across(data.embedding("given"), threshold, np.arange(6), part) == found


def test_within_one_part_and_in_none_nothing_is_looked_for(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2]}), circle([0, 1, 2]), graph=False)
    assert near_across(data.embedding("given"), 0.9, np.arange(3), np.array([0, 0, -1])) == 0


def test_a_text_that_stands_in_two_parts_counts(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2]}), circle([0, 0, 90]), graph=False)
    assert near_across(data.embedding("given"), 0.9, np.arange(3), np.array([0, 1, 1])) == 1
