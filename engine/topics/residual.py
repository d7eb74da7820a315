"""Take out of the vectors what a column already says, so that topics show what it does not."""

from dataclasses import replace

import numpy as np

from engine.dataset import Dataset, Vectors
from engine.topics.areas import topic_sums

_SMALLEST_GROUP = 5
_BLOCK_ROWS = 16384


def factor_out(grid: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Grid vectors without the mean of their group, scaled to unit length again: int16 (m, d).

    grid: int16 (m, d). codes: the group of each node, int (m,), negative for none. Groups of fewer than 5 nodes, and
    nodes of no group, are taken together: a mean of so few would take out the text itself. A vector that equals its
    group's mean has nothing left and becomes zero.
    """
    import indexes

    groups = np.where(codes < 0, codes.max(initial=-1) + 1, codes).astype(np.int64)
    sizes = np.bincount(groups, minlength=1)
    groups = np.where(sizes[groups] < _SMALLEST_GROUP, len(sizes), groups)
    sizes = np.bincount(groups, minlength=len(sizes) + 1)
    means = topic_sums(grid, groups, topics=len(sizes)) / np.maximum(sizes, 1)[:, None]
    left = np.empty(grid.shape, dtype=np.int16)
    for start in range(0, len(grid), _BLOCK_ROWS):
        part = slice(start, start + _BLOCK_ROWS)
        left[part] = indexes.to_grid(np.asarray(grid[part], dtype=np.float64) - means[groups[part]])
    return left


def without_column(data: Dataset, vectors: Vectors, column: str) -> Vectors:
    """The vectors without what a column says; a node belongs to the group of its first row."""
    codes, _ = data.codes(column)
    return replace(vectors, grid=factor_out(vectors.grid, codes[vectors.texts.first]))
