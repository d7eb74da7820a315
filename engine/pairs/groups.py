"""How pairs hang together: groups of rows, and how large they are."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import Pairs


@dataclass(frozen=True)
class Grouped:
    """Rows that are pairs at a threshold or above, directly or over others. groups: of two rows or more.

    rows: in those groups; largest: rows of the largest one. repeats: int64 ascending, the rows of a node that another
    row of it stands before.
    """

    groups: int
    rows: int
    largest: int
    repeats: np.ndarray


def grouped(pairs: Pairs, threshold: float = 0.0) -> Grouped:
    """Count the groups."""
    there = np.flatnonzero(pairs.of_row >= 0)
    nodes = pairs.of_row[there]
    number = int(nodes.max(initial=-1)) + 1
    group = _components(pairs, threshold, number)
    sizes = np.bincount(group[nodes], minlength=1) if len(nodes) else np.zeros(1, np.int64)
    several = sizes[sizes > 1]
    first = np.zeros(len(there), bool)
    first[np.unique(nodes, return_index=True)[1]] = True
    return Grouped(len(several), int(several.sum()), int(several.max(initial=0)), there[~first])


def _components(pairs: Pairs, threshold: float, number: int) -> np.ndarray:
    """int (number,): the group of each node."""
    near = pairs.similarity >= threshold
    if not near.any():
        return np.arange(number)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    edges = coo_array((near[near], (pairs.first[near], pairs.second[near])), shape=(number, number))
    return np.asarray(connected_components(edges, directed=False)[1])
