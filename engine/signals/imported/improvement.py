"""Whether a row's series of numbers goes up, and how steadily: returns of episodes, scores of rounds."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset
from engine.registry import About, Bounds, Column, Help, Value, row_cost
from engine.signals.imported._numbers import numbers_in_order

ABOUT = About(
    title="Improvement and stability of a series",
    values={
        "improvement": Value("number", "end less beginning, by the range, -1 to 1"),
        "series_stability": Value("number", "0 to and fro to 1 even steps"),
    },
    cost=row_cost(50_000),
)


def improvement(
    data: Dataset,
    *,
    column: Annotated[
        Column, Help("Lists of numbers in their order, or the text of such lists; a log brings such a column.")
    ],
    window: Annotated[int, Bounds(1, 1000), Help("Numbers at each end whose mean counts; at most half of them.")] = 3,
    by: Annotated[
        Literal["its own range", "the range of all"],
        Help("Its own: each series by itself, a small rise in a flat one counts too. All: series of one scale."),
    ] = "its own range",
) -> dict[str, np.ndarray]:
    """Tell how far the series in {column} rises from its first {window} numbers to its last, by {by}, and how steadily.

    float64. improvement: the mean of the last numbers less that of the first, divided by the greatest less the least
    number; 0 for a series that never changes. series_stability: 1 less the standard deviation of the steps divided by
    their root mean square: 1 where each step is like the other (or none is), 0 where they cancel each other. Missing
    numbers are passed over. Both are missing for fewer than two numbers. Source: learning histories are kept by both
    (Chen et al. 2025).
    """
    found = {name: np.full(data.n, np.nan) for name in ABOUT.values}
    low, high = np.inf, -np.inf
    for start, row, value, count in numbers_in_order(data, column):
        size, enough = len(count), count > 1
        first = np.cumsum(count) - count
        place, ends = np.arange(len(row)) - first[row], np.minimum(window, count // 2)
        rise = _means(row, value, place >= (count - ends)[row], size) - _means(row, value, place < ends[row], size)
        least, most = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(least, row, value)
        np.maximum.at(most, row, value)
        low, high = min(low, least[enough].min(initial=np.inf)), max(high, most[enough].max(initial=-np.inf))
        part, span = slice(start, start + size), np.where(enough, most - least, 0)
        if by == "its own range":
            rise = np.divide(rise, span, out=np.where(enough, 0.0, np.nan), where=span > 0)
        found["improvement"][part] = rise
        found["series_stability"][part] = np.where(enough, _evenness(row, value, size), np.nan)
    if by == "the range of all" and high > low:
        found["improvement"] /= high - low
    return found


def _means(row: np.ndarray, value: np.ndarray, some: np.ndarray, size: int) -> np.ndarray:
    """float64: the mean of some numbers of each row, NaN for none."""
    count, total = np.bincount(row[some], minlength=size), np.bincount(row[some], value[some], minlength=size)
    return np.divide(total, count, out=np.full(size, np.nan), where=count > 0)


def _evenness(row: np.ndarray, value: np.ndarray, size: int) -> np.ndarray:
    """float64: 1 less the spread of the steps of each row by their size, 0 to 1; 1 where nothing moves."""
    same = row[1:] == row[:-1]
    row, step = row[1:][same], np.diff(value)[same]
    all_ = np.ones(len(row), bool)
    mean = np.nan_to_num(_means(row, step, all_, size))
    spread, whole = _means(row, (step - mean[row]) ** 2, all_, size), _means(row, step**2, all_, size)
    return 1 - np.sqrt(np.divide(spread, whole, out=np.zeros(size), where=whole > 0))
