"""A probe in milliseconds, for asking again after each answer: one fit, no folds, no temperature."""

import numpy as np

from engine.models.probes.linear import Blocks, Clouds, Sums, clouds, sums
from engine.models.probes.prototypes import SHARP

FOR_ITS_SHAPE = 4
"""Labelled rows for each number of a vector, from which the shape that classes share is told well enough to be used."""


def quick(vectors: Blocks, rows: np.ndarray, codes: np.ndarray, classes: int) -> Clouds:
    """What some labelled rows teach: naive Bayes, and linear discriminants from four rows a number of a vector on.

    codes: int (r,), of these rows. With fewer rows than that the shared shape is told so badly that it costs accuracy.
    """
    return quick_of(sums(vectors, rows, codes, classes))


def quick_of(found: Sums) -> Clouds:
    """The same of sums that are there already."""
    rows = round(found.count.sum())
    if rows == np.count_nonzero(found.count):
        # One row of each class: nothing tells how wide a class is, so what is nearest counts.
        means = SHARP * found.first
        offsets = np.where(found.count > 0, -(means * found.first).sum(axis=1) / 2, -np.inf)
        return Clouds(means.T.astype(np.float32), offsets.astype(np.float32))
    return clouds(found, shared=rows >= FOR_ITS_SHAPE * found.first.shape[1])
