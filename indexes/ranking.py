"""One order for all neighbours: similarity descending, ties by row number, also at the last rank.

A (similarity, row) pair becomes one int64 key whose ascending order is that order, so that sorting, merging and cutting
lists of neighbours are plain integer sorts.
"""

import numpy as np

from indexes.grid import PRODUCT_GRID

PAD = np.int64(np.iinfo(np.int64).max)
_ROW_BITS = 32
_ROW_MASK = np.int64((1 << _ROW_BITS) - 1)


def pack(similarities: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Keys, int64, of exact similarities (float32) and row numbers (below 2^32; negative = no neighbour)."""
    level = np.rint(similarities * np.float32(PRODUCT_GRID)).astype(np.int64)
    return np.where(rows < 0, PAD, (-level << _ROW_BITS) | rows)


def unpack(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers (int64, -1 where there is none) and similarities (float32, 0 where there is none) of keys."""
    empty = keys == PAD
    rows = np.where(empty, -1, keys & _ROW_MASK)
    level = np.where(empty, 0, -(keys >> _ROW_BITS))
    return rows, (level / PRODUCT_GRID).astype(np.float32)


def levels(keys: np.ndarray) -> np.ndarray:
    """The similarity part of keys alone: equal exactly where similarities are equal, smaller where more similar."""
    return keys >> _ROW_BITS


def widen(keys: np.ndarray, width: int) -> np.ndarray:
    """Exactly `width` columns of sorted keys: cut, or filled up with PAD."""
    if keys.shape[1] >= width:
        return keys[:, :width]
    return np.pad(keys, ((0, 0), (0, width - keys.shape[1])), constant_values=PAD)
