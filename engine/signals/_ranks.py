"""Ranks among all rows, and their weighted mean."""

from collections.abc import Sequence

import numpy as np


def ranks(values: np.ndarray) -> np.ndarray:
    """float64: the share of numbers that are less, equal ones counting half; NaN for NaN.

    >>> import numpy as np
    >>> ranks(np.array([3.0, 1.0, np.nan, 3.0])).round(3).tolist()
    [0.667, 0.167, nan, 0.667]
    """
    order = np.argsort(values)[: np.count_nonzero(~np.isnan(values))]  # NaN comes last
    ordered = values[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])
    sizes = np.diff(np.r_[first, len(ordered)])
    found = np.full(len(values), np.nan)
    found[order] = np.repeat(first + sizes / 2, sizes) / max(len(ordered), 1)
    return found


def weighted_mean(columns: Sequence[np.ndarray], weights: Sequence[float]) -> np.ndarray:
    """float64 (n,): the weighted mean of ranks, 0 to 1. columns: float64 (n,), NaN for none.

    A negative weight turns a rank round; a row without a rank in a column counts by the others, and is NaN where it
    has none that weighs anything.

    >>> import numpy as np
    >>> first, second = np.array([0.25, 0.75, np.nan]), np.array([1.0, 0.0, 0.5])
    >>> weighted_mean([first, second], [3.0, -1.0]).tolist()
    [0.1875, 0.8125, 0.5]
    """
    total, whole = np.zeros(len(columns[0])), np.zeros(len(columns[0]))
    for column, weight in zip(columns, weights, strict=True):
        if weight:
            there = ~np.isnan(column)
            np.add(total, weight * column + max(-weight, 0), out=total, where=there)
            np.add(whole, abs(weight), out=whole, where=there)
    return np.divide(total, whole, out=np.full(len(total), np.nan), where=whole > 0)
