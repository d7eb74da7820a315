"""The grid on which vectors are stored, and why similarities on it are exact.

A vector is kept as int16 integers, value = integer / 2048. A product of two values is a multiple of 2^-22, and every
partial sum of an inner product of two unit vectors stays below 2^2, so it fits the 24 bits of a float32 mantissa: the
same number on every CPU, with every BLAS, thread count and order of summation.
"""

import hashlib

import numpy as np

GRID = 2048
PRODUCT_GRID = GRID * GRID


def to_float(block: np.ndarray) -> np.ndarray:
    """Turn grid integers, int16 (b, d), into float32 values of the same shape. The result is exact."""
    return np.asarray(block, dtype=np.float32) / np.float32(GRID)


def to_grid(vectors: np.ndarray) -> np.ndarray:
    """Scale rows, float or int (m, d), to unit length and round them to the grid: int16 (m, d), C order.

    A zero row stays zero. Computed in float64, half rounds to even; a row's result depends on that row alone.
    """
    if vectors.size == 0:
        return np.zeros(vectors.shape, np.int16)
    exact = np.array(vectors, np.float64, order="C")
    # A power of two brings every row near 1 without rounding, so that no square overflows or vanishes.
    _, exponent = np.frexp(np.abs(exact).max(axis=1, keepdims=True))
    exact = np.ldexp(exact, -exponent)
    length = np.sqrt((exact * exact).sum(axis=1, keepdims=True))
    exact /= np.where(length > 0, length, 1.0)
    return np.clip(np.rint(exact * GRID), -GRID, GRID).astype(np.int16)


def check_grid(vectors: np.ndarray) -> np.ndarray:
    """Return the array if it is int16 (m, d), else raise ValueError with what it is."""
    if vectors.ndim != 2 or vectors.dtype != np.int16:
        raise ValueError(f"vectors must be int16 (m, d) on the grid, got {vectors.dtype} {vectors.shape}")
    return vectors


def digest(vectors: np.ndarray, *, block_rows: int = 65536) -> str:
    """SHA-256 of shape and content of grid vectors, read block by block. A stored index names the vectors it is for."""
    sha = hashlib.sha256(f"{vectors.shape[0]}x{vectors.shape[1]}:int16le;".encode())
    for start in range(0, len(vectors), block_rows):
        sha.update(np.ascontiguousarray(vectors[start : start + block_rows], dtype="<i2").tobytes())
    return sha.hexdigest()
