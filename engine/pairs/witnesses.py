"""Which rows can go: each has a witness, a row that stays and that it was verified to be like."""

import numpy as np

from engine.dataset import Pairs


def witnesses(pairs: Pairs, rows: np.ndarray, threshold: float, certain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each row the row that stays in its place, -1 for one that stays itself; and how similar the two are.

    rows: int64, the most wanted first; certain: bool, one each, rows that stay whatever they are like. Returns int64
    and float32, one each, NaN for a row that stays.

    Greedy: a row stays unless one that stays already is like it. So every row that goes has a witness that stays, and
    of two alike one goes, unless both are certain. Rows of a node are decided together: they are alike, and like the
    same others.
    """
    witness, similarity = np.full(len(rows), -1, np.int64), np.full(len(rows), np.nan, np.float32)
    order = np.argsort(~certain, kind="stable")
    ranked = pairs.of_row[rows[order]]
    nodes, best = _first_of_each(ranked)
    if not len(nodes):
        return witness, similarity
    near = (pairs.similarity >= threshold) & np.isin(pairs.first, nodes) & np.isin(pairs.second, nodes)
    # From here on nodes are numbered as their best rows stand in the order.
    first, second = (np.searchsorted(nodes, side[near]) for side in (pairs.first, pairs.second))
    by_rank = np.argsort(best)
    rank = np.empty(len(best), np.int64)
    rank[by_rank] = np.arange(len(best))
    best = best[by_rank]
    edges = rank[np.stack([first, second])]
    by, like = _decided(edges, pairs.similarity[near], len(best), int(certain[order[best]].sum()))

    there = np.flatnonzero(ranked >= 0)
    mine = rank[np.searchsorted(nodes, ranked[there])]
    gone = by[mine] >= 0
    goes = (gone | (best[mine] != there)) & ~certain[order[there]]
    here = order[there[goes]]
    witness[here] = rows[order[best[np.where(gone, by[mine], mine)[goes]]]]
    similarity[here] = np.where(gone, like[mine], 1.0)[goes]
    return witness, similarity


def _first_of_each(nodes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The nodes that occur, ascending, and where each occurs first; -1 is none."""
    there = np.flatnonzero(nodes >= 0)
    found, first = np.unique(nodes[there], return_index=True)
    return found, there[first]


def _decided(edges: np.ndarray, similarity: np.ndarray, n: int, certain: int) -> tuple[np.ndarray, np.ndarray]:
    """For each node the one that stays in its place, -1 where it stays itself, and how similar they are.

    edges: int (2, p) between n nodes, which are numbered in the order of preference; the first `certain` of them stay.
    Of several witnesses the most similar counts, of those the most wanted.
    """
    by, like = np.full(n, -1, np.int64), np.full(n, np.nan, np.float32)
    if not edges.size:
        return by, like
    low, high = np.sort(edges, axis=0)
    order = np.argsort(low, kind="stable")
    low, high = low[order], high[order]
    gone = np.zeros(n, bool)
    starts = np.flatnonzero(np.r_[True, low[1:] != low[:-1]])
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(low)], strict=True):
        if not gone[low[start]]:
            others = high[start:stop]
            gone[others[others >= certain]] = True
    both = np.concatenate([np.stack([low, high, order]), np.stack([high, low, order])], axis=1)
    stays, goes, at = both[:, ~gone[both[0]] & gone[both[1]]]
    sure = np.lexsort((stays, -similarity[at], goes))
    goes, which = np.unique(goes[sure], return_index=True)
    by[goes], like[goes] = stays[sure][which], similarity[at][sure][which]
    return by, like
