"""Scores of classes become probabilities that mean what they say."""

import numpy as np

COLDEST, HOTTEST = 1e-3, 1e3
"""What scores are multiplied by at least and at most."""
MOST_ROWS, MOST_CELLS = 50_000, 1 << 25
"""Rows, and rows times classes, on which the temperature is found: a figure of two digits needs no more."""


def probabilities(scores: np.ndarray, codes: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Probabilities of classes from their scores, each row summing to 1; their energy; what they were multiplied by.

    scores: float32 (n, K), -inf for a class that cannot be; known: bool (n,), rows whose score did not see their label;
    codes: int (n,), the labels. The factor makes the labels of known rows most likely (temperature scaling: Guo et al.
    2017). Energy, float32 (n,): −log Σ exp of the scores so multiplied (Liu et al. 2020). Overwrites `scores`.
    """
    rows = np.flatnonzero(known)
    most = min(MOST_ROWS, max(1, MOST_CELLS // max(scores.shape[1], 1)))
    if len(rows) > most:
        rows = np.sort(np.random.default_rng(0).permutation(rows)[:most])
    factor = _factor(scores[rows].astype(np.float64), codes[rows]) if len(rows) else 1.0
    scores *= np.float32(factor)
    most = scores.max(axis=1, keepdims=True, initial=-np.inf)
    scores -= most
    np.exp(scores, out=scores)
    total = scores.sum(axis=1, keepdims=True)
    scores /= total
    return scores, -(most + np.log(total)).ravel(), factor


def _factor(scores: np.ndarray, codes: np.ndarray) -> float:
    """What makes the labels most likely: the loss is convex in it, so its slope is brought to 0 by halving."""
    scores = scores - scores.max(axis=1, keepdims=True)
    own = scores[np.arange(len(codes)), codes]
    seen = np.isfinite(own)
    scores, own = scores[seen], own[seen]
    scores[~np.isfinite(scores)] = -1e9

    def slope(factor: float) -> float:
        weight = np.exp(scores * factor)
        return float(((weight * scores).sum(axis=1) / weight.sum(axis=1) - own).mean())

    low, high = np.log(COLDEST), np.log(HOTTEST)
    if not len(own) or slope(COLDEST) >= 0:
        return COLDEST if len(own) else 1.0
    if slope(HOTTEST) <= 0:
        return HOTTEST
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if slope(float(np.exp(middle))) > 0 else (middle, high)
    return float(np.exp((low + high) / 2))
