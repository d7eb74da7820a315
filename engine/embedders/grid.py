"""Exact vectors: unit vectors on an int16 grid, whose similarities are the same number on every machine.

A value is an integer / 2048. A product is then a multiple of 2^-22, and the sum of a unit inner product fits the
mantissa of a float32: no rounding, so no order of summation, thread count or CPU can change it.
"""

from collections.abc import Sequence

import numpy as np

GRID = 2048


def to_grid(vectors: np.ndarray) -> np.ndarray:
    """Round vectors to unit length on the grid.

    vectors: float or int (k, d), finite, no zero rows (see `first_bad`). Returns int16 (k, d), C order.
    Computed in float64, half rounds to even; a vector's result depends on that vector alone.
    """
    if len(vectors) == 0:
        return np.zeros(vectors.shape, np.int16)
    exact = np.array(vectors, np.float64, order="C")
    # A power of two brings every row near 1 without rounding, so that no square overflows or vanishes.
    _, exponent = np.frexp(np.abs(exact).max(axis=1, keepdims=True))
    exact = np.ldexp(exact, -exponent)
    exact /= np.sqrt((exact * exact).sum(axis=1, keepdims=True))
    return np.clip(np.rint(exact * GRID), -GRID, GRID).astype(np.int16)


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
