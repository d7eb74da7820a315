"""Rounds of SimCore: in each, every middle takes the nearest row that none has taken yet, until a round falls off."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.recipe.selectors._progress import tell

AHEAD = 64
NUMBERS_AT_ONCE = 1 << 25

Similar = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Rounds:
    """picks: int64, positions in pick order. means: of each round the mean similarity of what was taken in it, the last
    one not kept where `stopped`."""

    picks: np.ndarray
    means: tuple[float, ...]
    stopped: bool


def grow(similar: Similar, size: int, middles: int, k: int, *, stop_below: float, patience: int = 1) -> Rounds:
    """Up to k of the positions 0…size-1, round by round.

    similar(middles) gives float32 (len, size), similarity of some middles to all positions. stop_below: a round whose
    mean is below this share of that of round number `patience` ends it and is not kept; 0 never ends. Within a round
    the middles choose in their order, and what they took comes in order of similarity, so that a smaller budget keeps
    the first of a larger one. Ties go to the lower position.
    """
    taken = np.zeros(size, bool)
    ahead = min(size, 4 * -(-k // max(1, middles)) + AHEAD)
    queues = [np.empty(0, np.int64)] * middles
    values = [np.empty(0, np.float32)] * middles
    at = np.zeros(middles, np.int64)

    def refill(some: np.ndarray) -> None:
        together = max(1, NUMBERS_AT_ONCE // max(1, size))
        for start in range(0, len(some), together):
            part = some[start : start + together]
            for middle, similarity in zip(part.tolist(), similar(part), strict=True):
                queues[middle], values[middle] = _foremost(similarity, taken, ahead)
                at[middle] = 0

    refill(np.arange(middles))
    picks, means, limit, stopped = list[int](), list[float](), -np.inf, False
    count = 0
    while len(picks) < k and count < size:
        here, like = list[int](), list[float]()
        for middle in range(middles):
            if count == size:
                break
            while True:
                queue = queues[middle]
                while at[middle] < len(queue) and taken[queue[at[middle]]]:
                    at[middle] += 1
                if at[middle] < len(queue):
                    break
                refill(np.array([middle]))
            here.append(int(queue[at[middle]]))
            like.append(float(values[middle][at[middle]]))
            taken[here[-1]] = True
            count += 1
        means.append(float(np.mean(like)))
        if len(means) == patience:
            limit = stop_below * means[-1] if stop_below else -np.inf
        if len(means) > patience and means[-1] < limit:
            stopped = True
            break
        order = np.lexsort((np.array(here), -np.array(like)))
        picks += np.array(here)[order].tolist()
        tell(min(k, len(picks)), k)
    return Rounds(np.array(picks[:k], np.int64), tuple(means), stopped)


def _foremost(similarity: np.ndarray, taken: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Up to `most` positions that are not taken, most similar first, and their similarities."""
    left = np.flatnonzero(~taken)
    values = similarity[left]
    if most < len(left):
        cut = np.partition(values, len(left) - most)[len(left) - most]
        there = np.flatnonzero(values > cut)
        there = np.concatenate([there, np.flatnonzero(values == cut)[: most - len(there)]])
        left, values = left[there], values[there]
    order = np.lexsort((left, -values))
    return left[order], values[order]
