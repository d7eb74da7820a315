"""What a cover stands on: the distinct texts among some rows, and how similar those are along the graph."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.recipe.selectors._nodes import Leaders, leaders
from engine.recipe.selectors._progress import tell
from engine.recipe.selectors.spread._cover import similarities
from engine.registry import Cost, Evidence, Figure, Json, Load, Remark
from engine.vectors import neighbours_left

A_ROW, A_PICK = 7e-6, 3e-5
"""Seconds a row left and a pick on a graph of 30 neighbours, measured on one core of a server of 2024."""
CACHED = 500_000
"""Rows whose graph is so large that reading it from memory takes as long as reckoning with it."""

OWN_GRAPH: dict[str, Evidence] = {
    "fresh_graph": Remark("So few neighbours were left that a graph of the rows left was made for this choice."),
    "graph_recall": Figure(
        "Neighbours found", "Of the true 10 nearest, by the approximate graph of the rows left", "{:.1%}"
    ),
}
"""What `Ground.graph` says, in words."""


def covering_cost(load: Load) -> Cost:
    """Along the graph, which is there: more than in proportion, as a large one does not fit near the processor."""
    rows = load.rows + load.kept
    return Cost(rows * A_ROW * (1 + rows / CACHED) + load.picks * A_PICK)


@dataclass(frozen=True)
class Ground:
    """Distinct texts among candidates and kept rows, m of them, in the order of their rows.

    found: the candidates. nodes: int64 (m,), their numbers. at: int64, the position of each number, -1 for none.
    row: int64 (m,), the candidate row of each position, -1 where it is kept. count: float64 (m,), rows of each.
    matrix: float32 (m, m), similarities along the graph. graph: notes of every cover: fresh_graph, whether a graph of
    these had to be made; then its graph_digest, and graph_recall of one that is approximate.
    """

    found: Leaders
    nodes: np.ndarray
    at: np.ndarray
    row: np.ndarray
    count: np.ndarray
    matrix: csr_array
    graph: dict[str, Json]


def ground_of(data: Dataset, embedding: str, rows: np.ndarray, kept: np.ndarray, *, what: str) -> Ground:
    """The ground of a cover; raises `EngineError` where there is no graph, saying what needs it.

    rows: int64, in any order; the first of those that share a text is its candidate.
    """
    vectors = data.embedding(embedding)
    if f"graph@{embedding}" not in data.added:
        raise EngineError(
            f"{what} needs the neighbour graph of {embedding!r}. Make it on Explore, or with `winnow map`."
        )
    found = leaders(vectors.texts, rows, kept)
    all_rows = np.concatenate([rows, kept])
    nodes, first, count = np.unique(vectors.texts.of_row[all_rows], return_index=True, return_counts=True)
    held = nodes >= 0
    order = np.argsort(all_rows[first[held]], kind="stable")
    nodes, count = nodes[held][order].astype(np.int64), count[held][order].astype(np.float64)
    at = np.full(len(vectors.texts), -1, np.int64)
    at[nodes] = np.arange(len(nodes))
    graph = neighbours_left(data, embedding, nodes, lambda what, done, total: tell(done, total, what))
    row = np.full(len(nodes), -1, np.int64)
    row[at[found.nodes]] = found.rows
    notes: dict[str, Json] = {"fresh_graph": graph.notes is not None}
    if graph.notes is not None:
        notes |= {"graph_digest": graph.notes["digest"]}
        notes |= {"graph_recall": graph.notes["recall"]} if graph.notes["kind"] != "exact" else {}
    return Ground(found, nodes, at, row, count, similarities(graph.neighbours, graph.similarity), notes)
