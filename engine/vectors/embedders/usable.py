"""What embedders do with exact vectors; the grid itself, and why it is exact, stand in `indexes.grid`."""

from collections.abc import Sequence

import numpy as np

from indexes import GRID, to_grid

__all__ = ["GRID", "first_bad", "join", "similarity", "to_grid"]


def first_bad(vectors: np.ndarray) -> tuple[int, str] | None:
    """The first row that cannot be a direction, and why: it holds NaN, it is infinite, or it is all zero."""
    finite = np.isfinite(vectors).all(axis=1)
    bad = ~finite | ~vectors.any(axis=1)
    if not bad.any():
        return None
    row = int(np.argmax(bad))
    if finite[row]:
        return row, "is all zero, which has no direction"
    return row, "holds NaN" if np.isnan(vectors[row]).any() else "holds an infinite value"


def similarity(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """float32 (p, q): the exact similarity of int16 grid vectors (p, d) and (q, d)."""
    return (a.astype(np.float32) @ b.astype(np.float32).T) / np.float32(GRID * GRID)


def join(parts: Sequence[np.ndarray], dimension: int) -> np.ndarray:
    """One int16 (k, d) from several; empty when there are none."""
    return np.concatenate(parts) if parts else np.zeros((0, dimension), np.int16)
