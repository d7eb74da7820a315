"""Classes as clouds of one shape: their means and what they share, from sums that are made once for all folds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

BLOCK, BLOCK_CELLS = 1 << 14, 1 << 23
SHRUNK = 0.1
"""How far the shape that all clouds share is drawn towards a ball: few rows tell it badly."""
Blocks = Callable[[np.ndarray], np.ndarray]
"""Rows -> their vectors, float32 (r, d)."""


@dataclass(frozen=True)
class Sums:
    """Of some labelled rows. count: float64 (K,). first: float64 (K, d), sums by class. second: float64 (d, d), the sum
    of outer products."""

    count: np.ndarray
    first: np.ndarray
    second: np.ndarray

    def plus(self, other: "Sums") -> "Sums":
        """The sums of both, no row of which is in the other."""
        return Sums(self.count + other.count, self.first + other.first, self.second + other.second)

    def without(self, other: "Sums") -> "Sums":
        """The sums of the rows that are not among the others."""
        return Sums(self.count - other.count, self.first - other.first, self.second - other.second)


@dataclass(frozen=True)
class Clouds:
    """A fitted model. weights: float32 (d, K); offsets: float32 (K,), -inf for a class without a row."""

    weights: np.ndarray
    offsets: np.ndarray

    def scores(self, vectors: np.ndarray) -> np.ndarray:
        """float32 (r, K): how much each class speaks for each vector, as the logarithm of a likelihood."""
        return np.asarray(vectors @ self.weights + self.offsets)


def sums(vectors: Blocks, rows: np.ndarray, codes: np.ndarray, classes: int) -> Sums:
    """The sums of some labelled rows. codes: int (r,), of these rows."""
    count, first, second = np.bincount(codes, minlength=classes).astype(np.float64), None, None
    for start, stop in blocks(len(rows)):
        x = vectors(rows[start:stop])
        one = by_class(x, codes[start:stop], classes)
        first, second = (one, x.T @ x) if first is None else (first + one, second + x.T @ x)
    if first is None or second is None:
        width = vectors(rows[:0]).shape[1]
        return Sums(count, np.zeros((classes, width)), np.zeros((width, width)))
    return Sums(count, first, second.astype(np.float64))


def by_class(x: np.ndarray, codes: np.ndarray, classes: int) -> np.ndarray:
    """float64 (K, d): the sum of the vectors of each class."""
    from scipy.sparse import csr_array

    which = csr_array((np.ones(len(codes), np.float32), (codes, np.arange(len(codes)))), shape=(classes, len(codes)))
    return np.asarray(which @ x, np.float64)


def clouds(found: Sums, *, shared: bool) -> Clouds:
    """The model of some sums. shared: the clouds have the shape that they share (linear discriminant analysis), else
    each direction counts by its own spread alone (Gaussian naive Bayes with one spread for all classes)."""
    there = found.count > 0
    means = found.first / np.maximum(found.count, 1)[:, None]
    rows = max(found.count.sum() - there.sum(), 1.0)
    within = (found.second - (means * found.count[:, None]).T @ means) / rows
    size = max(float(np.trace(within)) / len(within), 1e-12)
    if shared:
        shape = (1 - SHRUNK) * within + SHRUNK * size * np.eye(len(within))
        weights = np.linalg.solve(shape, means.T)
    else:
        spread = (1 - SHRUNK) * np.maximum(np.diag(within), 0) + SHRUNK * size
        weights = means.T / spread[:, None]
    offsets = np.log(np.maximum(found.count, 1e-300) / max(found.count.sum(), 1)) - (means * weights.T).sum(axis=1) / 2
    return Clouds(weights.astype(np.float32), np.where(there, offsets, -np.inf).astype(np.float32))


def blocks(rows: int, classes: int = 1) -> Iterator[tuple[int, int]]:
    """Where blocks of rows begin and end; smaller ones for many classes."""
    size = max(1, min(BLOCK, BLOCK_CELLS // max(classes, 1)))
    for start in range(0, rows, size):
        yield start, min(start + size, rows)
