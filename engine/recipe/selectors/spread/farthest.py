"""Rows as far apart from each other as possible: k-center, farthest first."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked, Vectors
from engine.errors import EngineError
from engine.recipe.selectors._nodes import LATER, filled, leaders
from engine.recipe.selectors.spread._farthest import farthest_first, farthest_seconds, most_central, nearest_of
from engine.registry import About, Bounds, Budget, Cost, Counted, Embedding, Figure, Help, Json, Load

ODD_K = 10
ODD_SHARE = 0.05
START = 0.003
"""Seconds before the first pick."""


def _comparing(load: Load) -> Cost:
    """Each pick is compared with each of the rows left; most of them need no look."""
    return Cost(START + farthest_seconds(load.rows, load.picks, load.dimension, load.kept))


ABOUT = About(
    purpose="cover",
    short="{budget} as far apart as possible",
    title="As far apart as possible (farthest)",
    needs={"graph": "leave_out_odd"},
    begins={"leave_out_odd": 2.0},
    cost=_comparing,
    evidence={
        "radius": Figure(
            "Radius", "Similarity of the worst covered text to its nearest pick; higher is better", "{:.3f}"
        ),
        "odd": Figure(
            "Odd rows picked", "Share of picks that are among the oddest 5 % of texts; 5 % would be chance", "{:.1%}"
        ),
        "left_out": Counted("picks are odd rows, taken after all others", "pick is an odd row, taken after all others"),
        **LATER,
    },
)


def farthest(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    leave_out_odd: Annotated[
        float, Bounds(0, 50), Help("Percent of rows left out as odd ones before picking; 0 leaves out none.")
    ] = 0.0,
    start: Annotated[
        Literal["central", "random"],
        Help("The first row: the one most like the average, or any. Rows kept by hand come before both."),
    ] = "central",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} as far apart from each other as can be by {embedding}{leave_out_odd:, leaving out the oddest … %}.

    Each pick is the row least similar to everything picked or pinned so far, ties by row number. The radius that this
    reaches is within a factor of two (as an angle) of the best possible (Gonzalez 1985). It seeks the edges of a
    corpus, and odd rows lie there: `leave_out_odd` sets aside those least similar to their 10th neighbour. Picked after
    all others, at random, when the budget asks for them: odd rows, repeats of a picked text, and last rows without a
    vector.

    notes: radius, the least similarity of any distinct text (odd ones left out) to its nearest pick; odd, the share of
    picks among the oddest 5 % of the rows left (0.05 by chance; null without a graph); left_out, repeats,
    without_vectors: how many rows of each kind were picked after all.
    """
    vectors = data.embedding(embedding)
    found = leaders(vectors.texts, rows, kept)
    oddness = _oddness(data, embedding)
    if leave_out_odd and oddness is None:
        raise EngineError(
            f"Leaving out odd rows needs the neighbour graph of {embedding!r}. "
            "Make it on Explore or with `winnow map`, or leave out 0 %."
        )
    inside = np.ones(len(found.rows), bool)
    if oddness is not None and leave_out_odd:
        # Oddest last; among equals the later row is the odder one.
        order = np.argsort(oddness[found.nodes], kind="stable")
        inside[order[len(order) - round(len(order) * leave_out_odd / 100) :]] = False
    nodes, candidates = found.nodes[inside], found.rows[inside]
    picks, radius = _spread(vectors, nodes, found.kept, min(int(budget.amount), len(nodes)), start, seed)
    later = [("left_out", found.rows[~inside]), ("repeats", found.repeats), ("without_vectors", found.bare)]
    notes: dict[str, Json] = {
        "radius": radius,
        "odd": _odd_share(oddness, found.nodes, nodes[picks]),
        "odd_by_chance": ODD_SHARE,
    }
    return filled(candidates[picks], later, int(budget.amount), seed, notes)


def _spread(
    vectors: Vectors, nodes: np.ndarray, kept: np.ndarray, k: int, start: str, seed: int
) -> tuple[np.ndarray, float | None]:
    """Positions in `nodes` in pick order, and the radius (None when nothing is picked or pinned)."""
    m = len(nodes)

    def floats(positions: np.ndarray) -> np.ndarray:
        return vectors.floats(nodes[positions])

    if not m or not (k or len(kept)):
        return np.empty(0, np.int64), None
    if len(kept):
        near = nearest_of(floats, m, vectors.floats(kept))
    else:
        near = np.full(m, -2, np.float32)
        near[most_central(floats, m) if start == "central" else np.random.default_rng(seed).integers(m)] = -np.inf
    return farthest_first(floats, m, k, near=near)


def _oddness(data: Dataset, embedding: str) -> np.ndarray | None:
    """float32 (m,): one less the similarity to the 10th neighbour; None when there is no graph."""
    if f"graph@{embedding}" not in data.added:
        return None
    similarity = data.graph(embedding).similarity
    if not similarity.shape[1]:
        return None
    return np.asarray(1 - similarity[:, min(ODD_K, similarity.shape[1]) - 1], np.float32)


def _odd_share(oddness: np.ndarray | None, all_nodes: np.ndarray, picked: np.ndarray) -> float | None:
    if oddness is None or not len(picked):
        return None
    cut = np.quantile(oddness[all_nodes], 1 - ODD_SHARE)
    return float((oddness[picked] > cut).mean())
