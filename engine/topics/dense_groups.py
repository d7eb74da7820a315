"""How many dense groups texts fall into, counted on the neighbour graph."""

from typing import TYPE_CHECKING

import numpy as np

from engine.dataset import Graph

if TYPE_CHECKING:
    from scipy.sparse import coo_array


def dense_groups(graph: Graph, *, least: int, neighbours: int) -> int:
    """The leaves of HDBSCAN's tree: dense groups of at least so many texts that fall into no smaller ones.

    Two texts join at the least of three similarities: to each other, and of each to its own neighbour number
    `neighbours`. Only pairs of the graph are looked at. After Campello, Moulavi and Sander (2013). The same on every
    machine: equal similarities join in the order of the texts.
    """
    m = len(graph.neighbours)
    parent, size, leaves = list(range(m)), [1] * m, [int(least <= 1)] * m

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    joins = _joins(np.asarray(graph.neighbours), np.asarray(graph.similarity), neighbours)
    for one, other in zip(joins.row.tolist(), joins.col.tolist(), strict=True):
        large, small = root(one), root(other)
        if size[large] < size[small]:
            large, small = small, large
        leaves[large] += leaves[small]
        size[large] += size[small]
        leaves[large] = max(leaves[large], int(size[large] >= least))
        parent[small] = large
    return sum(leaves[node] for node in range(m) if parent[node] == node)


def _joins(neighbours: np.ndarray, similarity: np.ndarray, core: int) -> "coo_array":
    """The pairs of a spanning forest, the most similar first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    m, k = neighbours.shape
    if m == 0 or k == 0:
        return coo_array((m, m), dtype=np.float64)
    dense = similarity[:, min(core, k) - 1]
    one, other = np.repeat(np.arange(m), k), neighbours.ravel().astype(np.int64)
    there = other >= 0
    one, other = one[there], other[there]
    joined = np.minimum(similarity.ravel()[there], np.minimum(dense[one], dense[other]))
    pair, first = np.unique(np.minimum(one, other) * m + np.maximum(one, other), return_index=True)
    # Places in the order stand for similarities: no two are equal, so that there is one forest only.
    rank = np.empty(len(pair), dtype=np.float64)
    rank[np.argsort(-joined[first], kind="stable")] = np.arange(1, len(pair) + 1)
    forest = minimum_spanning_tree(coo_array((rank, (pair // m, pair % m)), shape=(m, m)).tocsr()).tocoo()
    order = np.argsort(forest.data)
    return coo_array((forest.data[order], (forest.row[order], forest.col[order])), shape=(m, m))
