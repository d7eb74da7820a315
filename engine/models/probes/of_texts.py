"""Texts rather than rows: which are copies of each other, and the one label of each."""

import numpy as np

from engine.dataset import Dataset
from engine.models.probes.nearest import groups_of

COPIES, MOST_COPIES = 0.95, 100


def copies_in(data: Dataset, embedding: str, m: int, copies: float = COPIES) -> np.ndarray:
    """int64 (m,): texts that are copies of each other have one number; without a graph each text its own."""
    if f"graph@{embedding}" not in data.added:
        return np.arange(m)
    graph, most = data.graph(embedding), max(2, min(MOST_COPIES, m // 10))
    return groups_of(np.asarray(graph.neighbours), np.asarray(graph.similarity), copies=copies, most=most)


def one_label_each(of_row: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Texts with a label and the label that most of their rows have, the first of several."""
    rows = np.flatnonzero((codes >= 0) & (of_row >= 0))
    width = int(codes.max(initial=0)) + 1
    pairs, count = np.unique(of_row[rows] * width + codes[rows], return_counts=True)
    order = np.lexsort((pairs, -count, pairs // width))
    texts, head = np.unique(pairs[order] // width, return_index=True)
    return texts.astype(np.int64), (pairs[order][head] % width).astype(np.int64)
