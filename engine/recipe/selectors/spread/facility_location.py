"""Rows that stand for all the others: facility location on the neighbour graph."""

from typing import Annotated, cast

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors._nodes import LATER, filled
from engine.recipe.selectors.spread._cover import greedy_cover, stands_for
from engine.recipe.selectors.spread._ground import OWN_GRAPH, covering_cost, ground_of
from engine.registry import About, Amounts, Bounds, Budget, Counted, Curve, Embedding, Figure, Help, Json

CURVE_POINTS = 60
MOST_NAMED = 50


ABOUT = About(
    purpose="cover",
    first=True,
    short="{budget} that cover everything",
    title="Cover everything (facility location)",
    needs={"graph": "", "graph_left": ""},
    cost=covering_cost,
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
        "curve": Curve("Covered after so many picks", "rows picked", "covered", "of what all rows cover together"),
        **OWN_GRAPH,
        "stands_for": Amounts("Rows that a pick stands for", "Pick", "Rows"),
        "alone": Counted("picks stand for themselves alone", "pick stands for itself alone"),
        "unlike": Counted(
            "rows are like no pick, as far as the graph knows", "row is like no pick, as far as the graph knows"
        ),
        "nothing_added": Counted("picks add nothing to what is covered", "pick adds nothing to what is covered"),
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
    graph was made; graph_digest of it, and graph_recall where it is approximate; texts: distinct texts. stands_for:
    rows left whose most similar pick each pick is (itself and its repeats counted; of equally similar ones the
    earlier), of the 50 that stand for most; alone: picks that stand for no row but themselves; unlike: rows that have
    no pick among their neighbours; nothing_added: picks that cover nothing more.
    """
    ground = ground_of(data, embedding, rows, kept, what="Covering everything")
    found, weight = ground.found, ground.count if count_repeats else np.ones(len(ground.nodes))
    cover = greedy_cover(
        ground.matrix,
        weight,
        candidates=np.sort(ground.at[found.nodes]),
        chosen=ground.at[found.kept],
        k=min(int(budget.amount), len(found.nodes)),
    )
    picks = ground.row[cover.picks]
    rest = np.setdiff1d(np.concatenate([found.rows, found.repeats]), picks)
    most = float(weight.sum())
    steps = np.unique(np.linspace(0, len(picks), CURVE_POINTS).astype(int))
    reached = cover.base + np.concatenate([[0.0], np.cumsum(cover.gains)])[steps]
    stands = stands_for(ground.matrix, ground.count, np.concatenate([cover.picks, ground.at[found.kept]]))
    stood = stands[: len(picks)]
    notes: dict[str, Json] = {
        "covered": cover.value / most if most else None,
        "at_least": cover.value / cover.bound if cover.bound else None,
        "curve": [[int(s), float(v / most)] for s, v in zip(steps, reached, strict=True)] if most else [],
        "texts": len(ground.nodes),
        **ground.graph,
        "stands_for": {
            f"row {picks[i]:,}": int(stood[i]) for i in np.argsort(-stood, kind="stable")[:MOST_NAMED] if stood[i]
        },
        "alone": int((stood == 1).sum()),
        "unlike": int(ground.count.sum() - stands.sum()),
    }
    picked = filled(picks, [("repeats", rest), ("without_vectors", found.bare)], int(budget.amount), seed, notes)
    idle = int(np.isin(picked.rows[len(picks) :], found.rows).sum())
    repeats = cast(int, picked.notes["repeats"]) - idle
    return Picked(picked.rows, {**picked.notes, "repeats": repeats, "nothing_added": idle})
