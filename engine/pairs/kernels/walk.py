"""The greedy walk over rows in the order of preference: who stays, and for whom the others go."""

import numpy as np

from engine.compiled import compiled


@compiled
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

    starts, others, likes: `Pairs.edges`, from a node that stays to those that may go for it. nodes: int32, of the rows
    in the order of preference, -1 for one that is like none. certain: bool, rows that stay.
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


@compiled
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
    first = np.full(len(starts) - 1, -1, np.int64)
    for i in range(len(nodes)):
        if nodes[i] >= 0 and stay[i] and first[nodes[i]] < 0:
            first[nodes[i]] = i
    best, most = first.copy(), np.ones(len(starts) - 1, np.float32)
    for i in range(len(nodes)):
        v = nodes[i]
        if v < 0 or first[v] != i:
            continue
        for e in range(starts[v], starts[v + 1]):
            u = others[e]
            if likes[e] >= threshold and first[u] < 0 and (best[u] < 0 or likes[e] > most[u]):
                best[u], most[u] = i, likes[e]
    by = np.full(len(nodes), -1, np.int64)
    like = np.full(len(nodes), np.nan, np.float32)
    for i in range(len(nodes)):
        v = nodes[i]
        if v >= 0 and not stay[i]:
            by[i], like[i] = best[v], most[v]
    return by, like
