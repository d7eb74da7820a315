"""Two thresholds at once, on rows that can be counted by eye."""

from pathlib import Path

import numpy as np
import pytest

from engine.look import Side, trade_offs
from engine.recipe import Recipe, run
from tests.engine.small import corpus


def test_every_pair_of_cuts_counts_what_stays_and_the_mean_of_the_others(tmp_path: Path) -> None:
    rows = {
        "text": list("abcdef"),
        "a": [1, 2, 3, 4, 5, None],
        "b": [5, 4, 3, 2, 1, 9],
        "c": [1.0, None, 3.0, 4.0, 5.0, 6.0],
    }
    data = corpus(tmp_path, rows)
    grid = trade_offs(data, np.ones(6, bool), Side("a"), Side("b", "at most"), ["c"], cuts=1)
    assert (grid.first[1:].tolist(), grid.second[1:].tolist(), grid.rows) == ([3], [4], 5)
    assert grid.stay.tolist() == [[5, 4], [3, 3]]
    assert grid.means["c"].tolist() == [[13 / 4, 4], [4, 4]]
    assert [s.sentence() for s in grid.steps(1, 1)] == [
        "Keep rows whose a is at least 3 or missing.", "Keep rows whose b is at most 4 or missing.",
    ]  # fmt: skip
    assert grid.steps(0, 0) == ()


@pytest.mark.parametrize("first", ["at least", "at most"])
@pytest.mark.parametrize("second", ["at least", "at most"])
def test_the_grid_counts_what_the_steps_leave(first: str, second: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    values = {"a": rng.integers(0, 9, 300).tolist(), "b": rng.normal(size=300).tolist()}
    data = corpus(tmp_path, {"text": ["t"] * 300, **values})
    left = rng.random(300) < 0.8
    grid = trade_offs(data, left, Side("a", first), Side("b", second))
    for at, beside in ((0, 3), (4, 0), (3, 5), (len(grid.first) - 1, len(grid.second) - 1)):
        kept = run(data, Recipe(steps=grid.steps(at, beside))).mask & left
        assert grid.stay[at, beside] == kept.sum()
    assert (np.diff(grid.stay, axis=0) <= 0).all() and (np.diff(grid.stay, axis=1) <= 0).all()


def test_an_infinite_value_is_no_cut(tmp_path: Path) -> None:
    values = [float("inf")] * 5 + [1.0, 2.0, 3.0, 4.0, 5.0]
    data = corpus(tmp_path, {"text": ["t"] * 10, "a": values, "b": list(range(10))})
    grid = trade_offs(data, np.ones(10, bool), Side("a"), Side("b"))
    assert np.isfinite(grid.first[1:]).all()
    assert run(data, Recipe(steps=grid.steps(len(grid.first) - 1, 0))).mask.sum() == grid.stay[-1, 0]


def test_a_grid_of_no_rows_and_of_one_value_is_a_grid(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"], "a": [7, 7], "b": [1.0, None]})
    assert trade_offs(data, np.zeros(2, bool), Side("a"), Side("b"), ["a"]).stay.tolist() == [[0]]
    grid = trade_offs(data, np.ones(2, bool), Side("a"), Side("b"), ["a"])
    assert (grid.stay.tolist(), grid.rows) == ([[1, 1], [1, 1]], 1)
