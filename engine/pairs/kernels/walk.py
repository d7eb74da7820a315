"""The greedy walk over rows in the order of preference: who stays, and for whom the others go."""

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def stays(
    nodes: np.ndarray,
    certain: np.ndarray,
    starts: np.ndarray,
    others: np.ndarray,
    likes: np.ndarray,
    threshold: np.float32,
    most: int,
) -> np.ndarray:
    """bool, one a row: a row goes once `most` rows that stay are like it, in its own node or in one beside it.

    nodes: int32, of the rows in the order of preference, -1 for one that is like none. certain: bool, rows that stay.
    """
    here = np.zeros(len(starts) - 1, np.int32)
    near = np.zeros(len(starts) - 1, np.int32)
    found = np.ones(len(nodes), np.bool_)
    for i in range(len(nodes)):
        v = nodes[i]
        if v < 0:
            continue
        if not certain[i] and here[v] + near[v] >= most:
            found[i] = False
            continue
        here[v] += 1
        for e in range(starts[v], starts[v + 1]):
            if likes[e] >= threshold:
                near[others[e]] += 1
    return found


@njit(nogil=True, cache=True)
def witness(
    nodes: np.ndarray,
    stay: np.ndarray,
    starts: np.ndarray,
    others: np.ndarray,
    likes: np.ndarray,
    threshold: np.float32,
) -> tuple[np.ndarray, np.ndarray]:
    """For each row that goes the place of the one that stays for it, and how like it is: int64, -1; float32, NaN.

    The most similar of those that stay, of them the most wanted.
    """
    best = np.full(len(starts) - 1, -1, np.int64)
    for i in range(len(nodes)):
        if nodes[i] >= 0 and stay[i] and best[nodes[i]] < 0:
            best[nodes[i]] = i
    by = np.full(len(nodes), -1, np.int64)
    like = np.full(len(nodes), np.nan, np.float32)
    of_node = np.full(len(starts) - 1, -1, np.int64)
    like_node = np.zeros(len(starts) - 1, np.float32)
    known = np.zeros(len(starts) - 1, np.bool_)
    for i in range(len(nodes)):
        v = nodes[i]
        if v < 0 or stay[i]:
            continue
        if not known[v]:
            known[v] = True
            if best[v] >= 0:
                of_node[v], like_node[v] = best[v], 1.0
            for e in range(starts[v], starts[v + 1]):
                other = best[others[e]]
                if other >= 0 and likes[e] >= threshold:
                    better = likes[e] > like_node[v] or (likes[e] == like_node[v] and other < of_node[v])
                    if of_node[v] < 0 or better:
                        of_node[v], like_node[v] = other, likes[e]
        by[i], like[i] = of_node[v], like_node[v]
    return by, like
