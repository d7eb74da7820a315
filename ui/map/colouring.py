"""Which colour each label gets: labels that touch on the map must differ, and a colour comes again only far away."""

import json
from functools import cache
from pathlib import Path

import numpy as np

FINEST = 96  # cells a side of the grid on which labels are seen to touch; coarser for few points
ALIKE = 0.08  # in OKLab; two colours so far apart are told from each other at a glance
NEAR = 0.2  # of the map's width: within it a colour should not come again, even where labels do not touch

CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip


@cache
def palettes() -> dict[str, list[str]]:
    """The colours of the map, shared with its JavaScript."""
    return json.loads(Path(__file__).with_name("palette.json").read_text())


def oklab(colours: list[str]) -> np.ndarray:
    """Colours written as #rrggbb in OKLab, where distances are as eyes see them: float64 (k, 3)."""
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ CONES.T) @ LAB.T


@cache
def alike() -> np.ndarray:
    """How alike each two colours look, 1 for the same; the worse of light and dark: float64 (k, k)."""
    worst = np.zeros(0)
    for name in ("category", "categoryDark"):
        lab = oklab(palettes()[name])
        apart = np.linalg.norm(lab[:, None] - lab[None], axis=2)
        worst = np.maximum(worst, np.exp(-((apart / ALIKE) ** 2))) if worst.size else np.exp(-((apart / ALIKE) ** 2))
    return worst


def touching(x: np.ndarray, y: np.ndarray, codes: np.ndarray, labels: int) -> np.ndarray:
    """How much each two labels touch on the map, 0 to 1: float64 (labels, labels).

    Counted on a grid: how much of one label's cells the other has in the same cell or the next, by the share of points
    there, measured on the smaller of the two. A label that lies within another touches it fully.
    """
    rows = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & (codes < labels))
    if not len(rows):
        return np.zeros((labels, labels))
    side = int(np.clip(np.sqrt(len(rows) / 4), 1, FINEST))
    cell = _cells(y[rows], side) * side + _cells(x[rows], side)
    counts = np.bincount(codes[rows].astype(np.int64) * side * side + cell, minlength=labels * side * side)
    grid = counts.reshape(labels, side, side)
    share = grid / np.maximum(grid.sum(axis=0), 1)
    padded = np.pad(share, ((0, 0), (1, 1), (1, 1)))
    around = np.sum([padded[:, i : i + side, j : j + side] for i in range(3) for j in range(3)], axis=0)
    both = share.reshape(labels, -1) @ around.reshape(labels, -1).T
    own = np.maximum(np.diag(both), 1e-9)
    return np.clip(both / np.minimum(own[:, None], own[None]), 0, 1)


def nearness(x: np.ndarray, y: np.ndarray, codes: np.ndarray, labels: int) -> np.ndarray:
    """How much it would matter that two labels have one colour: they touch, or their middles are near."""
    middles = np.zeros((labels, 2))
    there = np.isfinite(x) & np.isfinite(y)
    order = np.flatnonzero(there & (codes < labels))
    order = order[np.argsort(codes[order], kind="stable")]
    for group in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(order) else []:
        middles[codes[group[0]]] = np.median(x[group]), np.median(y[group])
    wide = max(float(np.ptp(middles, axis=0).max()), 1e-9) if labels else 1.0
    apart = np.linalg.norm(middles[:, None] - middles[None], axis=2) / wide
    return touching(x, y, codes, labels) + 0.2 * np.exp(-((apart / NEAR) ** 2)) + 0.01


def paints(x: np.ndarray, y: np.ndarray, codes: np.ndarray, labels: int) -> tuple[int, ...]:
    """A colour of the palette for each label, the largest (code 0) first: always the same for the same map.

    `codes`: uint8 (n,); codes of `labels` and above have no colour of the palette. No colour comes twice while one is
    unused; then each label takes the colour that looks least like those of the labels around it.
    """
    near, same = nearness(x, y, codes, labels), alike()
    chosen = np.zeros(labels, np.int64)
    for label in range(labels):
        cost = same[:, chosen[:label]] @ near[label, :label]
        if label < len(same):
            cost[chosen[:label]] = np.inf
        chosen[label] = int(np.argmin(np.round(cost, 9)))
    return tuple(chosen.tolist())


def _cells(values: np.ndarray, side: int) -> np.ndarray:
    """The cell of each value along one side; a few far points must not press the rest together."""
    low, high = np.percentile(values, (0.5, 99.5))
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.nan_to_num((values - low) / (high - low) * side)
    return np.clip(steps, 0, side - 1).astype(np.int64)
