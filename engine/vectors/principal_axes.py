"""Principal axes of grid vectors, summed in whole numbers, so that the same vectors always give the same axes."""

import numpy as np

from indexes import GRID

_BLOCK_ROWS = 16384
# Axes are rounded to this step: the last digits of an eigenvector depend on the machine, and a product of a grid value
# with a multiple of 2^-30 still sums up exactly in float64.
_AXIS_STEP = 2.0**-30


def principal_coordinates(grid: np.ndarray, dimensions: int) -> np.ndarray:
    """Coordinates of grid vectors, int16 (m, d), on their first principal axes: float32 (m, dimensions), mean 0.

    Read block by block. An axis points to where its largest component is positive. Axes that the vectors do not have
    (d or m too small) are 0. Sums are over integers in float64, exact below 2 billion rows.
    """
    m, d = grid.shape
    coordinates = np.zeros((m, dimensions), dtype=np.float32)
    if m < 2:
        return coordinates
    total = np.zeros(d)
    products = np.zeros((d, d))
    for start in range(0, m, _BLOCK_ROWS):
        block = np.asarray(grid[start : start + _BLOCK_ROWS], dtype=np.float64)
        total += block.sum(axis=0)
        products += block.T @ block
    mean = total / m
    _, vectors = np.linalg.eigh(products / m - np.outer(mean, mean))
    axes = vectors[:, ::-1][:, : min(dimensions, d)]
    strongest = np.argmax(np.abs(np.round(axes, 9)), axis=0)
    axes = axes * np.where(axes[strongest, np.arange(axes.shape[1])] < 0, -1.0, 1.0)
    axes = np.rint(axes / _AXIS_STEP) * _AXIS_STEP
    middle = mean @ axes
    for start in range(0, m, _BLOCK_ROWS):
        block = np.asarray(grid[start : start + _BLOCK_ROWS], dtype=np.float64)
        coordinates[start : start + _BLOCK_ROWS, : axes.shape[1]] = (block @ axes - middle) / GRID
    return coordinates
