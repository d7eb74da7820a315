"""How odd a text is by its neighbours, each kind for itself: in meaning, and for its label."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Value, row_cost

ABOUT = About(
    title="Odd, by kind: meaning and label",
    needs={"graph": ""},
    values={
        "odd_meaning": Value("number", "1 - similarity, 0 to 2"),
        "odd_label": Value("number", "share of neighbours with another, 0 to 1"),
    },
    cost=row_cost(100_000),
)


def odd_neighbours(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn | None, Help("The column of labels. Left out: not told.")] = None,
    k: Annotated[int, Bounds(1, 200), Help("Few: the closest kin alone. Many: the whole neighbourhood.")] = 10,
) -> dict[str, np.ndarray]:
    """Tell how odd a text is beside its {k} nearest by {embedding}, in two columns: in meaning, and for its {label}.

    float32, higher is odder. odd_meaning: 1 less the mean similarity to them, as `density` has it: often rare and good.
    odd_label: the share of them that have another label, over distinct texts, of which each counts by the share of its
    rows. Missing for a row without a vector or a label, and where there is no other text.
    """
    graph, texts = data.graph(embedding), data.embedding(embedding).texts
    if k > graph.neighbours.shape[1]:
        raise EngineError(
            f"odd_neighbours with k = {k} is more than the neighbour graph of {embedding!r} holds. "
            f"Take k up to {graph.neighbours.shape[1]}."
        )
    neighbours = graph.neighbours[:, :k]
    there = neighbours >= 0
    number = there.sum(axis=1)
    total = np.where(there, graph.similarity[:, :k], 0).sum(axis=1, dtype=np.float64)
    away = np.where(number > 0, 1 - total / np.maximum(number, 1), np.nan).astype(np.float32)
    found = np.full(data.n, np.nan, np.float32)
    if label:
        codes, labels = data.codes(label)
        rows = np.flatnonzero((codes >= 0) & (texts.of_row >= 0))
        found[rows] = others(neighbours, texts.of_row[rows], codes[rows], len(labels))
    return {"odd_meaning": data.per_row(away, texts), "odd_label": found}


def others(neighbours: np.ndarray, node: np.ndarray, code: np.ndarray, labels: int) -> np.ndarray:
    """float64 (r,): for rows by node and label, the share of the node's neighbours that have another label.

    neighbours: int32 (m, k), -1 for none. A neighbour of several rows counts by the share of them; one without a
    labelled row not at all. NaN where none is left.
    """
    pairs, counts = np.unique(node.astype(np.int64) * labels + code, return_counts=True)
    labelled = np.bincount(node, minlength=len(neighbours))
    other, told = np.zeros(len(node)), np.zeros(len(node))
    for column in neighbours.T:
        near = column[node]
        some = np.flatnonzero((near >= 0) & (labelled[np.maximum(near, 0)] > 0))
        wanted = near[some].astype(np.int64) * labels + code[some]
        at = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
        same = np.where(pairs[at] == wanted, counts[at], 0) / labelled[near[some]]
        other[some] += 1 - same
        told[some] += 1
    return np.divide(other, told, out=np.full(len(node), np.nan), where=told > 0)
