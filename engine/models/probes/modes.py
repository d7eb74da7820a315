"""In how many parts a label lies that are apart from each other."""

import numpy as np

LEAST = 0.05
"""The share of a label from which a part counts: less may be a few wrong ones."""


def modes(near: np.ndarray, known: np.ndarray, code: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """int64 (m,): of each text which part of its label it is in, 1 the largest, 0 for none; int64 (K,), how many parts
    each label has.

    near: int (m, k), the neighbours of all texts, -1 for none; known: int64, texts with a label, each once; code: their
    labels. Two texts are of one part where a chain of neighbours with that label leads from one to the other; a part
    has two texts at least, and a twentieth of the label's.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    m = len(near)
    of = np.full(m + 1, -1, np.int64)
    of[known] = code
    one = np.repeat(known, near.shape[1])
    other = near[known].ravel()
    same = (other >= 0) & (of[other] == of[one])
    joined = coo_array((np.ones(int(same.sum()), bool), (one[same], other[same])), shape=(m, m))
    part = connected_components(joined, directed=False)[1][known]
    size = np.bincount(part)
    whole = np.bincount(code, minlength=classes)
    parts, first = np.unique(part, return_index=True)
    label = code[first]
    counts = size[parts] >= np.maximum(LEAST * whole[label], 2)
    order = np.lexsort((first, -size[parts], label))
    order = order[counts[order]]
    total = np.bincount(label[order], minlength=classes)
    rank = np.zeros(len(size), np.int64)
    rank[parts[order]] = np.arange(len(order)) - np.repeat(np.cumsum(total) - total, total) + 1
    found = np.zeros(m, np.int64)
    found[known] = rank[part]
    return found, total
