"""Rows that stand for all the others, chosen among the good ones: one slider from spread to quality."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors._nodes import LATER, filled
from engine.recipe.selectors.spread._cover import greedy_cover
from engine.recipe.selectors.spread._ground import OWN_GRAPH, covering_cost, ground_of
from engine.recipe.selectors.spread._quality import best_first, mean_of, quality
from engine.registry import About, Bounds, Budget, Counted, Embedding, Ends, Figure, Help, Json, NumberColumn

ABOUT = About(
    purpose="best",
    short="{budget} that cover everything, good by “{column}” ({slider})",
    title="Cover everything with good rows (spread and quality)",
    needs={"graph": "", "graph_left": ""},
    cost=covering_cost,
    evidence={
        "covered": Figure("Covered", "How much of the most possible coverage of all rows left is reached", "{:.1%}"),
        "mean": Figure("Mean of the picks", "Of the values of the rows picked", "{:,.6g}"),
        "left_mean": Figure("Mean of the rows left", "What as many random rows are expected to have", "{:,.6g}"),
        "admitted": Figure("Good enough", "Distinct texts that could be picked"),
        "floor": Figure("Worst value admitted", "No pick is worse than this", "{:,.6g}"),
        "at_least": Figure(
            "Of the best possible", "At least this share of what the best choice among the good could cover", "≥ {:.1%}"
        ),
        "nothing_added": Counted(
            "picks add nothing to what is covered: the best of the others",
            "pick adds nothing to what is covered: the best of the others",
        ),
        **OWN_GRAPH,
        **LATER,
    },
)


def spread_quality(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    column: NumberColumn,
    slider: Annotated[
        float,
        Bounds(0, 1),
        Ends("Spread", "Quality"),
        Help("0: spread alone, quality does not count. 1: the best rows alone, spread does not count."),
    ] = 0.5,
    order: Annotated[Literal["high first", "low first"], Help("Which end of the column is good.")] = "high first",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} that cover everything by {embedding}, among those good by {column} (slider {slider}, {order}).

    Of n distinct texts and a budget of k, the best k^slider · n^(1 - slider) are admitted: all of them at 0, just k at
    1. Among these `facility_location` picks those that cover all the rows left, the bad ones too. Only the ranks of
    the values count, so their scale does not matter; a row without a value ranks below all others. Whoever moves the
    slider up admits fewer, and never one that was not admitted before: the worst value that can be picked never falls,
    and the most that can be covered never rises. At 1 the picks stand in the order of their values.

    Of rows with the same text the best stands for all. Admitted rows that cover nothing more follow, the best first;
    repeats and rows without a vector come last, at random (seed {seed}).

    notes: covered and at_least as `facility_location` tells them; admitted, how many; floor, the worst value among
    them; mean of the picks, and left_mean of all rows left; nothing_added, repeats, without_vectors: how many such
    rows were picked; fresh_graph: whether a graph was made; graph_digest, graph_recall: of that graph.
    """
    values = data.numbers(column, rows)
    ranked = rows[best_first(rows, quality(values, order=order))]
    ground = ground_of(data, embedding, ranked, kept, what="Covering everything")
    found, n = ground.found, len(ground.found.nodes)
    k = min(int(budget.amount), n)
    admitted = max(k, round(k**slider * n ** (1 - slider))) if n else 0
    cover = greedy_cover(
        ground.matrix,
        np.ones(len(ground.nodes)),
        candidates=np.sort(ground.at[found.nodes[:admitted]]),
        chosen=ground.at[found.kept],
        k=k,
    )
    covering = ground.row[cover.picks]
    best = found.rows[:admitted]
    picks = best[:k] if slider == 1 else np.concatenate([covering, best[~np.isin(best, covering)]])[:k]
    most, floor = float(len(ground.nodes)), data.numbers(column, best[-1:])
    notes: dict[str, Json] = {
        "covered": cover.value / most if most else None,
        "at_least": cover.value / cover.bound if cover.bound else None,
        "mean": mean_of(data.numbers(column, picks)),
        "left_mean": mean_of(values),
        "admitted": admitted,
        "floor": mean_of(floor),
        "nothing_added": k - len(covering),
        **ground.graph,
    }
    later = [("repeats", found.repeats), ("without_vectors", found.bare)]
    return filled(picks, later, int(budget.amount), seed, notes)
