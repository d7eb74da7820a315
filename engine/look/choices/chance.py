"""What chance alone would give, and whether a choice lies outside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

Verdict = Literal["better than random", "no better than random on this", "worse than random", "not measured"]
SURE = 0.95
"""Of so many further draws the band holds, by Student's t."""
CLOSE = 1e-6
"""Figures that differ by less, in proportion, are equal: they were rounded on the way."""


@dataclass(frozen=True)
class Band:
    """What random choices gave. low, high: where 19 of 20 further ones would lie, and at least all that were drawn.

    middle: their mean. draws: how many were drawn.
    """

    low: float
    middle: float
    high: float
    draws: int


def band(values: Sequence[float] | np.ndarray, ends: tuple[float, float] = (-np.inf, np.inf)) -> Band:
    """The band of some figures of random choices; NaN are left out, and of fewer than two it is NaN.

    ends: the least and the most that such a figure can be.

    A prediction interval: it does not grow narrow with the draws, as one more random choice has its own luck.

    >>> [round(end, 2) for end in (band([1.0, 2.0, 3.0]).low, band([1.0, 2.0, 3.0]).high)]
    [-2.97, 6.97]
    """
    from scipy.special import stdtrit  # Student's t; all of scipy.stats takes a second to load

    found = np.asarray(values, np.float64)
    found = found[~np.isnan(found)]
    n = len(found)
    if n < 2:
        return Band(float("nan"), float(found.mean()) if n else float("nan"), float("nan"), n)
    half = float(stdtrit(n - 1, (1 + SURE) / 2) * found.std(ddof=1) * np.sqrt(1 + 1 / n))
    middle = float(found.mean())
    low, high = min(middle - half, float(found.min())), max(middle + half, float(found.max()))
    return Band(max(low, ends[0]), middle, min(high, ends[1]), n)


def verdict(value: float, chance: Band, *, lower_is_better: bool = False) -> Verdict:
    """Where a figure lies beside chance, in plain words."""
    if np.isnan(value) or np.isnan(chance.low):
        return "not measured"
    room = CLOSE * max(abs(chance.low), abs(chance.high), 1e-9)
    above, below = value > chance.high + room, value < chance.low - room
    if lower_is_better:
        above, below = below, above
    if above:
        return "better than random"
    return "worse than random" if below else "no better than random on this"


def random_draws(rows: np.ndarray, k: int, draws: int, seed: int) -> list[np.ndarray]:
    """Several random choices of k of the rows, in random order; int64 each."""
    return [np.random.default_rng([seed, CHANCE, i]).permutation(rows)[:k] for i in range(draws)]


CHANCE = 1_000_081
# A stream of its own: with that of the selector `random`, a random choice would be laid beside itself.
