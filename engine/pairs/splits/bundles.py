"""Bundles: rows that can never be parted, and the likenesses that join one bundle to another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Pairs

Link = tuple[Pairs, float]
"""Pairs, and the least similarity that counts."""


@dataclass(frozen=True)
class Bundles:
    """Rows that share a node of some pairs, or a value that stays together; and the links between them.

    of_row: int64, the bundle of each row, numbered by first appearance. rows: int64, how many are in each. starts,
    others: int64, the links of each bundle, seen from both ends.
    """

    of_row: np.ndarray
    rows: np.ndarray
    starts: np.ndarray
    others: np.ndarray

    def groups(self, gone: np.ndarray) -> np.ndarray:
        """int64, the group of each bundle, numbered by first appearance, -1 for those that are gone (bool).

        A group is what links hold together: there is none between two groups.
        """
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        ends = np.repeat(np.arange(len(self.rows)), np.diff(self.starts))
        there = ~(gone[ends] | gone[self.others])
        shape = (len(self.rows), len(self.rows))
        links = csr_array((np.ones(int(there.sum()), bool), (ends[there], self.others[there])), shape=shape)
        found = np.full(len(self.rows), -1, np.int64)
        found[~gone] = by_appearance(connected_components(links, directed=False)[1][~gone])
        return found


def bundled(rows: np.ndarray, links: Sequence[Link], together: np.ndarray | None) -> Bundles:
    """The bundles of some rows, int64. together: int, one a row: equal numbers stay together, -1 with nobody.

    Only what these rows hold counts: two texts that are like a third which is not among them are not joined by it.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    shared = [pairs.of_row[rows] for pairs, _ in links] + ([] if together is None else [together])
    total, ends = len(rows), [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for nodes in shared:
        there = np.flatnonzero(nodes >= 0)
        ends.append((there, total + nodes[there].astype(np.int64)))
        total += int(nodes.max(initial=-1)) + 1
    left, right = (np.concatenate(side) for side in zip(*ends, strict=True))
    graph = coo_array((np.ones(len(left), bool), (left, right)), shape=(total, total))
    of_row = by_appearance(connected_components(graph, directed=False)[1][: len(rows)])
    sizes = np.bincount(of_row).astype(np.int64)
    joined = [np.empty((2, 0), np.int64)]
    for pairs, threshold in links:
        of_node = np.full(int(max(pairs.of_row.max(initial=-1), pairs.second.max(initial=-1))) + 1, -1, np.int64)
        nodes = pairs.of_row[rows]
        of_node[nodes[nodes >= 0]] = of_row[nodes >= 0]
        near = pairs.similarity >= np.float32(threshold)
        two = np.stack([of_node[pairs.first[near]], of_node[pairs.second[near]]])
        joined.append(two[:, (two >= 0).all(axis=0) & (two[0] != two[1])])
    one, other = np.concatenate(joined, axis=1)
    ends_ = np.concatenate([one, other]), np.concatenate([other, one])
    both = coo_array((np.ones(2 * len(one), bool), ends_), shape=(len(sizes), len(sizes))).tocsr()
    both.sort_indices()
    return Bundles(of_row, sizes, both.indptr.astype(np.int64), both.indices.astype(np.int64))


def by_appearance(labels: np.ndarray) -> np.ndarray:
    """Labels numbered anew by where each appears first, so that they do not depend on who gave them.

    >>> by_appearance(np.array([7, 2, 7, 0])).tolist()
    [0, 1, 0, 2]
    """
    _, first, which = np.unique(labels, return_index=True, return_inverse=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    return number[which]
