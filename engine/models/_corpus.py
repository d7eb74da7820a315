"""What few answers cannot teach about vectors, and the corpus does: in which directions its texts differ at all."""

import numpy as np

from engine.dataset import Vectors

FEW = 200
"""From so many texts on, they say more themselves."""
SAMPLE = 10_000


def turned(vectors: Vectors) -> np.ndarray:
    """float64 (d, d): the fourth root of how the corpus' texts vary together; products with it have mean length 1.

    Of vectors times it, logistic regression believes sooner in a direction in which texts differ much than in one in
    which they hardly do. Of 50 labels by chance it makes 88 in place of 84 % of what all labels teach on
    hate-offensive, 94 in place of 92 on subjectivity, the same on sms-spam, and 44 in place of 46 on movie-reviews.
    """
    m, d = vectors.grid.shape
    some = np.unique(np.linspace(0, m - 1, min(m, SAMPLE)).astype(np.int64)) if m else np.zeros(0, np.int64)
    x = vectors.floats(some).astype(np.float64)
    x -= x.mean(axis=0) if len(x) else 0.0
    variance, axes = np.linalg.eigh(x.T @ x / max(len(x), 1))
    if variance.max(initial=0.0) <= 0:
        return np.eye(d)
    root = axes * np.maximum(variance, 0.0) ** 0.25 @ axes.T
    return root / np.sqrt(max(float(((x @ root) ** 2).sum(axis=1).mean()), 1e-12))
