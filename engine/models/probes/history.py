"""How a small head learns the labels of rows, epoch by epoch: what it gets right early, late, or never."""

from collections.abc import Iterator
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
    float32 (r,), of all probabilities from it (EL2N); right bool (r,), whether it is the likeliest."""

    run: int
    number: int
    own: np.ndarray
    distance: np.ndarray
    right: np.ndarray


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
                yield _after(run, number, vectors, rows, codes, weights * _mask(rng, len(weights))[:, None], offsets)


def _mask(rng: np.random.Generator, width: int) -> np.ndarray:
    return ((rng.random(width) >= DROPPED) / (1 - DROPPED)).astype(np.float32)


def _after(
    run: int, number: int, vectors: Blocks, rows: np.ndarray, codes: np.ndarray, weights: np.ndarray,
    offsets: np.ndarray,
) -> Epoch:  # fmt: skip
    own, distance = np.empty(len(rows), np.float32), np.empty(len(rows), np.float32)
    right = np.empty(len(rows), bool)
    for start, stop in blocks(len(rows), weights.shape[1]):
        p, code = softmax(vectors(rows[start:stop]) @ weights + offsets), codes[start:stop]
        mine = p[np.arange(len(code)), code]
        own[start:stop], right[start:stop] = mine, p.argmax(axis=1) == code
        distance[start:stop] = np.sqrt(np.maximum((p * p).sum(axis=1) - mine**2 + (1 - mine) ** 2, 0))
    return Epoch(run, number, own, distance, right)


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
