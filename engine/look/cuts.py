"""What every cut through a column of numbers would leave, counted once, so that a cut can be moved without asking."""

import math
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.dataset import Dataset

POINTS = 1024
"""Cuts that are counted; between two of them lie at most one in a thousand of the rows left."""
BINS = 80
PLACES = 5000
"""Rows that a small map shows."""


@dataclass(frozen=True)
class Bars:
    """A histogram of all finite values of a column. edges: float64 (b + 1,); every, left: int64 (b,), all rows and the
    rows left in each bar."""

    edges: np.ndarray
    every: np.ndarray
    left: np.ndarray


@dataclass(frozen=True)
class Cuts:
    """The rows left at every cut through a column.

    at: float64 (m,), the cuts, ascending: values that a row left has. below, upto: int64 (m,), the rows left whose
    value is less than the cut, and not more. even: bars of one width; log: bars even on a log scale, None where a value
    is negative or the bars are few. far: whether the log scale shows more. missing: rows without a value (infinite ones
    have one). rows: all rows left that a cut may take; certain: those that it may not, counted apart.
    """

    at: np.ndarray
    below: np.ndarray
    upto: np.ndarray
    even: Bars
    log: Bars | None
    far: bool
    missing: int
    rows: int
    certain: int = 0

    def kept(self, low: float | None, high: float | None, missing: bool = True) -> int:
        """The rows that a cut would keep, both ends included; exact where the ends are cuts that were counted."""
        valued = self.rows - self.missing
        under = 0 if low is None else int(self._first(self.below, low, valued))
        over = 0 if high is None else valued - int(self._last(self.upto, high))
        return max(0, valued - under - over) + (self.missing if missing else 0) + self.certain

    def _first(self, below: np.ndarray, low: float, valued: int) -> int:
        place = int(np.searchsorted(self.at, low, "left"))
        return int(below[place]) if place < len(below) else valued

    def _last(self, upto: np.ndarray, high: float) -> int:
        place = int(np.searchsorted(self.at, high, "right"))
        return int(upto[place - 1]) if place else 0


@dataclass(frozen=True)
class Places:
    """Some rows left on a map: rows int64 (p,); x, y float32 (p,); values float64 (p,).

    of: how many rows left have a place and a value.
    """

    rows: np.ndarray
    x: np.ndarray
    y: np.ndarray
    values: np.ndarray
    of: int


def cuts(data: Dataset, column: str, left: np.ndarray, certain: np.ndarray | None = None) -> Cuts:
    """Count what every cut through a column of numbers or dates would leave.

    left: bool (n,), the rows now left. certain: bool (n,), rows that stay whatever is cut, as those kept by hand.
    """
    sure = 0 if certain is None else int((left & certain).sum())
    left = left if not sure or certain is None else left & ~certain
    everything, mine = _sorted(data, column), ordered(data, column, left)
    inside = finite(mine)
    at = _points(inside)
    below, upto = (np.searchsorted(mine, at, side) for side in ("left", "right"))
    whole = finite(everything)
    kind, rows = data.info(column).type, int(np.count_nonzero(left))

    def bars(edges: np.ndarray) -> Bars:
        return Bars(edges, _counts(whole, edges), _counts(inside, edges))

    even = bars(_edges(whole, kind == "integer"))
    log = kind != "date" and len(even.every) >= BINS and bool(whole[0] >= 0)
    return Cuts(
        at, below, upto, even, bars(_log_edges(whole)) if log else None, log and _reaches_far(whole),
        rows - len(mine), rows, sure,
    )  # fmt: skip


def places(data: Dataset, column: str, left: np.ndarray, map_key: str, most: int = PLACES) -> Places:
    """Where some of the rows left lie on a map, the same ones each time, with their values of a column.

    At most `most` of the rows that have both a place and a value, taken evenly in the order of the rows.
    """
    values = data.numbers(column)
    return _placed(data, np.flatnonzero(left & ~np.isnan(values)), map_key, values, most)


def spots(data: Dataset, map_key: str, most: int = PLACES) -> Places:
    """Where some rows lie on a map, the same ones each time, whatever they say; their values are missing."""
    return _placed(data, np.arange(data.n), map_key, np.full(data.n, np.nan), most)


def place_of(data: Dataset, map_key: str, rows: np.ndarray) -> np.ndarray:
    """Where rows lie on a map: float32 (r, 2), x and y, NaN for a row without a place."""
    drawn = data.map(map_key)
    node = drawn.texts.of_row[rows]
    found = np.stack([np.asarray(drawn.x)[node], np.asarray(drawn.y)[node]], axis=1).astype(np.float32)
    found[node < 0] = np.nan
    return found


def _placed(data: Dataset, rows: np.ndarray, map_key: str, values: np.ndarray, most: int) -> Places:
    drawn = data.map(map_key)
    there = rows[drawn.texts.of_row[rows] >= 0]
    some = there[np.unique(np.linspace(0, len(there) - 1, min(most, len(there))).astype(np.int64))]
    x, y = place_of(data, map_key, some).T
    seen = np.isfinite(x) & np.isfinite(y)
    return Places(some[seen], x[seen], y[seen], values[some][seen], len(there))


def beside_cut(values: np.ndarray, rows: np.ndarray, cut: float, *, above: bool, most: int = 10) -> np.ndarray:
    """The rows whose values lie nearest above a cut (the cut itself included) or below it, nearest first, int64.

    values: float (n,), of all rows. Of equal values the first rows; a missing one lies nowhere.
    """
    of = values[rows]
    side = rows[of >= cut] if above else rows[of < cut]
    distance = values[side] if above else -values[side]
    if len(side) > most:  # the nearest few, without sorting a million
        reach = np.partition(distance, most - 1)[most - 1]
        side, distance = side[distance <= reach], distance[distance <= reach]
    return cast(np.ndarray, side[np.argsort(distance, kind="stable")[:most]])


def around_cut(values: np.ndarray, rows: np.ndarray, cut: float, most: int) -> np.ndarray:
    """Rows from both sides of a cut in turn, the nearest first, so many of a side at most; int64.

    >>> around_cut(np.arange(6.0), np.arange(6), 2.5, 2).tolist()
    [3, 2, 4, 1]
    """
    sides = [beside_cut(values, rows, cut, above=above, most=most) for above in (True, False)]
    turn = np.concatenate([np.arange(len(side)) for side in sides])
    return np.concatenate(sides)[np.argsort(turn, kind="stable")].astype(np.int64)


def map_of(data: Dataset) -> str | None:
    """The map that is shown beside a cut: the newest one."""
    keys = data.keys_of("map")
    return keys[-1] if keys else None


def ordered(data: Dataset, column: str, left: np.ndarray) -> np.ndarray:
    """The values of a column among some rows, in order, missing ones left out. left: bool (n,)."""
    return _sorted(data, column) if left.all() else _in_order(data.numbers(column)[np.flatnonzero(left)])


def _sorted(data: Dataset, column: str) -> np.ndarray:
    """All values of a column, in order, missing ones left out; kept, as every cut asks for them."""
    info, values = data.info(column), data.numbers(column)
    return data._cache.get(f"sorted/{column}/{info.identity}/{data.fingerprint}", lambda: _in_order(values))


def _in_order(values: np.ndarray) -> np.ndarray:
    found = np.sort(values)  # missing ones go to the end
    return found[: np.searchsorted(found, np.nan)]


def finite(ordered: np.ndarray) -> np.ndarray:
    """The finite ones of some values in order."""
    return ordered[np.searchsorted(ordered, -np.inf, "right") : np.searchsorted(ordered, np.inf, "left")]


def _points(ordered: np.ndarray) -> np.ndarray:
    """Distinct values of a sorted column: all of them where they are few, else those at even steps of rows."""
    if not len(ordered):
        return np.empty(0)
    if len(ordered) <= POINTS or len(few := distinct(ordered)) > POINTS:
        few = np.unique(ordered[np.linspace(0, len(ordered) - 1, min(POINTS, len(ordered))).astype(np.int64)])
    return few


def distinct(ordered: np.ndarray) -> np.ndarray:
    """Some values in order, each once."""
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]]


def _reaches_far(ordered: np.ndarray) -> bool:
    """Whether the largest of some values, none negative, lies so far beyond most that they share a few bars."""
    return bool(ordered[-1] > 20 * max(float(ordered[len(ordered) // 2]), 1e-9))


def _edges(ordered: np.ndarray, whole: bool) -> np.ndarray:
    """The edges of even bars: one bar where all values are the same, one for each of a few whole numbers."""
    if not len(ordered):
        return np.empty(0)
    low, high = float(ordered[0]), float(ordered[-1])
    if low == high:  # from 2^53 on the next float is further away than a half; beyond the last one there is none
        around = [min(low - 0.5, math.nextafter(low, -math.inf)), low, max(low + 0.5, math.nextafter(low, math.inf))]
        finite = [edge for edge in around if math.isfinite(edge)]
        return np.array([finite[0], finite[-1]])
    if whole and high - low < BINS and max(-low, high) < 2**52:
        return np.arange(low - 0.5, high + 1)
    part = np.linspace(0, 1, BINS + 1)
    return np.unique(low * (1 - part) + high * part)  # the ends may be further apart than a float can say


def _log_edges(ordered: np.ndarray) -> np.ndarray:
    low, high = float(ordered[0]), float(ordered[-1])
    edges = np.expm1(np.linspace(np.log1p(low), np.log1p(high), BINS + 1))
    edges[0], edges[-1] = low, high
    return np.unique(edges)


def _counts(ordered: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """How many sorted values fall into each bar; the last bar has its upper edge."""
    if not len(edges):
        return np.empty(0, np.int64)
    ends = np.searchsorted(ordered, edges, "left")
    ends[-1] = np.searchsorted(ordered, edges[-1], "right")
    return np.diff(ends)
