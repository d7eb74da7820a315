"""The order in which rows are wanted, by a column or as they stand."""

import numpy as np

from engine.dataset import Dataset


def wanted_first(
    data: Dataset, rows: np.ndarray, by: str | None, keep: str, chosen: np.ndarray | None = None
) -> np.ndarray:
    """Places in `rows`, which ascend: the row to keep first, ties by the order of the rows, missing values last.

    by: a column, None for the order of the rows; keep: `first` for the lowest, `last` for the highest. chosen: int64,
    rows that are wanted before all others.
    """
    order = _by_column(data, rows, by, keep)
    if chosen is None or not len(chosen):
        return order
    return order[np.argsort(~np.isin(rows[order], chosen), kind="stable")]


def _by_column(data: Dataset, rows: np.ndarray, by: str | None, keep: str) -> np.ndarray:
    if by is None:
        return np.arange(len(rows)) if keep == "first" else np.arange(len(rows))[::-1]
    if data.info(by).type in ("integer", "number", "boolean", "date"):
        values = data.numbers(by, rows)
    else:
        codes, labels = data.codes(by, rows)
        place = np.empty(len(labels) + 1)
        place[np.argsort(np.array(labels, object), kind="stable")] = np.arange(len(labels), dtype=float)
        place[-1] = np.nan  # the code of a missing value is -1
        values = place[codes]
    return np.argsort(values if keep == "first" else -values, kind="stable")


def rank_in_group(codes: np.ndarray) -> np.ndarray:
    """int64: how many rows of the same group stand before each, from 0; codes: int, one a row, in their order.

    >>> import numpy as np
    >>> rank_in_group(np.array([7, 3, 7, 7, 3])).tolist()
    [0, 0, 1, 2, 1]
    """
    order = np.argsort(codes, kind="stable")
    _, start, size = np.unique(codes[order], return_index=True, return_counts=True)
    rank = np.empty(len(codes), np.int64)
    rank[order] = np.arange(len(codes)) - np.repeat(start, size)
    return rank
