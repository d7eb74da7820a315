"""Farthest-first traversal on grid vectors: each pick is the row least similar to all picks before it."""

from collections.abc import Callable

import numpy as np

from engine.recipe.selectors._progress import tell

POOL = 2048
IN_POOL_A_SECOND, PRODUCTS_A_SECOND = 4e9, 1e11
"""Numbers compared a second, pick by pick inside the pool and all at once; measured on one core of a server of 2024."""
SLICE = 256
BLOCK = 8192

Floats = Callable[[np.ndarray], np.ndarray]


def farthest_first(
    floats: Floats, m: int, k: int, *, near: np.ndarray, lift: np.ndarray | None = None, pull: float = 1.0
) -> tuple[np.ndarray, float]:
    """The first k picks, and the similarity of the worst covered candidate to its nearest pick after them.

    floats(positions) gives float32 (len, d) of candidates 0…m-1. near: float32 (m,), similarity of each candidate to
    its nearest pick so far, -inf before the first. Returns int64 (k,) and a similarity, 1.0 when nothing is left.

    lift, pull: what comes first is the least of pull times `near` plus lift, float64 (m,), instead of `near` alone.

    Exact, but lazy: `near` only ever grows, so an old value is a bound from below, and a candidate whose old value is
    high need not be looked at. The least similar ones form a pool; a pick is final when it comes before all outside the
    pool. Ties go to the lower position. On grid vectors every similarity is exact, so threads and blocks change
    nothing.
    """
    near = near.astype(np.float32)

    def key(at: np.ndarray | slice) -> np.ndarray:
        return near[at] if lift is None else pull * near[at].astype(np.float64) + lift[at]

    picks = np.empty(k, np.int64)
    taken = np.zeros(m, bool)
    vectors = np.empty((0, 0), np.float32)
    done = np.zeros(m, np.int64)  # how many picks each candidate's `near` has seen
    count = 0
    while True:
        pool, edge = lowest(key(slice(None)), taken, POOL)
        if not len(pool):
            return picks[:count], 1.0
        tell(count, k)
        there = floats(pool)
        for part in np.array_split(np.argsort(done[pool], kind="stable"), max(1, len(pool) // SLICE)):
            # Those that have seen most picks stand together: a product is as small as it can be.
            since = int(done[pool[part]].min())
            for first in range(since, count, BLOCK):
                similarity = there[part] @ vectors[first : min(count, first + BLOCK)].T
                near[pool[part]] = np.maximum(near[pool[part]], similarity.max(axis=1))
        done[pool] = count
        while True:
            wish = np.where(taken[pool], np.inf, key(pool))
            best = int(np.argmin(wish))
            here = int(pool[best])
            if taken[here] or (float(wish[best]), here) > edge:
                break  # somebody outside the pool may come first
            if count == k:
                return picks, float(near[here])
            if not count:
                vectors = np.empty((k, there.shape[1]), np.float32)
            vectors[count] = there[best]
            picks[count] = here
            taken[here] = True
            count += 1
            near[pool] = np.maximum(near[pool], there @ there[best])
            done[pool] = count


def farthest_seconds(rows: float, picks: float, dimension: float, kept: float = 0.0) -> float:
    """About how long it takes to find so many picks among so many candidates, beside rows that are kept.

    Each pick is compared with those in the pool, and with part of the others; each kept row with all of them.
    """
    among = picks * (min(rows, POOL) / IN_POOL_A_SECOND + rows / PRODUCTS_A_SECOND)
    return dimension * (among + kept * rows / PRODUCTS_A_SECOND)


def lowest(near: np.ndarray, taken: np.ndarray, size: int) -> tuple[np.ndarray, tuple[float, int]]:
    """The candidates with the lowest (near, position), and the (near, position) of the first that is not among them."""
    left = np.flatnonzero(~taken)
    if len(left) <= size:
        return left, (np.inf, len(near))
    values = near[left]
    cut = np.partition(values, size)[size]
    below = left[values < cut]
    tied = left[values == cut]
    room = size - len(below)
    return np.sort(np.concatenate([below, tied[:room]])), (float(cut), int(tied[room]))


def nearest_of(floats: Floats, m: int, vectors: np.ndarray) -> np.ndarray:
    """float32 (m,): similarity of each candidate to the nearest of some vectors, float32 (p, d); -inf without any."""
    near = np.full(m, -np.inf, np.float32)
    for start in range(0, m, BLOCK):
        block = floats(np.arange(start, min(m, start + BLOCK)))
        for first in range(0, len(vectors), BLOCK):
            part = (block @ vectors[first : first + BLOCK].T).max(axis=1)
            near[start : start + BLOCK] = np.maximum(near[start : start + BLOCK], part)
    return near


def most_central(floats: Floats, m: int) -> int:
    """The candidate most similar to the mean of all, the lowest position among equals."""
    total = np.zeros(1)
    for start in range(0, m, BLOCK):
        total = total + floats(np.arange(start, min(m, start + BLOCK))).sum(axis=0, dtype=np.float64)
    best, at = -np.inf, 0
    for start in range(0, m, BLOCK):
        # Sums of grid values in float64 are exact, as long as they stay below 2^31.
        similarity = floats(np.arange(start, min(m, start + BLOCK))).astype(np.float64) @ total
        if similarity.max() > best:
            best, at = float(similarity.max()), start + int(np.argmax(similarity))
    return at


def nearest_other(vectors: np.ndarray) -> float | None:
    """The mean similarity of each vector, float32 (p, d), to the other one most like it; None for fewer than two."""
    if len(vectors) < 2:
        return None
    total = 0.0
    for start in range(0, len(vectors), BLOCK // 4):
        similarity = vectors[start : start + BLOCK // 4] @ vectors.T
        own = np.arange(len(similarity))
        similarity[own, start + own] = -np.inf
        total += float(similarity.max(axis=1).sum(dtype=np.float64))
    return total / len(vectors)
