"""The directions that some vectors span, and how much of a vector lies in them."""

import numpy as np

SMALLEST = 1e-3
"""A direction counts from this part of the strongest one on: below it is rounding."""


def basis(vectors: np.ndarray, most: int) -> np.ndarray:
    """float64 (r, d): orthonormal directions of unit vectors (k, d), the strongest `most` of them."""
    _, strength, directions = np.linalg.svd(vectors, full_matrices=False)
    return np.asarray(directions[:most][strength[:most] > SMALLEST * strength.max(initial=0)])


def shares(vectors: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """float64 (n,): the length of each unit vector's part in the directions, 0 to 1.

    >>> import numpy as np
    >>> shares(np.array([[1.0, 0.0, 0.0], [0.6, 0.0, 0.8]]), np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])).tolist()
    [1.0, 0.6]
    """
    return np.asarray(np.minimum(np.linalg.norm(vectors @ directions.T, axis=1), 1.0))


def left_out(vectors: np.ndarray, most: int) -> np.ndarray:
    """float64 (k,): how much of each vector lies in the directions of all the others; NaN for one alone."""
    if len(vectors) < 2:
        return np.full(len(vectors), np.nan)
    rest = (np.delete(vectors, i, axis=0) for i in range(len(vectors)))
    return np.array([shares(vectors[i : i + 1], basis(some, most))[0] for i, some in enumerate(rest)])
