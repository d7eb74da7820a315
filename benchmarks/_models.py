"""What the measurements of fitted models share."""

import numpy as np


def auc(low: np.ndarray, high: np.ndarray) -> float:
    """How often a value of the second is above one of the first, ties half: 0 to 1."""
    both = np.concatenate([low, high])
    _, place, count = np.unique(both, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    n, m = len(low), len(high)
    return float((rank[n:].sum() - m * (m + 1) / 2) / (n * m))
