"""Which texts may be asked about, which of them tell most, and which of those to take."""

import numpy as np

from engine.models import Blocks
from indexes import kmeans

ROUNDS, MOST_PARTS = 20, 2_000


def entropy(probability: np.ndarray) -> np.ndarray:
    """float64 (r,): how even the probabilities of each row are, 0 for sure; more for more classes.

    >>> import numpy as np
    >>> entropy(np.array([[0.5, 0.5], [1.0, 0.0]])).round(3).tolist()
    [0.693, 0.0]
    """
    p = np.maximum(probability.astype(np.float64), 1e-300)
    return np.asarray(np.maximum(-(p * np.log(p)).sum(axis=1), 0.0))


def closeness(probability: np.ndarray) -> np.ndarray:
    """float64 (r,): 1 less what the likeliest class has more than the next; 1 where both are alike, 0 for sure.

    >>> import numpy as np
    >>> closeness(np.array([[0.6, 0.3, 0.1], [1.0, 0.0, 0.0]])).round(3).tolist()
    [0.7, 0.0]
    """
    if probability.shape[1] < 2:
        return np.zeros(len(probability))
    two = np.partition(probability.astype(np.float64), -2, axis=1)[:, -2:]
    return np.asarray(1 - (two[:, 1] - two[:, 0]))


def balanced(likely: np.ndarray, counts: np.ndarray, budget: int) -> np.ndarray:
    """Places of the candidates to ask about, class by class: next is always the first candidate of the class that has
    fewest labels so far, each choice counted as a label of what it likely is.

    likely: int (c,), the likely class of each candidate, best first; counts: int (K,), labels so far. Classes without a
    candidate left are passed over; of classes with equally few the first is taken.
    Source: pseudo-class balance (Bang et al. 2024), whose own code takes any candidate once a class has none, and from
    then on each time, as its count never grows.

    >>> import numpy as np
    >>> balanced(np.array([0, 0, 1, 2, 2]), np.array([3, 1, 0]), 3).tolist()
    [3, 2, 4]
    """
    from heapq import heapify, heappop, heappush

    order = np.argsort(likely, kind="stable")
    heads = np.searchsorted(likely[order], np.arange(len(counts) + 1))
    left = {c: order[heads[c] : heads[c + 1]].tolist()[::-1] for c in np.unique(likely).tolist()}
    fewest = [(int(counts[c]), c) for c in left]
    heapify(fewest)
    taken: list[int] = []
    while fewest and len(taken) < budget:
        have, c = heappop(fewest)
        taken.append(left[c].pop())
        if left[c]:
            heappush(fewest, (have + 1, c))
    return np.array(taken, np.int64)


def covering(x: np.ndarray, budget: int, *, near: np.ndarray) -> np.ndarray:
    """Places of the rows that cover the others: each next is the one least like all that is taken (k-center).

    x: float32 (r, d), unit vectors. near: float32 (r,), how like each is to what is labelled; -1 for nothing.
    """
    near = near.astype(np.float32).copy()
    taken: list[int] = []
    for _ in range(min(budget, len(x))):
        next_ = int(np.argmin(near))
        taken.append(next_)
        near = np.maximum(near, x @ x[next_])
        near[next_] = np.inf
    return np.array(taken, np.int64)


def typical(grid: np.ndarray, labelled: np.ndarray, budget: int, seed: int) -> np.ndarray:
    """Places of the middles of the parts of a corpus that have no label yet, the largest part first.

    grid: int16 (r, d); labelled: bool (r,). As many parts as labels there are and are asked for, 2,000 at most.
    Source: Hacohen, Dekel, Weinshall 2022 (typical first).
    """
    parts = kmeans(grid, min(int(labelled.sum()) + budget, MOST_PARTS, len(grid)), seed=seed, rounds=ROUNDS)
    size = np.bincount(parts.labels, minlength=len(parts.centroids))
    size[parts.labels[labelled]] = 0
    middle = np.lexsort((-parts.similarities, parts.labels))
    first = middle[np.searchsorted(parts.labels[middle], np.arange(len(size)))[size > 0]]
    order = np.argsort(-size[size > 0], kind="stable")
    found = first[order][:budget]
    if len(found) < budget:
        rest = np.setdiff1d(np.flatnonzero(~labelled), found)
        rest = rest[np.argsort(-parts.similarities[rest], kind="stable")]
        found = np.concatenate([found, rest[: budget - len(found)]])
    return found.astype(np.int64)


def nearest_labelled(vectors: Blocks, free: np.ndarray, known: np.ndarray) -> np.ndarray:
    """float32 (f,): how like each free text is to the labelled text that is most like it; -1 where there is none."""
    near = np.full(len(free), -1, np.float32)
    if not len(known):
        return near
    for start in range(0, len(free), 2048):
        some = vectors(free[start : start + 2048])
        for head in range(0, len(known), 8192):
            like = some @ vectors(known[head : head + 8192]).T
            near[start : start + 2048] = np.maximum(near[start : start + 2048], like.max(axis=1))
    return near
