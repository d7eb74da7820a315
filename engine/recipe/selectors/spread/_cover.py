"""Facility location on a sparse graph: lazy greedy, and how far it can be from the best possible.

Similarities on the grid are multiples of 2^-22, so that sums in float64 are exact: a gain is the same number whatever
the order of the sum, and lazy greedy picks exactly what plain greedy picks.
"""

import heapq
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array, eye_array

from engine.recipe.selectors._progress import tell
from engine.recipe.selectors.spread._bound import all_gains, tightened

PREFIXES = 8
TOLD = 256


@dataclass(frozen=True)
class Cover:
    """A greedy cover, and a bound that no other choice of as many candidates can pass.

    picks: int64, positions in pick order. gains: float64, what each added. base: what was covered before the first.
    """

    picks: np.ndarray
    gains: np.ndarray
    base: float
    bound: float

    @property
    def value(self) -> float:
        """What is covered in the end."""
        return self.base + float(self.gains.sum())


def similarities(neighbours: np.ndarray, similarity: np.ndarray) -> csr_array:
    """A symmetric matrix float32 (m, m): similarity where either is a neighbour of the other, 1 to itself, held to 0…1.

    neighbours: int32 (m, k), -1 where there is none; similarity: float32 (m, k).
    """
    m = len(neighbours)
    there = neighbours >= 0
    start = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    one_way = csr_array((np.clip(similarity[there], 0, 1), neighbours[there], start), shape=(m, m))
    return one_way.maximum(one_way.T.tocsr()).maximum(eye_array(m, dtype=np.float32, format="csr")).tocsr()


def greedy_cover(matrix: csr_array, weight: np.ndarray, *, candidates: np.ndarray, chosen: np.ndarray, k: int) -> Cover:
    """Pick up to k candidates, each adding most to the sum of weight times similarity to the nearest pick.

    matrix: symmetric, non-negative (m, m). weight: float64 (m,). candidates: int64, ascending; chosen: int64, picked
    already. Ties go to the lower position. Stops when nothing adds anything. Source: Minoux 1978 (lazy greedy);
    Nemhauser, Wolsey, Fisher 1978 (at least 1 - 1/e of the best); the bound is theirs too: what is covered after any
    prefix plus the k largest gains then, least over some prefixes, and from there `tightened`.
    """
    start, at, s = matrix.indptr, matrix.indices, matrix.data
    near = np.zeros(matrix.shape[0], s.dtype)
    for j in chosen:
        part = slice(start[j], start[j + 1])
        near[at[part]] = np.maximum(near[at[part]], s[part])
    least = closest = near.copy()
    base = value = float(near.astype(np.float64) @ weight)
    first = all_gains(matrix, weight, near)[candidates]
    bound = min(float(weight.sum()), base + _largest(first, k))
    order = np.argsort(-first, kind="stable")
    waiting = [(-float(g), int(c)) for g, c in zip(first[order], candidates[order], strict=True)]
    # Already sorted, and a sorted list is a heap.
    look = {round(k * i / PREFIXES) for i in range(1, PREFIXES + 1)}
    picks: list[int] = []
    gains: list[float] = []
    while len(picks) < k and waiting:
        _, j = waiting[0]
        part = slice(start[j], start[j + 1])
        here = at[part]
        more = s[part] - near[here]
        gain = float(np.maximum(more, 0) @ weight[here])
        entry = (-gain, j)
        # An old gain is a bound from above: when the newest still comes first, it is the largest of all.
        if len(waiting) > 1 and entry > min(waiting[1 : 1 + 2]):
            heapq.heapreplace(waiting, entry)
            continue
        if gain <= 0:
            break
        heapq.heappop(waiting)
        picks.append(j)
        gains.append(gain)
        value += gain
        near[here] = np.maximum(near[here], s[part])
        if len(picks) % TOLD == 0:
            tell(len(picks), k)
        if len(picks) in look:
            left = np.setdiff1d(candidates, picks, assume_unique=True)
            here_bound = value + _largest(all_gains(matrix, weight, near)[left], k)
            if here_bound < bound:
                bound, closest = here_bound, near.copy()
    bound = tightened(
        matrix, weight, candidates=candidates, least=least, near=closest, k=k, value=value, bound=bound
    )  # fmt: skip
    return Cover(np.array(picks, np.int64), np.array(gains, np.float64), base, max(bound, value))


def stands_for(matrix: csr_array, count: np.ndarray, picks: np.ndarray) -> np.ndarray:
    """float64, one a pick: the sum of counts over the positions whose most similar pick it is.

    Of equally similar picks the earlier one stands for a position; a position like no pick counts for none.
    """
    nearest, best = np.full(matrix.shape[0], -1, np.int64), np.zeros(matrix.shape[0], np.float32)
    for place, j in enumerate(picks):
        part = slice(matrix.indptr[j], matrix.indptr[j + 1])
        here, s = matrix.indices[part], matrix.data[part]
        closer = s > best[here]
        best[here[closer]] = s[closer]
        nearest[here[closer]] = place
    held = nearest >= 0
    return np.bincount(nearest[held], weights=count[held], minlength=len(picks))


def _largest(values: np.ndarray, k: int) -> float:
    """The sum of the k largest."""
    if k < 1:
        return 0.0
    if k < len(values):
        values = np.partition(values, len(values) - k)[len(values) - k :]
    return float(values.sum())
