"""How far two sets of vectors lie apart: the Fréchet distance of Gaussians without covariances.

In full it wants a covariance matrix, which a few hundred examples of some hundred numbers each do not give. Here each
number stands for itself: the squared distance of the means, and of the standard deviations.
"""

import math
from dataclasses import dataclass

import numpy as np

from indexes import GRID


@dataclass(frozen=True)
class Moments:
    """count; total and squares: int64 (d,), sums of the grid values and of their squares: exact in any order."""

    count: int
    total: np.ndarray
    squares: np.ndarray

    @staticmethod
    def of(grid: np.ndarray) -> "Moments":
        """Of grid vectors, int16 (m, d)."""
        whole = grid.astype(np.int64)
        return Moments(len(grid), whole.sum(axis=0), (whole * whole).sum(axis=0))

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.count + other.count, self.total + other.total, self.squares + other.squares)

    def mean_and_spread(self) -> tuple[np.ndarray, np.ndarray]:
        """float64 (d,) each: mean and standard deviation, in the units of the vectors."""
        mean = self.total / (max(1, self.count) * GRID)
        return mean, np.sqrt(np.maximum(self.squares / (max(1, self.count) * GRID * GRID) - mean * mean, 0))


def frechet(a: Moments, b: Moments) -> float:
    """The distance; 0 for two sets of the same means and spreads."""
    (mean, spread), (other_mean, other_spread) = a.mean_and_spread(), b.mean_and_spread()
    # fsum is rounded once: the same on every machine, whatever its vector unit.
    return math.fsum([*np.square(mean - other_mean).tolist(), *np.square(spread - other_spread).tolist()])


def nearest_prefix(parts: list[Moments], target: Moments, least: int) -> tuple[np.ndarray, list[float], list[float]]:
    """The parts that together lie nearest to the target: int64, nearest first.

    They are put in the order of their own distance; of all beginnings of that order that hold `least` vectors or more
    the one nearest to the target is taken, the shortest of equals. Also the distances of the parts in that order, and
    those of the beginnings.
    """
    each = [frechet(part, target) for part in parts]
    order = np.argsort(each, kind="stable")
    so_far, together, counts = None, list[float](), list[int]()
    for at in order.tolist():
        so_far = parts[at] if so_far is None else so_far + parts[at]
        together.append(frechet(so_far, target))
        counts.append(so_far.count)
    fits = np.array(counts) >= min(least, counts[-1]) if counts else np.empty(0, bool)
    length = int(np.argmin(np.where(fits, together, np.inf))) + 1 if counts else 0
    return order[:length], [each[at] for at in order.tolist()], together
