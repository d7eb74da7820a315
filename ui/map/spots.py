"""Where the name of a group of points stands: at the place where most of them lie close together."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

CELLS = 40  # across the map, in which it is counted where a group is densest
SHARE = 0.28  # of a group: where so much of it lies close to one place, its name can stand there
SIDE = 512  # cells a side of the grid on which it is counted what else lies at a place
AROUND = ((0, 0, 4), (0, 1, 2), (0, -1, 2), (1, 0, 2), (-1, 0, 2), (1, 1, 1), (1, -1, 1), (-1, 1, 1), (-1, -1, 1))


@dataclass(frozen=True)
class Spot:
    """A place on the map. near: the distance within which 28 of 100 points of the group lie; both in map units.

    own: of all points within that distance, the share that belongs to the group, 0 to 1.
    """

    x: float
    y: float
    near: float
    own: float = 1.0


def densest(x: np.ndarray, y: np.ndarray, cell: float) -> Spot:
    """Where points lie densest, counted on cells of the size `cell`, each with a share of the eight around it.

    The place is the mean of the points in the best cell; all arrays float (n,), finite, n > 0.
    """
    cell = cell if cell > 0 else 1.0
    column, line = (np.floor(v.astype(np.float64) / cell) for v in (x, y))
    column, line = column - column.min() + 1, line - line.min() + 1
    wide = column.max() + 2
    cells, of, counts = np.unique(line * wide + column, return_inverse=True, return_counts=True)
    around = np.zeros(len(cells))
    for down, right, share in AROUND:
        beside = cells + down * wide + right
        at = np.minimum(np.searchsorted(cells, beside), len(cells) - 1)
        around += np.where(cells[at] == beside, counts[at], 0) * share
    best = of == int(np.argmax(around))
    px, py = float(x[best].mean()), float(y[best].mean())
    return Spot(px, py, float(np.quantile(np.hypot(x - px, y - py), SHARE)))


def spots(x: np.ndarray, y: np.ndarray, labels: np.ndarray) -> dict[int, Spot]:
    """The spot of each label, by number. x, y: float (n,), labels: integers (n,), below 0 is none.

    Points without a place have no say; a label without points has no spot.
    """
    there = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if not len(there):
        return {}
    px, py = x[there], y[there]
    cell = float(max(np.ptp(np.percentile(v, (1, 99))) for v in (px, py))) / CELLS
    known = there[labels[there] >= 0]
    order = known[np.argsort(labels[known], kind="stable")]
    groups = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []
    held = _counter(px, py)
    found = {}
    for group in groups:
        spot = densest(x[group], y[group], cell)
        all_there = max(held(spot.x, spot.y, spot.near), SHARE * len(group))
        found[int(labels[group[0]])] = Spot(spot.x, spot.y, spot.near, min(1.0, SHARE * len(group) / all_there))
    return found


def _counter(x: np.ndarray, y: np.ndarray) -> Callable[[float, float, float], int]:
    """How many points lie within about a distance of a place: sums over a grid, four look-ups a question."""
    left, low = float(x.min()), float(y.min())
    step = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9) / SIDE
    column, line = (np.minimum(((v - least) / step).astype(np.int64), SIDE - 1) for v, least in ((x, left), (y, low)))
    counts = np.bincount(line * SIDE + column, minlength=SIDE * SIDE).reshape(SIDE, SIDE)
    sums = np.pad(counts.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))

    def held(px: float, py: float, distance: float) -> int:
        half = max(distance * 0.886, step)  # of the side of a square as large as the disc
        a, c = (int(np.clip(round((px - left + way * half) / step), 0, SIDE)) for way in (-1, 1))
        b, d = (int(np.clip(round((py - low + way * half) / step), 0, SIDE)) for way in (-1, 1))
        return int(sums[d, c] - sums[b, c] - sums[d, a] + sums[b, a])

    return held
