"""Groups go into parts one by one, and how far each row is from one of them by its links."""

import numpy as np

from engine.compiled import compiled


@compiled
def assigned(
    order: np.ndarray,
    sizes: np.ndarray,
    starts: np.ndarray,
    strata: np.ndarray,
    counts: np.ndarray,
    wanted: np.ndarray,
) -> np.ndarray:
    """int16, the part of each group: of those with room the one that lacks most of its strata, of these most rows.

    order: int64, groups in the order to place them. sizes: int64, rows of each. starts, strata, counts: rows of each
    stratum in each group, int64 as a sparse matrix. wanted: float64 (parts, strata), rows that each part should have.

    Where no part has room, the one that lacks most rows takes it: then no part ends further from what was wanted than
    the largest group that found no room.
    """
    parts = len(wanted)
    lacks = wanted.copy()
    of_stratum = lacks.sum(axis=0)
    whole = lacks.sum(axis=1)
    found = np.empty(len(sizes), np.int16)
    for g in order:
        best, best_room, best_score = -1, False, 0.0
        for p in range(parts):
            room, score = whole[p] >= sizes[g], 0.0
            for e in range(starts[g], starts[g + 1]):
                score += counts[e] * lacks[p, strata[e]] / of_stratum[strata[e]]
            if best >= 0 and room == best_room:
                if room:
                    better = score > best_score or (score == best_score and whole[p] > whole[best])
                else:
                    better = whole[p] > whole[best] or (whole[p] == whole[best] and score > best_score)
            else:
                better = best < 0 or room
            if better:
                best, best_room, best_score = p, room, score
        found[g] = best
        whole[best] -= sizes[g]
        for e in range(starts[g], starts[g + 1]):
            lacks[best, strata[e]] -= counts[e]
    return found


@compiled
def levels(starts: np.ndarray, others: np.ndarray, gone: np.ndarray, start: int) -> np.ndarray:
    """int32, how many links each node is away from one of them; -1 for one that no link leads to, or that is gone."""
    far = np.full(len(starts) - 1, -1, np.int32)
    waiting = np.empty(len(far), np.int64)
    waiting[0] = start
    far[start] = 0
    first, last = 0, 1
    while first < last:
        v = waiting[first]
        first += 1
        for e in range(starts[v], starts[v + 1]):
            w = others[e]
            if far[w] < 0 and not gone[w]:
                far[w] = far[v] + 1
                waiting[last] = w
                last += 1
    return far
