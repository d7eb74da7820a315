"""How many labels are wrong: by rows drawn at random that a person judged, and along the list of suspects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import EngineError

SURE = 0.95
RECENT = 50
"""Rows judged last, by which it is told what the list is worth where one works now."""
SHOWN = 120
LEAST = 20
"""Rows judged along the list, below which nothing is said of where its precision falls."""


@dataclass(frozen=True)
class Rate:
    """A share of wrong labels, 0 to 1, with the interval that holds it 19 times of 20.

    wrong, judged: rows. total: the rows it is said of. untold: rows that were looked at and could not be told; the
    interval holds the truth whether these are right or wrong.
    """

    share: float
    low: float
    high: float
    wrong: int
    judged: int
    total: int
    untold: int = 0

    @property
    def width(self) -> float:
        """How wide the interval is."""
        return self.high - self.low


@dataclass(frozen=True)
class Audit:
    """The error rate of a column of labels: of all its rows, and of each label by its code."""

    overall: Rate
    of_class: tuple[Rate, ...]


@dataclass(frozen=True)
class Depths:
    """What a list of suspects was worth, depth by depth, as far as it was worked through.

    place: int64 (j,), places of the judged rows in the list, from 0. precision: float64 (j,), share of wrong labels
    among those judged so far; low, high: the interval of that share of all rows down to this place, which is the share
    itself where each of them was judged. recent, recent_low, recent_high: the same of the last 50 judged: what the rows
    here are worth.
    """

    place: np.ndarray
    precision: np.ndarray
    low: np.ndarray
    high: np.ndarray
    recent: np.ndarray
    recent_low: np.ndarray
    recent_high: np.ndarray


def drawn(codes: np.ndarray, n: int, *, by_class: bool = False, seed: int = 0) -> np.ndarray:
    """Rows to audit: int64 (up to n,), at random among those that have a label, in the order to judge them.

    codes: int (rows,), -1 for no label. by_class: as many of each class as there are rows for, so that rare classes can
    be told too; else each row alike. Stopping early is fine: any beginning of the list is such a sample.
    """
    rng = np.random.default_rng(seed)
    rows = rng.permutation(np.flatnonzero(codes >= 0))
    if not by_class:
        return rows[:n]
    order = np.argsort(codes[rows], kind="stable")
    first = np.r_[0, np.cumsum(np.bincount(codes[rows]))[:-1]]
    turn = np.empty(len(rows), np.int64)
    turn[order] = np.arange(len(rows)) - first[codes[rows[order]]]
    return rows[np.argsort(turn, kind="stable")][:n]


def audit(
    codes: np.ndarray, rows: np.ndarray, wrong: np.ndarray, *, untold: np.ndarray | None = None, by_class: bool = False
) -> Audit:
    """The error rate that an audit tells, overall and of each class.

    codes: int (n,), the labels, -1 for none. rows: int64 (j,), judged rows that `drawn` gave, each once; wrong: bool
    (j,). untold: int64, further rows of the draw that nobody could tell; the interval then goes from all of them right
    to all of them wrong, and the share is that of the others. by_class: as they were drawn. The interval holds the
    truth 19 times of 20 or more: by counting how likely so many would be from each number of wrong rows there may be
    (hypergeometric); by class, of the rates of all classes together, with the rows that the draw was worth. Raises
    `EngineError` for rows without a label, or twice.
    """
    if untold is not None and len(untold):
        none, all_ = np.zeros(len(untold), bool), np.ones(len(untold), bool)
        low, high = (audit(codes, np.r_[rows, untold], np.r_[wrong, more], by_class=by_class) for more in (none, all_))
        told = audit(codes, rows, wrong, by_class=by_class)
        three = zip(told.of_class, low.of_class, high.of_class, strict=True)
        return Audit(_either(told.overall, low.overall, high.overall), tuple(_either(*one) for one in three))
    if len(np.unique(rows)) < len(rows):
        raise EngineError("A row stands twice in the audit. Give one judgement a row.")
    if len(rows) and codes[rows].min() < 0:
        row = int(rows[np.argmax(codes[rows] < 0)])
        raise EngineError(f"Row {row:,} has no label, so it cannot be wrong. Audit rows that have one.")
    classes = int(codes.max(initial=-1)) + 1
    total = np.bincount(codes[codes >= 0], minlength=classes)
    judged = np.bincount(codes[rows], minlength=classes)
    bad = np.bincount(codes[rows], wrong, classes).astype(np.int64)
    each = tuple(rate(*three) for three in zip(bad.tolist(), judged.tolist(), total.tolist(), strict=True))
    plain = rate(int(bad.sum()), int(judged.sum()), int(total.sum()))
    return Audit(_together(bad, judged, total) if by_class else plain, each)


def _either(told: Rate, right: Rate, wrong: Rate) -> Rate:
    """What is told, with an interval from all that could not be told being right to all of it being wrong."""
    return replace(told, low=right.low, high=wrong.high, untold=right.judged - told.judged)


def rate(wrong: int, judged: int, total: int) -> Rate:
    """The share of wrong labels among `total` rows of which some were judged at random.

    Nothing judged says nothing: 0 to 1, and no share. All judged says it exactly.

    >>> found = rate(3, 100, 10_000)
    >>> found.share, round(found.low, 4), round(found.high, 4)
    (0.03, 0.0063, 0.0849)
    """
    if not judged:
        return Rate(float("nan"), 0.0, 1.0, 0, 0, total)
    low, high = wrong_between(wrong, judged, total)
    return Rate(wrong / judged, low / total, high / total, wrong, judged, total)


def wrong_between(wrong: int, judged: int, total: int, sure: float = SURE) -> tuple[int, int]:
    """The least and the most wrong rows that there may be among `total`, where so many of those judged were.

    The numbers from which so many, or so few, would come by chance more often than 1 in 40.
    """
    from scipy.stats import hypergeom

    rest = (1 - sure) / 2
    # Fewer wrong rows make many wrong ones in the draw less likely, and more make few less likely: search by halving.
    low, high = wrong - 1, total - (judged - wrong)
    while wrong and high - low > 1:
        middle = (low + high) // 2
        enough = hypergeom.sf(wrong - 1, total, middle, judged) > rest
        low, high = (low, middle) if enough else (middle, high)
    least = high if wrong else 0
    low, high = wrong, total - (judged - wrong) + 1
    while high - low > 1:
        middle = (low + high) // 2
        enough = hypergeom.cdf(wrong, total, middle, judged) > rest
        low, high = (middle, high) if enough else (low, middle)
    return int(least), int(low)


def _together(wrong: np.ndarray, judged: np.ndarray, total: np.ndarray) -> Rate:
    """The rate of all classes from draws of each, weighed by their rows; a class that nobody judged is as the others.

    The interval is that of as many rows drawn alike as the draw by class is worth: its variance, where each class's
    rate is drawn a little to that of all so that a class without a wrong row is not taken for sure.
    """
    seen = judged > 0
    rows, n = int(total.sum()), int(judged.sum())
    if not n:
        return rate(0, 0, rows)
    weight = total * seen / max(total[seen].sum(), 1)
    share = wrong / np.maximum(judged, 1)
    whole = float((weight * share).sum())
    toward = (wrong + whole) / (judged + 1)
    left = np.where(total > 1, (total - judged) / np.maximum(total - 1, 1), 0)
    spread = float((weight**2 * left * toward * (1 - toward) / np.maximum(judged, 1)).sum())
    alone = float((weight**2 * left / np.maximum(judged, 1)).sum())
    if alone == 0:
        return Rate(whole, whole, whole, int(wrong.sum()), n, rows)
    # Rows drawn alike that would tell as much: by the rates found, or were all rates alike. The lesser of both.
    worth = min(whole * (1 - whole) / spread if spread > 0 else np.inf, 1 / alone)
    low, high = _beta(whole * worth, worth)
    return Rate(whole, low, high, int(wrong.sum()), n, rows)


def _beta(wrong: float, judged: float) -> tuple[float, float]:
    """The interval of a share where rows are counted by what they are worth (Clopper and Pearson 1934)."""
    from scipy.stats import beta

    rest = (1 - SURE) / 2
    low = float(beta.ppf(rest, wrong, judged - wrong + 1)) if wrong > 0 else 0.0
    high = float(beta.ppf(1 - rest, wrong + 1, judged - wrong)) if wrong < judged else 1.0
    return low, high


def _betas(wrong: np.ndarray, judged: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`_beta` of several, float64 each."""
    from scipy.stats import beta

    rest = (1 - SURE) / 2
    low = np.where(wrong > 0, beta.ppf(rest, np.maximum(wrong, 1), judged - wrong + 1), 0.0)
    high = np.where(wrong < judged, beta.ppf(1 - rest, wrong + 1, np.maximum(judged - wrong, 1)), 1.0)
    return low, high


def enough(found: Rate, width: float) -> bool:
    """Whether an audit may stop: the interval is no wider than asked, 0.04 for two points each way."""
    return found.width <= width


def still_needed(found: Rate, width: float) -> int:
    """How many more rows must be judged, if they go on as so far, until the interval is no wider than asked."""
    low, high = found.judged - 1, found.total
    share = found.share if found.judged else 0.5
    while high - low > 1:
        middle = (low + high) // 2
        fits = enough(rate(round(share * middle), middle, found.total), width) if middle else False
        low, high = (low, middle) if fits else (middle, high)
    return high - found.judged


def depths(place: np.ndarray, wrong: np.ndarray) -> Depths:
    """What a list is worth at each place that was judged.

    place: int64 (j,), places in the list from 0, each once; wrong: bool (j,). Work may leave out rows here and there:
    then the rows judged stand for those down to there, and the interval is wider. They do not where the beginning is
    worked through and rows far down were judged for another reason: give those of `worked_through` alone. Intervals of
    more than 120 places are told at as many, and between them in a line.
    """
    order = np.argsort(place, kind="stable")
    at, bad = place[order].astype(np.int64), wrong[order].astype(np.int64)
    sums = np.cumsum(bad)
    judged = np.arange(1, len(at) + 1)
    shown = np.unique(np.linspace(0, max(0, len(at) - 1), min(SHOWN, len(at))).astype(np.int64))
    bounds = np.array([_part(int(sums[i]), int(judged[i]), int(at[i]) + 1) for i in shown]).reshape(-1, 2)
    before = np.r_[np.zeros(min(RECENT, len(at)), np.int64), sums[: max(0, len(at) - RECENT)]]
    last, of = sums - before, np.minimum(judged, RECENT)
    low, high = (np.interp(np.arange(len(at)), shown, side) for side in bounds.T) if len(at) else (sums, sums)
    near_low, near_high = _betas(last, of)
    return Depths(at, sums / judged, low, high, last / of, near_low, near_high)


def _part(wrong: int, judged: int, total: int) -> tuple[float, float]:
    if judged == total:
        return wrong / judged, wrong / judged
    low, high = wrong_between(wrong, judged, total)
    return low / total, high / total


def falls_below(found: Depths, precision: float) -> int | None:
    """The place from which the list is worth less than a precision, None while it is not: the work may end there.

    Of rates that never rise down the list the likeliest (isotonic regression). None for fewer than 20 rows judged, and
    until 20 rows or more at its end are worth less beyond chance: the last rows of any list may be right ones.
    """
    if len(found.place) < LEAST:
        return None
    wrong = np.diff(np.r_[0, np.round(found.precision * np.arange(1, len(found.place) + 1))])
    below = np.flatnonzero(falling(wrong) < precision)
    if len(wrong) - (below[0] if len(below) else len(wrong)) < LEAST:
        return None
    tail = wrong[below[0] :]
    return int(found.place[below[0]]) if _beta(float(tail.sum()), float(len(tail)))[1] < precision else None


def falling(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """The nearest numbers that never rise: float64 (n,), by pooling neighbours that rise (Ayer et al. 1955).

    >>> falling([1, 1, 0, 1, 0, 0]).tolist()
    [1.0, 1.0, 0.5, 0.5, 0.0, 0.0]
    """
    pools: list[tuple[float, int]] = []
    for value in values:
        total, size = float(value), 1
        while pools and pools[-1][0] * size <= total * pools[-1][1]:
            before, more = pools.pop()
            total, size = total + before, size + more
        pools.append((total, size))
    return np.concatenate([np.full(size, total / size) for total, size in pools] or [np.zeros(0)])
