"""A tree of topics: coarse areas over fine topics, numbered so that neighbours in the tree have near numbers.

Where there are many topics, groups stand between: a third level.
"""

from math import sqrt

import numpy as np

from engine.dataset import Vectors

_MOST_AREAS = 24
_MANY_TOPICS = 100
_TOPICS_A_GROUP = 6


def areas_for(topics: int) -> int:
    """How many areas suit so many topics: about the square root, never more than a person keeps in sight."""
    return max(1, min(_MOST_AREAS, topics, round(sqrt(topics))))


def area_of_topics(centres: np.ndarray, areas: int) -> np.ndarray:
    """The area of each topic, int64 (t,), by Ward's hierarchical clustering of the topics' centres, float (t, d)."""
    if len(centres) <= 1 or areas <= 1:
        return np.zeros(len(centres), dtype=np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage

    return fcluster(linkage(centres, "ward"), t=areas, criterion="maxclust").astype(np.int64) - 1


def group_of_topics(centres: np.ndarray, area_of: np.ndarray) -> np.ndarray:
    """The group of each topic between its area and itself, int64 (t,), about six topics each, from 100 topics on.

    centres: float (t, d). area_of: int (t,). Of fewer topics none is made: an empty array.
    """
    if len(centres) < _MANY_TOPICS:
        return np.empty(0, dtype=np.int64)
    group = np.zeros(len(centres), dtype=np.int64)
    there = 0
    for area in np.unique(area_of).tolist():
        own = np.flatnonzero(area_of == area)
        group[own] = there + area_of_topics(centres[own], max(1, round(len(own) / _TOPICS_A_GROUP)))
        there = int(group[own].max()) + 1
    return group


def numbered(labels: np.ndarray, area_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Topic and area of each node, int32 (m,), numbered anew: the largest area first, in it the largest topic first.

    labels: int (m,), -1 is noise and stays so. area_of: the area of each label, int (t,). Labels that no node has get
    no number.
    """
    sizes = np.bincount(labels[labels >= 0], minlength=len(area_of))
    area_sizes = np.bincount(area_of, weights=sizes, minlength=int(area_of.max(initial=-1)) + 1)
    present = np.flatnonzero(sizes > 0)
    order = present[np.lexsort((present, -sizes[present], area_of[present], -area_sizes[area_of[present]]))]
    topic_number = np.full(len(area_of) + 1, -1, dtype=np.int32)
    topic_number[order] = np.arange(len(order), dtype=np.int32)
    areas_in_order = list(dict.fromkeys(area_of[order].tolist()))
    area_number = np.full(len(area_sizes) + 1, -1, dtype=np.int32)
    area_number[areas_in_order] = np.arange(len(areas_in_order), dtype=np.int32)
    area_of_label = np.append(area_number[area_of], -1)
    return topic_number[labels], area_of_label[labels].astype(np.int32)


def topic_sums(grid: np.ndarray, labels: np.ndarray, *, topics: int, block_rows: int = 16384) -> np.ndarray:
    """The sum of each topic's vectors, int64 (topics, d), from grid vectors, int16 (m, d); noise is left out."""
    sums = np.zeros((topics, grid.shape[1]), dtype=np.int64)
    for start in range(0, len(grid), block_rows):
        part = labels[start : start + block_rows]
        order = np.argsort(part, kind="stable")
        order = order[part[order] >= 0]
        if len(order):
            present, first = np.unique(part[order], return_index=True)
            sums[present] += np.add.reduceat(grid[start : start + block_rows][order], first, axis=0, dtype=np.int64)
    return sums


def directions(sums: np.ndarray) -> np.ndarray:
    """Sums scaled to unit length, float64, rows of zeros as they are."""
    values = sums.astype(np.float64)
    length = np.linalg.norm(values, axis=1, keepdims=True)
    return values / np.where(length > 0, length, 1.0)


def topic_directions(vectors: Vectors, labels: np.ndarray) -> np.ndarray:
    """The middle of each topic as a unit vector, float64 (topics, d). labels: int (m,) over the texts, -1 is noise."""
    return directions(topic_sums(vectors.grid, labels, topics=int(labels.max(initial=-1)) + 1))
