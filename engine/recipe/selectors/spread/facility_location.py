"""Rows that stand for all the others: facility location on the neighbour graph."""

import hashlib
from typing import Annotated

import numpy as np

from engine.dataset import Dataset, Graph, Picked, Vectors
from engine.errors import EngineError
from engine.recipe.selectors._nodes import LATER, filled, leaders
from engine.recipe.selectors.spread._cover import greedy_cover, similarities
from engine.registry import About, Bounds, Budget, Cost, Curve, Embedding, Figure, Help, Json, Load, Remark
from indexes import Exact, gpu_seen, knn_graph, tiles_on

FEW_NEIGHBOURS = 5
CURVE_POINTS = 60
A_ROW, A_PICK, PRODUCTS_A_SECOND = 4.5e-5, 5e-5, 4e10
"""Seconds a row left and a pick on a graph of 30 neighbours, and numbers compared for a graph of its own a second;
measured on one core of a server of 2024."""


def _covering(load: Load) -> Cost:
    """Along the graph; where few of a text's 30 neighbours are left, a graph of the rows left is made first."""
    few = 30 * load.rows < FEW_NEIGHBOURS * load.texts
    graph = load.rows**2 * load.dimension / PRODUCTS_A_SECOND if few else 0.0
    return Cost(load.rows * A_ROW + load.picks * A_PICK + graph)


ABOUT = About(
    purpose="cover",
    short="{budget} that cover everything",
    title="Cover everything (facility location)",
    needs={"graph": ""},
    cost=_covering,
    suggested=True,
    evidence={
        "covered": Figure(
            "Covered", "How much of the most possible coverage is reached, counted on the neighbour graph", "{:.1%}"
        ),
        "at_least": Figure(
            "Of the best possible",
            "At least this share of what the best choice of as many rows could cover: a certificate, not a guess",
            "≥ {:.1%}",
        ),
        "texts": Figure("Distinct texts", "That it was chosen from"),
        "curve": Curve("Covered after so many picks", "rows picked", "covered"),
        "fresh_graph": Remark("So few neighbours were left that a graph of the rows left was made for this choice."),
        **LATER,
    },
)


def facility_location(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    count_repeats: Annotated[
        bool, Help("On: a text that stands in many rows weighs as many. Off: each distinct text weighs one.")
    ] = False,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} that cover everything by {embedding}: each row left has a picked one like it.

    Greedy: each pick adds most to the sum, over the distinct texts left, of the similarity to the nearest pick or pin.
    Similarity is that of the neighbour graph among the rows left, 1 to itself, 0 where two are not neighbours or are
    unlike. When fewer than 5 neighbours a text survive the steps before, the graph of the rows left is made for the
    purpose. Picks that add nothing (repeats of a picked text), then rows without a vector, come last at random (seed)
    when the budget asks for them.

    notes: covered, the sum reached over its maximum (0 to 1, a bound from below: similarities outside the graph count
    0); at_least, the sum reached over an upper bound of the best possible sum for as many picks (0 to 1); curve,
    covered after so many picks; repeats and without_vectors: how many such rows were picked; fresh_graph: whether a
    graph was made; texts: distinct texts.
    """
    vectors = data.embedding(embedding)
    if f"graph@{embedding}" not in data.added:
        raise EngineError(
            f"Covering everything needs the neighbour graph of {embedding!r}. Make it on Explore, or with `winnow map`."
        )
    graph = data.graph(embedding)
    found = leaders(vectors.texts, rows, kept)
    all_rows = np.concatenate([rows, kept])
    of_row = vectors.texts.of_row[all_rows]
    nodes, first, count = np.unique(of_row, return_index=True, return_counts=True)
    held = nodes >= 0
    order = np.argsort(all_rows[first[held]], kind="stable")
    nodes, count = nodes[held][order].astype(np.int64), count[held][order]
    at = np.full(len(graph.neighbours), -1, np.int64)
    at[nodes] = np.arange(len(nodes))
    neighbours, similarity, fresh = _among(data, vectors, graph, nodes, at)
    weight = count.astype(np.float64) if count_repeats else np.ones(len(nodes))
    cover = greedy_cover(
        similarities(neighbours, similarity),
        weight,
        candidates=np.sort(at[found.nodes]),
        chosen=at[found.kept],
        k=min(int(budget.amount), len(found.nodes)),
    )
    place = np.full(len(nodes), -1, np.int64)
    place[at[found.nodes]] = found.rows
    picks = place[cover.picks]
    rest = np.setdiff1d(np.concatenate([found.rows, found.repeats]), picks)
    most = float(weight.sum())
    steps = np.unique(np.linspace(0, len(picks), CURVE_POINTS).astype(int))
    reached = cover.base + np.concatenate([[0.0], np.cumsum(cover.gains)])[steps]
    notes: dict[str, Json] = {
        "covered": cover.value / most if most else None,
        "at_least": cover.value / cover.bound if cover.bound else None,
        "curve": [[int(s), float(v / most)] for s, v in zip(steps, reached, strict=True)] if most else [],
        "texts": len(nodes),
        "fresh_graph": fresh,
    }
    return filled(picks, [("repeats", rest), ("without_vectors", found.bare)], int(budget.amount), seed, notes)


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
