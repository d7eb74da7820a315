"""Exact search between parts: what an index, bands or a list of neighbours missed, and what follows from it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engine.dataset import Vectors
from engine.pairs.splits.bundles import by_appearance
from engine.pairs.splits.parted import Parted
from indexes import Exact

Across = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Some rows and others, int64 -> pairs of one of each that are similar enough, int64 (2, p): none is missed for good.

Where a row has several such, one of them is enough: what follows from it is searched again.
"""
_AT_ONCE = 4096


def near_across(vectors: Vectors, threshold: float, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """For each distinct text of some rows the nearest one of others, if at least so similar: int64 (2, p) rows."""
    mine, theirs = vectors.texts.of_row[rows], vectors.texts.of_row[others]
    nodes, first = np.unique(mine[mine >= 0], return_index=True)
    asking = rows[mine >= 0][first]
    within, place = np.unique(theirs[theirs >= 0], return_index=True)
    found = [np.empty((2, 0), np.int64)]
    for start in range(0, len(nodes) if len(within) else 0, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        nearest = Exact.build(vectors.grid).search(np.asarray(vectors.grid[nodes[part]]), 1, within=within)
        near = nearest.similarities[:, 0] >= np.float32(threshold)
        answer = others[theirs >= 0][place[np.searchsorted(within, nearest.rows[near, 0])]]
        found.append(np.stack([asking[part][near], answer]))
    return np.concatenate(found, axis=1)


def pairs_across(rows: np.ndarray, part: np.ndarray, across: Across) -> np.ndarray:
    """Pairs of rows that stand in two parts, int64 (2, p). rows: int64; part: int, one each, -1 for none.

    The rows of each part ask those of the parts after it, the fewest first.
    """
    parts = sorted((rows[part == p] for p in np.unique(part[part >= 0])), key=len)
    found = [np.empty((2, 0), np.int64)]
    found += [across(some, np.concatenate(parts[at + 1 :])) for at, some in enumerate(parts[:-1])]
    return np.concatenate(found, axis=1)


def closed(found: Parted, rows: np.ndarray, across: Across) -> tuple[Parted, int]:
    """The parts after a search between them finds nothing more, and how many pairs it found on the way.

    Two groups that a pair joins become one, in the part of the larger. Rows that moved ask again, and rows that found
    one, as there may be more; so it comes to an end soon. Shares change by what moved.
    """
    part, group, total = found.part.copy(), found.group.copy(), 0
    place = np.full(int(rows.max(initial=-1)) + 1, -1, np.int64)
    place[rows] = np.arange(len(rows))
    pairs = pairs_across(rows, part, across)
    while pairs.shape[1]:
        total += pairs.shape[1]
        before = part.copy()
        part, group = _joined(part, group, place[pairs])
        asks = part != before
        asks[place[pairs[0]]] = True
        some = [across(rows[asks & (part == p)], rows[(part >= 0) & (part != p)]) for p in np.unique(part[asks])]
        pairs = np.concatenate([np.empty((2, 0), np.int64), *some], axis=1)
    sizes = np.bincount(group[group >= 0])
    groups = int((sizes > 1).sum())
    return replace(found, part=part, group=group, groups=groups, largest=int(sizes.max(initial=0))), total


def _joined(part: np.ndarray, group: np.ndarray, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Parts and groups after some pairs, int64 (2, p) places, joined groups."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = int(group.max()) + 1
    ends = group[pairs]
    joins = coo_array((np.ones(ends.shape[1], bool), (ends[0], ends[1])), shape=(count, count))
    label = by_appearance(connected_components(joins, directed=False)[1])
    sizes = np.bincount(group[group >= 0], minlength=count)
    of_group = np.full(count, -1, np.int16)
    of_group[group[group >= 0]] = part[group >= 0]
    # Of the groups that became one the largest comes first, of equal ones that with the first row.
    order = np.lexsort((np.arange(count), -sizes, label))
    leads = order[np.unique(label[order], return_index=True)[1]]
    there = group >= 0
    new_group, new_part = group.copy(), part.copy()
    new_group[there] = label[group[there]]
    new_part[there] = of_group[leads][new_group[there]]
    return new_part, new_group
