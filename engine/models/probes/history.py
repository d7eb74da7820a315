"""How a small head learns the labels of rows, epoch by epoch: what it gets right early, late, or never."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.models.probes.linear import Blocks, blocks

BATCH = 256
PACE = 0.15
"""How far one batch moves a class that fills it, for each class that there is."""
DROPPED = 0.1
"""Directions that a pass does not see, so that passes differ as those of a network with dropout do."""


@dataclass(frozen=True)
class Epoch:
    """Of one run after one epoch, for the labelled rows: own float32 (r,), the probability of the given label; distance
    float32 (r,), of all probabilities from it (EL2N); right bool (r,), whether it is the likeliest.

    head: float32 (d, K), the weights as they then are, with all directions; offsets: float32 (K,).
    """

    run: int
    number: int
    own: np.ndarray
    distance: np.ndarray
    right: np.ndarray
    head: np.ndarray
    offsets: np.ndarray


def history(vectors: Blocks, rows: np.ndarray, codes: np.ndarray, classes: int, *, runs: int, epochs: int, seed: int
            ) -> Iterator[Epoch]:  # fmt: skip
    """What a softmax head says after each epoch, from several beginnings. codes: int (r,), of the rows, int64 (r,).

    Each row is learned from: what is wrong is learned late, or never. Plain steps in batches of 256, the rows
    shuffled anew each epoch; each pass sees nine tenths of the directions.
    """
    for run in range(runs):
        rng = np.random.default_rng([seed, run])
        weights: np.ndarray | None = None
        offsets = np.zeros(classes, np.float32)
        for number in range(1, epochs + 1):
            order = rng.permutation(len(rows))
            for start in range(0, len(order), BATCH):
                some = order[start : start + BATCH]
                x = vectors(rows[some])
                if weights is None:
                    weights = rng.normal(0, 0.01, (x.shape[1], classes)).astype(np.float32)
                x = x * _mask(rng, x.shape[1])
                slack = softmax(x @ weights + offsets)
                slack[np.arange(len(some)), codes[some]] -= 1
                step = np.float32(PACE * classes / len(some))
                weights -= step * (x.T @ slack)
                offsets -= step * slack.sum(axis=0)
            if weights is not None:
                seen = _after(vectors, rows, codes, weights * _mask(rng, len(weights))[:, None], offsets)
                yield Epoch(run, number, *seen, weights.copy(), offsets.copy())


def _mask(rng: np.random.Generator, width: int) -> np.ndarray:
    return ((rng.random(width) >= DROPPED) / (1 - DROPPED)).astype(np.float32)


def _after(
    vectors: Blocks, rows: np.ndarray, codes: np.ndarray, weights: np.ndarray, offsets: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Own, distance and right of an epoch."""
    own, distance = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
    right = np.empty(len(rows), bool)
    for start, stop in blocks(len(rows), weights.shape[1]):
        p, code = softmax(vectors(rows[start:stop]) @ weights + offsets), codes[start:stop]
        mine = p[np.arange(len(code)), code]
        own[start:stop], right[start:stop] = mine, p.argmax(axis=1) == code
        distance[start:stop] = np.sqrt(np.maximum((p * p).sum(axis=1) - mine**2 + (1 - mine) ** 2, 0))
    return own, distance, right


def gradient_spread(x: np.ndarray, codes: np.ndarray, heads: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """float64 (r,): how much the gradient of a row's label changes over the heads (weights, offsets) of several epochs.

    The gradient of the logarithm of the given label's probability by the row's vector, x float32 (r, d): its standard
    deviation over the heads, the mean of all directions.

    >>> import numpy as np
    >>> none = np.zeros(2, np.float32)
    >>> heads = [(np.array([[1.0, 0.0]], np.float32), none), (np.array([[3.0, 0.0]], np.float32), none)]
    >>> gradient_spread(np.zeros((1, 1), np.float32), np.array([0]), heads).tolist()
    [0.5]
    """
    mean, square = np.zeros(x.shape), np.zeros(x.shape)
    for number, (weights, offsets) in enumerate(heads, 1):
        slack = -softmax(x @ weights + offsets)
        slack[np.arange(len(codes)), codes] += 1
        gradient = slack @ weights.T
        off = gradient - mean
        mean += off / number
        square += off * (gradient - mean)
    return np.asarray(np.sqrt(square / len(heads)).mean(axis=1))


def softmax(scores: np.ndarray) -> np.ndarray:
    """float (r, K): scores as probabilities of each row."""
    weight = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def otsu(values: np.ndarray) -> float:
    """The threshold that parts some numbers into two heaps with least spread in each (Otsu 1979); the lower heap lies
    below it.

    >>> import numpy as np
    >>> float(otsu(np.array([0.0, 1.0, 2.0, 10.0, 11.0])))
    6.0
    """
    ordered = np.sort(values.astype(np.float64))
    if len(ordered) < 2 or ordered[0] == ordered[-1]:
        return float(ordered[0]) if len(ordered) else 0.0
    count, total = np.arange(1, len(ordered)), np.cumsum(ordered)
    low, high = total[:-1] / count, (total[-1] - total[:-1]) / (len(ordered) - count)
    best = int(np.argmax(count * (len(ordered) - count) * (high - low) ** 2))
    return float((ordered[best] + ordered[best + 1]) / 2)
