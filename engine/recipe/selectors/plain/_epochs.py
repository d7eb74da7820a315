"""A new random draw for each epoch of training: the draws, one after the other."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

Way = Literal["fresh draw", "walk"]


def epochs(n: int, k: int, *, way: Way = "fresh draw", seed: int = 0) -> Iterator[np.ndarray]:
    """The positions of each epoch, int64 (k,) of 0…n-1, without end; no position twice in an epoch.

    "fresh draw" draws each epoch from all. "walk" walks along a random order, so that all are seen after n / k epochs,
    rounded up; at its end the order is drawn anew, and an epoch that began in the old one goes on with those that it
    does not hold yet. The first epoch of both is the same.

    >>> [e.tolist() for e, _ in zip(epochs(4, 3, way="walk", seed=1), range(2))]
    [[0, 1, 2], [3, 0, 2]]
    """
    k = min(k, n)
    rng = np.random.default_rng(seed)
    order, at = rng.permutation(n), 0
    while True:
        if way == "walk" and at + k > n:
            begun = order[at:]
            order = rng.permutation(n)
            # Those of the epoch that began before the new order go to its end.
            order = np.concatenate([order[~np.isin(order, begun)], rng.permutation(begun)])
            yield np.concatenate([begun, order[: k - len(begun)]])
            at = k - len(begun)
            continue
        yield order[at : at + k]
        at += k
        if way == "fresh draw":
            order, at = rng.permutation(n), 0


def coverage(n: int, k: int, count: int) -> float:
    """What share of n rows `count` fresh draws of k are expected to have seen: 1 - (1 - k/n)^count.

    >>> round(coverage(10, 1, 10), 4)
    0.6513
    """
    return 1 - (1 - min(k, n) / n) ** count if n else 0.0
