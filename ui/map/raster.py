"""Counts of points on a grid, and pictures made of them, for a screen that cannot draw the points itself."""

import struct
import zlib

import numpy as np

from engine.errors import EngineError

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
    selected: np.ndarray | None = None,
    radius: int = 1,
    opacity: float = 0.55,
) -> bytes:
    """The points of a box as a PNG with a clear background, each cell in the mean colour of its points.

    `codes`: uint8 (n,) into `palette` (uint8 (k, 3)), whose last colour is that of rows not in `shown` (bool (n,)).
    With `selected` (bool (n,)) the other rows grow faint. `radius` in pixels; `opacity` of one point, 0 to 1.
    """
    rows, cell = cells(x, y, box, width, height)
    passes = shown[rows]
    strength = np.where(passes, 1.0, 0.25)
    if selected is not None and selected.any():
        strength *= np.where(selected[rows], 1.0, 0.12)
    colours = palette[np.where(passes, np.minimum(codes[rows], len(palette) - 1), len(palette) - 1)]
    size = width * height
    weight = grown(np.bincount(cell, weights=strength, minlength=size).reshape(height, width), radius)
    image = np.zeros((height, width, 4), dtype=np.uint8)
    there = weight > 0
    for channel in range(3):
        total = np.bincount(cell, weights=strength * colours[:, channel], minlength=size).reshape(height, width)
        image[..., channel][there] = np.round(grown(total, radius)[there] / weight[there])
    image[..., 3] = np.round(255 * (1 - (1 - opacity) ** weight))
    return png(image)


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
