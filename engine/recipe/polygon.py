"""Which points lie inside a polygon or a box, exactly, on all rows."""

import numpy as np

from engine.errors import EngineError

# 256 KiB of float64: a block's temporaries stay in the second-level cache, where they cost a third of main memory.
BLOCK = 1 << 15


def inside_box(x: np.ndarray, y: np.ndarray, x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    """Points inside a box, edges included.

    `x`, `y`: float32 or float64 (n,). The corners come in any order. Returns bool (n,); NaN is never inside.
    """
    left, right = sorted((float(x0), float(x1)))
    low, high = sorted((float(y0), float(y1)))
    return (x >= left) & (x <= right) & (y >= low) & (y <= high)


def checked_polygon(polygon: np.ndarray) -> np.ndarray:
    """The corners of a polygon as float64 (m, 2), without a repeated last corner.

    Raises EngineError for fewer than three corners, a wrong shape, or a corner that is not a finite number.
    """
    corners = np.asarray(polygon, dtype=np.float64)
    if corners.ndim != 2 or corners.shape[1] != 2:
        raise EngineError(f"A polygon is a list of (x, y) corners, not an array of shape {corners.shape}.")
    if not np.isfinite(corners).all():
        raise EngineError("A corner of the polygon is not a finite number. Draw the region again.")
    if len(corners) > 1 and (corners[0] == corners[-1]).all():
        corners = corners[:-1]
    if len(corners) < 3:
        raise EngineError(f"A polygon needs at least three corners, not {len(corners)}. Draw the region again.")
    return corners


def inside_polygon(x: np.ndarray, y: np.ndarray, polygon: np.ndarray) -> np.ndarray:
    """Points inside a polygon: a ray from the point crosses its edges an odd number of times.

    `x`, `y`: float32 or float64 (n,), in the polygon's units. `polygon`: (m, 2), closed by itself, may cross itself
    (the even-odd rule: the middle of a pentagram is outside). Returns bool (n,); NaN and infinite points are never
    inside. A point on an edge belongs to one side of it only, so that two regions which share an edge share no point.

    Rows outside the polygon's bounding box are left out first; the rest are put in order of y once, so that each edge
    looks only at the rows between its two ends. The work is then about (rows in the box) times (times that a horizontal
    line meets the polygon), not times the number of corners.
    """
    corners = checked_polygon(polygon)
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    result = np.zeros(len(x), dtype=bool)
    # float64 from here on: the same answer for a float32 point as for its float64 value.
    candidates = np.flatnonzero(inside_box(x, y, x0, y0, x1, y1))
    if not len(candidates):
        return result
    px, py = x[candidates].astype(np.float64), y[candidates].astype(np.float64)
    # 65,536 strips rather than the numbers themselves: numpy sorts uint16 by radix, eight times as fast.
    strips = _strips(py, y0, y1)
    order = np.argsort(strips, kind="stable")
    px, py, strips = px[order], py[order], strips[order]
    odd = np.zeros(len(candidates), dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if ay == by:
            continue
        low, high = (ay, by) if ay < by else (by, ay)
        lowest, highest = _strips(np.array([low, high]), y0, y1)
        first, last = np.searchsorted(strips, lowest, side="left"), np.searchsorted(strips, highest, side="right")
        slope = (bx - ax) / (by - ay)
        for start in range(first, last, BLOCK):
            part = slice(start, min(start + BLOCK, last))
            height = py[part]
            odd[part] ^= (px[part] < ax + (height - ay) * slope) & (height >= low) & (height < high)
    result[candidates[order[odd]]] = True
    return result


def _strips(y: np.ndarray, low: float, high: float) -> np.ndarray:
    """The horizontal strip of each y, 0 to 65,535 from low to high, never falling as y rises: uint16 (n,)."""
    if high <= low:
        return np.zeros(len(y), dtype=np.uint16)
    return np.minimum((y - low) / (high - low) * 65_536.0, 65_535.0).astype(np.uint16)
