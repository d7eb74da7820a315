"""A weighted score while its weights move: who is highest, who is lowest, and what the score goes with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.look.cuts import beside_cut
from engine.signals import ranks, weighted_mean

SAMPLE = 10_000
"""Rows that correlations are counted on, spread evenly."""


@dataclass(frozen=True)
class Weighed:
    """A score by some weights among the rows left.

    score: float64 (n,), of all rows, 0 to 1, NaN for none. highest, lowest: int64, rows left, the outermost first; of
    equal ones the first rows. correlations: Spearman's of each column with the score, -1 to 1, NaN where one of them
    has a single value. missing: rows left without a score.
    """

    score: np.ndarray
    highest: np.ndarray
    lowest: np.ndarray
    correlations: Mapping[str, float]
    missing: int


def weighed(data: Dataset, left: np.ndarray, weights: Mapping[str, float], most: int = 10) -> Weighed:
    """Score rows by the weight of each column, as the signal `weighted_score` does. left: bool (n,), the rows left.

    Ranks of columns are kept: another weight costs a weighted mean over all rows, not a sort.
    """
    columns = {name: _ranks(data, name) for name in weights}
    score = weighted_mean(list(columns.values()), list(weights.values()))
    rows = np.flatnonzero(left & ~np.isnan(score))
    some = rows[np.unique(np.linspace(0, len(rows) - 1, min(SAMPLE, len(rows))).astype(np.int64))]
    return Weighed(
        score,
        beside_cut(score, rows, np.inf, above=False, most=most),
        beside_cut(score, rows, -np.inf, above=True, most=most),
        {name: spearman(values[some], score[some]) for name, values in columns.items()},
        int(np.count_nonzero(left)) - len(rows),
    )  # fmt: skip


def spearman(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's rank correlation over the places where both have a value, -1 to 1; NaN where one says nothing.

    >>> import numpy as np
    >>> spearman(np.array([1.0, 2.0, np.nan, 9.0]), np.array([3.0, 2.0, 5.0, 1.0]))
    -1.0
    """
    both = ~np.isnan(a) & ~np.isnan(b)
    x, y = (ranks(values[both]) for values in (a, b))
    x, y = x - x.mean() if len(x) else x, y - y.mean() if len(y) else y
    size = float(np.sqrt((x @ x) * (y @ y)))
    return round(float(x @ y) / size, 12) if size else float("nan")


def _ranks(data: Dataset, column: str) -> np.ndarray:
    info = data.info(column)
    key = f"ranks/{column}/{info.identity}/{data.fingerprint}"
    kept: np.ndarray = data._cache.get(key, lambda: ranks(data.numbers(column)))
    return kept
