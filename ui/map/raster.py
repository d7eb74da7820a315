"""Counts of points on a grid, and pictures made of them, for a screen that cannot draw the points itself."""

import struct
import zlib

import numpy as np

from engine.errors import EngineError

CELLS = 256  # a side of the square on which density is counted
MIDDLE = 0.62  # how solid the point is that has as much around it as the median one
FALL, MOST = 0.45, 1.6  # the power by which a denser place is clearer; the most that a lone point gains

Box = tuple[float, float, float, float]


def cells(x: np.ndarray, y: np.ndarray, box: Box, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows that fall into a box, and the cell of each: int64 rows, int64 cells (row-major, top row first).

    `box` is (x0, y0, x1, y1) with x0 < x1 and y0 < y1; the right and upper edges belong to the last column and the
    first row. NaN falls nowhere.
    """
    x0, y0, x1, y1 = box
    if not (np.isfinite(box).all() and x0 < x1 and y0 < y1):
        raise EngineError(f"A picture needs a box with x0 < x1 and y0 < y1, not {box}.")
    rows = np.flatnonzero((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
    columns = np.minimum(((x[rows] - x0) * (width / (x1 - x0))).astype(np.int64), width - 1)
    lines = np.minimum(((y1 - y[rows]) * (height / (y1 - y0))).astype(np.int64), height - 1)
    return rows, np.maximum(lines, 0) * width + np.maximum(columns, 0)


def counts(x: np.ndarray, y: np.ndarray, box: Box, width: int, height: int) -> np.ndarray:
    """How many points fall into each cell of a grid: int64 (height, width), the top row first."""
    _, cell = cells(x, y, box, width, height)
    return np.bincount(cell, minlength=width * height).reshape(height, width)


def grown(grid: np.ndarray, radius: int) -> np.ndarray:
    """Each cell's value spread over a disc of `radius` cells around it: what a point of that size covers."""
    if radius <= 0:
        return grid
    result = np.zeros_like(grid)
    height, width = grid.shape
    for dy in range(-radius, radius + 1):
        for dx in range(-radius, radius + 1):
            if dx * dx + dy * dy > radius * radius + (radius > 1):  # a cross, then rounder
                continue
            target = (slice(max(dy, 0), height + min(dy, 0)), slice(max(dx, 0), width + min(dx, 0)))
            source = (slice(max(-dy, 0), height + min(-dy, 0)), slice(max(-dx, 0), width + min(-dx, 0)))
            result[target] += grid[source]
    return result


def blurred(grid: np.ndarray) -> np.ndarray:
    """Each cell's value spread by three means of three along each side, a bell of σ 1.4; nothing comes from outside."""
    for axis in (0, 1, 0, 1, 0, 1):
        wide = np.pad(grid, [(1, 1) if side == axis else (0, 0) for side in (0, 1)])
        size = grid.shape[axis]
        grid = np.sum([np.take(wide, np.arange(k, k + size), axis) for k in range(3)], axis=0) / 3
    return grid


def solidity(x: np.ndarray, y: np.ndarray, rows: np.ndarray, home: tuple[float, float, float]) -> np.ndarray:
    """How solid each point is drawn by the density around it: float64 (n,), 0.62 where it is that of the median point.

    Falls by the power 0.45, so that thin places stay visible and dense ones do not clot. `rows`: bool (n,), those that
    count. `home`: (x0, y0, side) of the square on which density is counted; what lies beyond is as its edge. The same
    as `thin.js`, for a browser that cannot draw.
    """
    x0, y0, side = home
    box = (x0, y0, x0 + side, y0 + side)
    grid = counts(x[rows], y[rows], box, CELLS, CELLS)
    field = blurred(grid.astype(np.float64))
    filled = np.flatnonzero(grid)
    if not len(filled):
        return np.full(len(x), MIDDLE)
    filled = filled[np.argsort(field.ravel()[filled], kind="stable")]
    under = np.cumsum(grid.ravel()[filled])
    middle = field.ravel()[filled[np.searchsorted(under, under[-1] / 2)]]
    with np.errstate(invalid="ignore"):
        column, line = (
            np.clip(np.nan_to_num((v - start) / side * CELLS), 0, CELLS - 1).astype(np.int64)
            for v, start in ((x, x0), (y, y0))
        )
    around = field[CELLS - 1 - line, column]
    return np.minimum(MOST, MIDDLE * (middle / np.maximum(around, 1e-6)) ** FALL)


def picture(
    x: np.ndarray,
    y: np.ndarray,
    *,
    codes: np.ndarray,
    palette: np.ndarray,
    box: Box,
    width: int,
    height: int,
    shown: np.ndarray,
    opacity: np.ndarray,
    selected: np.ndarray | None = None,
    radius: int = 1,
    larger: int = 1,
) -> bytes:
    """The points of a box as a PNG with a clear background, each cell in the mean colour of its points.

    `codes`: uint8 (n,) into `palette` (uint8 (k, 3)), whose last colour is that of rows not in `shown` (bool (n,)).
    `opacity` of each point: float (n,), 0 to 1. Rows of `selected` (bool (n,)) lie above all others, in discs of the
    radius `larger`, the others of `radius`; both in pixels.
    """
    rows, cell = cells(x, y, box, width, height)
    colours = palette[np.where(shown[rows], np.minimum(codes[rows], len(palette) - 1), len(palette) - 1)]
    above = np.zeros(len(rows), dtype=bool) if selected is None else selected[rows]
    image, clear = np.zeros((height, width, 3)), np.ones((height, width))
    for layer, size in ((~above, radius), (above, larger)):
        if not layer.any():
            continue
        strength = -np.log1p(-np.minimum(opacity[rows[layer]], 0.999))
        weight = _spread(cell[layer], strength, width, height, size)
        cover = 1 - np.exp(-weight)
        for channel in range(3):
            total = _spread(cell[layer], strength * colours[layer, channel], width, height, size)
            mean = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
            image[..., channel] = image[..., channel] * (1 - cover) + mean * cover
        clear = clear * (1 - cover)
    there = 1 - clear
    painted = np.zeros((height, width, 4), dtype=np.uint8)
    painted[..., :3] = np.round(
        np.divide(image, there[..., None], out=np.zeros_like(image), where=there[..., None] > 0)
    )
    painted[..., 3] = np.round(255 * there)
    return png(painted)


def _spread(cell: np.ndarray, values: np.ndarray, width: int, height: int, radius: int) -> np.ndarray:
    """Values summed by cell, each point over a disc."""
    return grown(np.bincount(cell, weights=values, minlength=width * height).reshape(height, width), radius)


def png(image: np.ndarray) -> bytes:
    """An image as the bytes of a PNG file: uint8 (height, width, 4) as red, green, blue, opacity."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 4:
        raise EngineError(f"A picture is uint8 (height, width, 4), not {image.dtype} {image.shape}.")
    height, width = image.shape[:2]
    lines = np.zeros((height, 1 + 4 * width), dtype=np.uint8)  # each line begins with its filter: 0, none
    lines[:, 1:] = image.reshape(height, 4 * width)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines.tobytes(), 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )
