"""Whether texts of two parts mean nearly the same, by exact search over their vectors."""

import numpy as np

from engine.dataset import Vectors
from engine.pairs.tick import Tick, silent
from indexes import Exact


def near_across(vectors: Vectors, threshold: float, rows: np.ndarray, part: np.ndarray, tick: Tick = silent) -> int:
    """How many distinct texts have one in another part that is at least so similar. Nothing is left to an index.

    rows: int64. part: int, one each, -1 for a row in no part. A text that stands in two parts itself counts too.
    """
    nodes = vectors.texts.of_row[rows]
    there = (nodes >= 0) & (part >= 0)
    parts = [np.unique(nodes[there & (part == p)]) for p in range(int(part.max(initial=-1)) + 1)]
    parts.sort(key=len)
    index = Exact.build(vectors.grid)
    found = 0
    for at, queries in enumerate(parts[:-1]):  # of two parts the smaller asks
        others = np.concatenate(parts[at + 1 :])
        for start in range(0, len(queries), _AT_ONCE):
            tick("Searching other parts", start, len(queries))
            some = queries[start : start + _AT_ONCE]
            if len(others):
                nearest = index.search(np.asarray(vectors.grid[some]), 1, within=others)
                found += int((nearest.similarities[:, 0] >= np.float32(threshold)).sum())
    return found


_AT_ONCE = 4096
"""Queries between two looks at whether the work is to stop."""
