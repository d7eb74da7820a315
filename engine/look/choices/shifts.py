"""How far a column differs between two sets of rows: effect sizes, and how surely it is no accident."""

from collections.abc import Sequence

import numpy as np

FEW = 5.0
"""Rows of a value to be expected on a side, below which it is counted together with other rare values."""


def cliffs_delta(a: np.ndarray, b: np.ndarray) -> float:
    """How much more often a number of `a` is above one of `b` than below, -1 to 1; 0 is no shift; NaN for no number.

    Made of ranks alone: no outlier and no unit moves it. Source: Cliff 1993. By custom 0.15 is small, 0.33 middling,
    0.47 large (Romano et al. 2006).

    >>> cliffs_delta(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.75
    """
    a, b = a[~np.isnan(a)], np.sort(b[~np.isnan(b)])
    if not len(a) or not len(b):
        return float("nan")
    below, until = np.searchsorted(b, a, "left"), np.searchsorted(b, a, "right")
    return float((below.sum() - (len(b) - until).sum()) / (len(a) * len(b)))


def size_words(delta: float) -> str:
    """A Cliff's delta in a word."""
    size = abs(delta)
    return "no shift" if size < 0.147 else "small" if size < 0.33 else "middling" if size < 0.474 else "large"


def rank_p(a: np.ndarray, b: np.ndarray) -> float:
    """How likely chance alone puts two sets of numbers so far apart (Mann and Whitney 1947); NaN where one is empty."""
    from scipy.stats import mannwhitneyu

    a, b = a[~np.isnan(a)], b[~np.isnan(b)]
    if not len(a) or not len(b):
        return float("nan")
    if a.min() == a.max() == b.min() == b.max():
        return 1.0
    return float(mannwhitneyu(a, b, alternative="two-sided").pvalue)


def counts_p(a: np.ndarray, b: np.ndarray) -> float:
    """How likely chance alone shares two sets out so differently over values (chi-squared); NaN where one is empty.

    a, b: int (values,), rows of each. Values too rare for the test count together.
    """
    from scipy.stats import chi2_contingency

    table = np.array([a, b], np.float64)[:, (a + b) > 0]
    if not table.sum(axis=1).all():
        return float("nan")
    share = table.sum(axis=1).min() / table.sum()
    rare = table.sum(axis=0) * share < FEW
    if rare.any():
        table = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)])
    return float(chi2_contingency(table, correction=False).pvalue) if table.shape[1] > 1 else 1.0


def total_variation(a: np.ndarray, b: np.ndarray) -> float:
    """The share of rows that would have to change their value for two sets to be alike, 0 to 1; NaN for an empty one.

    >>> total_variation(np.array([1, 1, 0]), np.array([1, 1, 2]))
    0.5
    """
    if not a.sum() or not b.sum():
        return float("nan")
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)


def corrected(p: Sequence[float]) -> list[float]:
    """What several questions at once make of how likely each answer is by chance; NaN stays, and does not count.

    Of those below 0.05 one in twenty at most is an accident. Source: Benjamini, Hochberg 1995.

    >>> [round(value, 3) for value in corrected([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    values = np.asarray(p, np.float64)
    there = np.flatnonzero(~np.isnan(values))
    order = there[np.argsort(values[there], kind="stable")]
    m = len(order)
    scaled = values[order] * m / np.arange(1, m + 1)
    found = values.copy()
    found[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1) if m else scaled
    return [float(v) for v in found]


def divergence(a: np.ndarray, b: np.ndarray, room: float = 0.5) -> float:
    """How many bits a word more it takes to tell A by how often B says each word (Kullback, Leibler); 0 for the same.

    a, b: int (words,), how often each stands there. room: what is added to each count, so that none is 0. NaN where one
    says nothing.

    >>> round(divergence(np.array([3, 1]), np.array([1, 3]), 0), 4)
    0.7925
    """
    if not a.sum() or not b.sum():
        return float("nan")
    p, q = (a + room) / (a + room).sum(), (b + room) / (b + room).sum()
    return float((p * np.log2(p / q))[p > 0].sum())


def log_odds(a: np.ndarray, b: np.ndarray, weight: float) -> np.ndarray:
    """float64 (words,): how surely A says each word more often than B, in standard errors; below 0 less often.

    a, b: int (words,), how often each stands there; weight: how many words of both together each side is believed to
    have said before it is looked at, so that rare words weigh little. Source: Monroe, Colaresi, Quinn 2008.
    """
    both = a + b
    prior = weight * both / max(float(both.sum()), 1.0)
    sides = []
    for y in (a, b):
        rest = y.sum() + weight - y - prior
        sides.append((y + prior, np.maximum(rest, 1e-9)))
    (mine, others), (theirs, rest_b) = sides
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log(mine / others) - np.log(theirs / rest_b)
        found = delta / np.sqrt(1 / mine + 1 / theirs)
    return np.nan_to_num(found)
