"""The labels of the nearest rows of which a label is known."""

from collections.abc import Callable

import numpy as np

from engine.models.probes.logistic import Matrix

NEAREST = 15
"""Rows that are asked: as many as tell most wrong labels of a set with one in twenty."""
SHARP = 10.0
"""How many times as much, as a power of e, a row counts whose cosine is greater by 1."""
CELLS = 1 << 25
"""Rows told at a time times rows that are asked."""


def nearest_scores(
    told: Callable[[np.ndarray], Matrix], known: np.ndarray, codes: np.ndarray, classes: int, rows: np.ndarray,
    *, k: int = NEAREST,
) -> np.ndarray:  # fmt: skip
    """float32 (r, K): how much the k nearest of the known rows speak for each class; -inf for a class without a row.

    told: rows -> their vectors or words, each of length 1. known, rows: int64; codes: int, of the known. The logarithm
    of votes that count by similarity, the classes' shares of the known rows together as much as the nearest one. A row
    that is like none (no word in common) is told by these shares.
    """
    share = np.bincount(codes, minlength=classes) / max(len(codes), 1)
    found = np.empty((len(rows), classes), np.float32)
    x, size = told(known), max(1, min(1 << 12, CELLS // max(len(known), 1)))
    for start in range(0, len(rows), size):
        like = told(rows[start : start + size]) @ x.T
        like = like.toarray() if hasattr(like, "toarray") else like
        k = min(k, like.shape[1])
        near = np.argpartition(-like, k - 1, axis=1)[:, :k]
        similarity = np.take_along_axis(like, near, axis=1).astype(np.float64)
        most = similarity.max(axis=1, keepdims=True)
        weight = np.where(similarity > 0, np.exp(SHARP * (similarity - most)), 0)
        votes = np.zeros((len(like), classes))
        np.add.at(votes, (np.arange(len(like))[:, None], codes[near]), weight)
        with np.errstate(divide="ignore"):
            found[start : start + size] = np.log(votes + share) + SHARP * (most - 1)
    return found
