"""Rows drawn by weight: how often, in what order, and what is left for last."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.recipe.selectors.plain.weighted import weighted
from engine.registry import Budget
from tests.engine.small import corpus

NONE = np.empty(0, np.int64)


def picked(data: Dataset, k: int, **params: object) -> list[int]:
    return weighted(data, data.rows(), NONE, budget=Budget(k), column="w", **params).rows.tolist()  # type: ignore[arg-type]


def first_of(data: Dataset, **params: object) -> np.ndarray:
    """How often each row is drawn first and second, of 4,000 draws of two."""
    draws = np.array([picked(data, 2, seed=seed, **params) for seed in range(4000)])
    return np.stack([np.bincount(draws[:, at], minlength=data.n) for at in (0, 1)]) / 4000


def test_rows_are_drawn_one_after_the_other_in_proportion_to_what_is_left(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"w": [1.0, 2.0, 3.0]})
    first = [1 / 6, 2 / 6, 3 / 6]
    # By what came first: a row of weight 2 comes second after 1 (2 of the 5 left) or after 3 (2 of the 3 left).
    second = [2 / 6 * 1 / 4 + 3 / 6 * 1 / 3, 1 / 6 * 2 / 5 + 3 / 6 * 2 / 3, 1 / 6 * 3 / 5 + 2 / 6 * 3 / 4]
    assert first_of(data) == pytest.approx(np.array([first, second]), abs=0.025)


def test_low_values_are_drawn_more_often_on_demand(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"w": [1, 2, 4]})
    assert first_of(data, favour="low")[0] == pytest.approx([4 / 7, 2 / 7, 1 / 7], abs=0.025)


def test_rows_without_weight_come_when_nothing_else_is_left_and_are_counted(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"w": [0.0, 1e-300, None, -2.0, 1e300]})
    for favour in ("high", "low"):
        for seed in range(5):
            found = weighted(data, data.rows(), NONE, budget=Budget(4), column="w", favour=favour, seed=seed)  # type: ignore[arg-type]
            assert set(found.rows[:2].tolist()) == {1, 4} and set(found.rows[2:].tolist()) < {0, 2, 3}
            assert found.notes == {"without": 2}


def test_a_larger_budget_keeps_what_a_smaller_one_kept(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"w": [1.0, 5.0, 2.0, 8.0]})
    assert picked(data, 4, seed=3)[:2] == picked(data, 2, seed=3)
    assert len({tuple(picked(data, 4, seed=seed)) for seed in range(9)}) > 1
