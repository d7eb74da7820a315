"""Rows that are good and unlike those before them: maximal marginal relevance."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors._nodes import LATER, filled
from engine.recipe.selectors.spread._farthest import farthest_first, farthest_seconds, nearest_of, nearest_other
from engine.recipe.selectors.spread._quality import best_of_each, mean_of, quality
from engine.registry import (
    About,
    Bounds,
    Budget,
    Cost,
    Counted,
    Embedding,
    Ends,
    Figure,
    Help,
    Json,
    Load,
    NumberColumn,
)

START = 0.003
"""Seconds before the first pick."""


def _comparing(load: Load) -> Cost:
    return Cost(START + farthest_seconds(load.rows, load.picks, load.dimension, load.kept))


ABOUT = About(
    purpose="best",
    short="{budget} good by “{column}” and unlike each other",
    title="Good and unlike each other (maximal marginal relevance)",
    cost=_comparing,
    evidence={
        "mean": Figure("Mean of the picks", "Of the values of the rows picked", "{:,.6g}"),
        "left_mean": Figure("Mean of the rows left", "What as many random rows are expected to have", "{:,.6g}"),
        "alike": Figure("Likeness", "Mean similarity of a pick to the pick most like it; lower is better", "{:.3f}"),
        "without_value": Counted(
            "picks have no value, taken after all that have one", "pick has no value, taken after all that have one"
        ),
        **LATER,
    },
)


def mmr(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    column: NumberColumn,
    order: Annotated[Literal["high first", "low first"], Help("Which end of the column is good.")] = "high first",
    balance: Annotated[
        float,
        Bounds(0, 1),
        Ends("Unlike each other", "Quality"),
        Help("1: quality alone. 0: unlikeness alone. Between: as much of each."),
    ] = 0.5,
    scale: Annotated[
        Literal["rank", "value"],
        Help("Quality 0 to 1 by rank, whatever the numbers; or by value between the least and the greatest."),
    ] = "rank",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} good by {column} and unlike each other by {embedding} (balance {balance}, {order}).

    Each pick has the most of balance times its quality, less (1 - balance) times its similarity to the most similar row
    picked or kept by hand so far; ties by row number. Quality runs from 0 to 1 by `scale`, equal values alike. The
    first pick is the best row. Of rows with the same text the best stands for all. Rows without a value, then repeats,
    then rows without a vector come last, at random (seed {seed}).

    notes: mean of the picks and left_mean, of all rows left; alike, the mean similarity of a pick to the pick most like
    it; without_value, repeats, without_vectors: how many such rows were picked. Source: Carbonell, Goldstein 1998.
    """
    vectors = data.embedding(embedding)
    values = data.numbers(column, rows)
    good = quality(values, order=order, scale=scale)
    found = best_of_each(vectors.texts, rows, kept, good)
    of_leader = good[np.searchsorted(rows, found.rows)]
    known = ~np.isnan(of_leader)
    nodes, candidates, lift = found.nodes[known], found.rows[known], -balance * of_leader[known]

    def floats(positions: np.ndarray) -> np.ndarray:
        return vectors.floats(nodes[positions])

    k = min(int(budget.amount), len(nodes))
    # No similarity is below -1: before the first pick all are unlike alike, and quality alone decides.
    near = nearest_of(floats, len(nodes), vectors.floats(found.kept)) if len(found.kept) else np.full(len(nodes), -1.0)
    picks = farthest_first(floats, len(nodes), k, near=near, lift=lift, pull=1 - balance)[0] if k else np.empty(0, int)
    later = [
        ("without_value", found.rows[~known]),
        ("repeats", found.repeats),
        ("without_vectors", found.bare),
    ]
    notes: dict[str, Json] = {
        "mean": mean_of(data.numbers(column, candidates[picks])),
        "left_mean": mean_of(values),
        "alike": nearest_other(vectors.floats(nodes[picks])),
    }
    return filled(candidates[picks], later, int(budget.amount), seed, notes)
