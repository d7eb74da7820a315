"""Whether the neighbours of a row have its label."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import cells, copies_of, labels_of_nodes, modes, most, one_label_each, votes
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Value, row_cost
from engine.signals.labels._labelled import COPIES, labelled

SHARP = 10.0
"""With votes by similarity, a neighbour of 0.9 counts e times one of 0.8."""

ABOUT = About(
    title="Label agreement with neighbours",
    version=2,
    needs={"graph": ""},
    values={
        "label_agreement": Value("number", "share of neighbours with the same, 0 to 1"),
        "agreement_beyond_chance": Value("number", "0 by chance, 1 at most"),
        "neighbours_label": Value("category", labels_of="label"),
        "neighbours_apart": Value("number", "0 of one label to 1"),
        "label_modes": Value("integer", "parts of the label apart from each other"),
        "label_mode": Value("integer", "which part, 1 the largest"),
        "copies_disagree": Value("number", "share of copies with another, 0 to 1"),
    },
    cost=row_cost(50_000),
)


def label_agreement(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn, Help("The column of labels.")],
    k: Annotated[int, Bounds(1, 200), Help("Few: the closest kin alone. Many: the whole neighbourhood.")] = 10,
    count: Annotated[
        Literal["by similarity", "all alike"], Help("Whether a nearer neighbour's vote counts more.")
    ] = "by similarity",
    copies: Annotated[
        float, Bounds(0.5, 1.0), Help("Similarity from which a neighbour is a copy, which has no vote.")
    ] = COPIES,
) -> dict[str, np.ndarray]:
    """Whether the {k} nearest by {embedding} have the same {label} as a row, and what they say otherwise.

    float32 label_agreement: the votes for its own label among distinct texts that are no copies, {count}; a text of
    several rows votes as the mean of them. agreement_beyond_chance: the same with the share of rows that have the label
    anyway taken off, so that rare labels and common ones can be compared. neighbours_label: what most of them say, the
    label listed first where they are tied. neighbours_apart: the chance that two votes of theirs say different labels.
    label_modes: in how many parts its label lies that no chain of neighbours with that label joins, those of two texts
    and a twentieth of it at least; label_mode: which of them the row is in, 1 the largest, missing in a smaller one.
    Heaps of fewer than {k} texts may be joined to far ones. copies_disagree: of the labelled rows that are copies of it
    (similarity of {copies} or more, or the very text) the share that has another label. Missing for a row without a
    label or a vector, and where no neighbour has a label (no copy is there).
    Source: LOOK (Feng et al. 2022); 15 neighbours of a set with 5 % wrong labels tell most of them.
    Raises `EngineError` for a k beyond the graph's, and where fewer than two labels are used.
    """
    graph, rows = data.graph(embedding), labelled(data, label, embedding)
    if k > graph.neighbours.shape[1]:
        raise EngineError(
            f"label_agreement with k = {k} is more than the neighbour graph of {embedding!r} holds. "
            f"Take k up to {graph.neighbours.shape[1]}."
        )
    near, similarity = np.asarray(graph.neighbours), np.asarray(graph.similarity)
    classes, node, code = len(rows.names), rows.node[rows.rows], rows.codes[rows.rows]
    share = labels_of_nodes(node, code, len(near), classes)
    sharp = SHARP if count == "by similarity" else 0.0
    said = votes(near[:, :k], similarity[:, :k], share, sharp=sharp, copies=copies)
    told = np.diff(said.indptr)[node] > 0
    found = {name: np.full(data.n, np.nan, np.float32) for name in ABOUT.values}
    agree = np.where(told, cells(said, node, code), np.nan)
    prior = np.bincount(code, minlength=classes)[code] / len(code)
    found["label_agreement"][rows.rows] = agree
    found["agreement_beyond_chance"][rows.rows] = (agree - prior) / np.maximum(1 - prior, 1e-9)
    apart = 1 - np.asarray(said.multiply(said).sum(axis=1)).ravel()[node]
    found["neighbours_apart"][rows.rows] = np.where(told, apart, np.nan)
    best = np.full(data.n, -1, np.int32)
    best[rows.rows] = np.where(told, most(said)[node], -1)
    known, one = one_label_each(rows.node, rows.codes)
    in_mode, in_all = modes(near[:, :k], known, one, classes)
    mine = np.full(len(near), -1, np.int64)
    mine[known] = one  # a text of several labels is of the one that most of its rows have
    found["label_mode"][rows.rows] = np.where((in_mode[node] > 0) & (mine[node] == code), in_mode[node], np.nan)
    found["label_modes"][rows.rows] = in_all[code]
    counted = np.bincount(node, minlength=len(near))
    of_all, by_label = copies_of(near, similarity, share.multiply(counted[:, None]).tocsr(), copies=copies)
    others = of_all[node] - 1
    same = cells(by_label, node, code) - 1
    found["copies_disagree"][rows.rows] = np.where(others > 0, 1 - same / np.maximum(others, 1), np.nan)
    return {**found, "neighbours_label": best}
