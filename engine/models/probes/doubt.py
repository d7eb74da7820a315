"""How doubtful a label is, from the probabilities of all."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Doubt:
    """Of some rows, float64 (r,) each; NaN where the row has no label or no probabilities.

    self_confidence: of the given label, 0 to 1. margin: what it has more than the likeliest other, -1 to 1. entropy: of
    all labels, 0 for sure to 1 for even. el2n: distance of the probabilities from the label, 0 to √2. first, second:
    int64 (r,), the two likeliest labels, -1 for none.
    """

    self_confidence: np.ndarray
    margin: np.ndarray
    entropy: np.ndarray
    el2n: np.ndarray
    first: np.ndarray
    second: np.ndarray


def doubt(probability: np.ndarray, codes: np.ndarray) -> Doubt:
    """The doubt of some rows. probability: float (r, K), rows summing to 1, NaN for none; codes: int (r,), -1 for none.

    Source: Northcutt et al. 2021 (self-confidence, normalised margin); Paul et al. 2021 (EL2N).

    >>> import numpy as np
    >>> round(float(doubt(np.array([[0.7, 0.2, 0.1]]), np.array([0])).el2n[0]), 4)
    0.3742
    """
    p = probability.astype(np.float64)
    n, classes = p.shape
    there, labelled = ~np.isnan(p).any(axis=1), codes >= 0
    rows, own_code = np.arange(n), np.maximum(codes, 0)
    own = np.where(there & labelled, p[rows, own_code], np.nan)
    others = p.copy()
    others[rows[labelled], codes[labelled]] = -1
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.where(p > 0, p * np.log(p), 0).sum(axis=1) / np.log(max(classes, 2))
    square = (p * p).sum(axis=1) - own**2 + (1 - own) ** 2
    left = np.nan_to_num(p, nan=-1)
    best = left.argmax(axis=1)
    left[rows, best] = -np.inf
    first = np.where(there, best, -1)
    second = np.where(there, left.argmax(axis=1), -1) if classes > 1 else np.full(n, -1)
    nothing = ~there
    return Doubt(
        own, np.where(np.isnan(own), np.nan, own - others.max(axis=1)), np.where(nothing, np.nan, entropy),
        np.sqrt(np.maximum(square, 0)), first, second,
    )  # fmt: skip


def confident(probability: np.ndarray, codes: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """int64 (r,): the likeliest of the labels that reach their threshold, -1 for none.

    thresholds: float64 (K,), the mean probability that rows of a label give it; see `class_means`. Where it is another
    one than the given label, that is off the diagonal of the confident joint. Source: Northcutt et al. 2021.
    """
    reached = np.where(probability >= thresholds - 1e-6, probability, -1)
    best = reached.argmax(axis=1)
    return np.where((reached.max(axis=1) >= 0) & (codes >= 0), best, -1)


def class_means(probability: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """float64 (K,): the mean probability that the rows of each label give it; above 1 for a label without a row."""
    some = np.flatnonzero((codes >= 0) & ~np.isnan(probability).any(axis=1))
    count = np.bincount(codes[some], minlength=probability.shape[1])
    total = np.bincount(codes[some], probability[some, codes[some]].astype(np.float64), probability.shape[1])
    return np.where(count > 0, total / np.maximum(count, 1), 2.0)


def confused(probability: np.ndarray, sure: float) -> np.ndarray:
    """int64 (r,): how many runners-up are to be taken away until the likeliest label has the share `sure` of the rest.

    0 where it is sure already. Source: ShrinkMatch (Yang et al. 2023).

    >>> import numpy as np
    >>> confused(np.array([[0.5, 0.3, 0.15, 0.05], [0.96, 0.02, 0.01, 0.01]]), 0.9).tolist()
    [2, 0]
    """
    ordered = -np.sort(-np.nan_to_num(probability.astype(np.float64)), axis=1)
    # After taking m runners-up away the rest weighs what stands behind them; at the end there is none.
    behind = np.cumsum(ordered[:, ::-1], axis=1)[:, ::-1]
    rest = np.concatenate([behind[:, 1:], np.zeros((len(ordered), 1))], axis=1)
    enough = ordered[:, :1] >= sure * (ordered[:, :1] + rest) - 1e-12
    return np.where(enough.any(axis=1), enough.argmax(axis=1), 0)


def confusion_set(probability: np.ndarray, sure: float, most: int = 2) -> np.ndarray:
    """int64 (r, most): the first of the runners-up that `confused` counts, the likeliest first, -1 for none.

    >>> import numpy as np
    >>> confusion_set(np.array([[0.3, 0.5, 0.15, 0.05], [0.02, 0.96, 0.01, 0.01]]), 0.9).tolist()
    [[0, 2], [-1, -1]]
    """
    behind = np.argsort(-np.nan_to_num(probability), axis=1, kind="stable")[:, 1 : most + 1]
    found = np.full((len(probability), most), -1, np.int64)
    found[:, : behind.shape[1]] = behind
    return np.where(np.arange(most) < confused(probability, sure)[:, None], found, -1)
