"""What a cover stands on: the distinct texts among some rows, and how similar those are along the graph."""

import hashlib
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from engine.dataset import Dataset, Graph, Vectors
from engine.errors import EngineError
from engine.recipe.selectors._nodes import Leaders, leaders
from engine.recipe.selectors.spread._cover import similarities
from engine.registry import Cost, Load
from indexes import Exact, gpu_seen, knn_graph, tiles_on

FEW_NEIGHBOURS = 5
A_ROW, A_PICK, PRODUCTS_A_SECOND = 4.5e-5, 5e-5, 4e10
"""Seconds a row left and a pick on a graph of 30 neighbours, and numbers compared for a graph of its own a second;
measured on one core of a server of 2024."""


def covering_cost(load: Load) -> Cost:
    """Along the graph; where few of a text's 30 neighbours are left, a graph of the rows left is made first."""
    few = 30 * load.rows < FEW_NEIGHBOURS * load.texts
    graph = load.rows**2 * load.dimension / PRODUCTS_A_SECOND if few else 0.0
    return Cost(load.rows * A_ROW + load.picks * A_PICK + graph)


@dataclass(frozen=True)
class Ground:
    """Distinct texts among candidates and kept rows, m of them, in the order of their rows.

    found: the candidates. nodes: int64 (m,), their numbers. at: int64, the position of each number, -1 for none.
    row: int64 (m,), the candidate row of each position, -1 where it is kept. count: float64 (m,), rows of each.
    matrix: float32 (m, m), similarities along the graph. fresh: whether a graph had to be made.
    """

    found: Leaders
    nodes: np.ndarray
    at: np.ndarray
    row: np.ndarray
    count: np.ndarray
    matrix: csr_array
    fresh: bool


def ground_of(data: Dataset, embedding: str, rows: np.ndarray, kept: np.ndarray, *, what: str) -> Ground:
    """The ground of a cover; raises `EngineError` where there is no graph, saying what needs it.

    rows: int64, in any order; the first of those that share a text is its candidate.
    """
    vectors = data.embedding(embedding)
    if f"graph@{embedding}" not in data.added:
        raise EngineError(
            f"{what} needs the neighbour graph of {embedding!r}. Make it on Explore, or with `winnow map`."
        )
    graph = data.graph(embedding)
    found = leaders(vectors.texts, rows, kept)
    all_rows = np.concatenate([rows, kept])
    nodes, first, count = np.unique(vectors.texts.of_row[all_rows], return_index=True, return_counts=True)
    held = nodes >= 0
    order = np.argsort(all_rows[first[held]], kind="stable")
    nodes, count = nodes[held][order].astype(np.int64), count[held][order].astype(np.float64)
    at = np.full(len(graph.neighbours), -1, np.int64)
    at[nodes] = np.arange(len(nodes))
    neighbours, similarity, fresh = _among(data, vectors, graph, nodes, at)
    row = np.full(len(nodes), -1, np.int64)
    row[at[found.nodes]] = found.rows
    return Ground(found, nodes, at, row, count, similarities(neighbours, similarity), fresh)


def _among(
    data: Dataset, vectors: Vectors, graph: Graph, nodes: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Neighbours (as positions in `nodes`) and similarities among some nodes, and whether a graph had to be made."""
    m, k = len(nodes), min(graph.neighbours.shape[1], len(nodes) - 1)
    inside = graph.neighbours[nodes]
    inside = np.where(inside < 0, -1, at[inside])
    if m == len(graph.neighbours) or (inside >= 0).sum() >= min(FEW_NEIGHBOURS, k) * m:
        return inside, graph.similarity[nodes], False
    # Exact on purpose: a replay must find the same neighbours on another machine.
    part = np.ascontiguousarray(vectors.grid[nodes])
    name = hashlib.blake2b(nodes.tobytes(), digest_size=16).hexdigest()
    made = data._cache.get(
        f"graph/{vectors.identity}/{k}/{name}", lambda: knn_graph(Exact(part, tiles=tiles_on(gpu_seen(), part)), k=k)
    )
    return made[0], made[1], True
