"""Rows grown around the parts of a target, round by round, until they are no longer like it (SimCore)."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors.target._examples import foreign
from engine.recipe.selectors.target._growing import grow
from engine.recipe.selectors.target._toward import TOWARD, toward, toward_seconds
from engine.registry import (
    About,
    Bounds,
    Budget,
    Cost,
    Curve,
    Embedding,
    ExamplesRef,
    Figure,
    Help,
    Load,
    Remark,
)
from indexes import kmeans, to_float, to_grid

A_PICK = 4e-6


def _growing(load: Load) -> Cost:
    """Each row left is compared with each example and with each middle, and a round takes one row a middle."""
    return Cost(toward_seconds(load, 2) + load.picks * A_PICK)


ABOUT = About(
    purpose="target",
    portable="carries a fitted model",
    foreign=foreign,
    title="Grow around a target (SimCore)",
    short="{budget} grown around {label}",
    cost=_growing,
    evidence={
        "rounds": Figure("Rounds", "Every part of the target took one row in each"),
        "middles": Figure("Parts of the target", "That took rows by turns"),
        "stopped": Remark("It stopped by itself: the next round would have been too unlike the first."),
        "curve": Curve("Similarity of what each round took", "round", "mean similarity"),
        **TOWARD,
    },
)


def simcore(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    target: ExamplesRef,
    parts: Annotated[
        int, Bounds(1, 2000), Help("Groups that the target is split into; every example its own where there are fewer.")
    ] = 100,
    stop_below: Annotated[
        float,
        Bounds(0, 1),
        Help(
            "Stop before the budget is spent when a round is less similar than this share of the first one. 0 never "
            "stops, 1 as soon as it falls at all."
        ),
    ] = 0.95,
    label: Annotated[str, Help("What the target is called on the screen.")] = "the examples",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} at most, grown around {label} by {embedding}, stopping below {stop_below} of the first round.

    The target is split into parts by k-means (seed). In each round every part takes the row nearest to its middle that
    no part has taken, so each part of the target gets as many rows as any other. A round much less similar than the
    first one ends it, though the budget is not spent; that round is not kept. Rows that are examples themselves are
    never picked. Where it did not stop, repeats of a picked text, then rows without a vector, come last at random.
    Source: Kim et al. 2023 (SimCore); there a last round that does not fit is cut at random, here by similarity.

    notes: curve, the mean similarity of each round, with the one that ended it; rounds, middles, stopped; covered and
    the warnings as for `nearest`.
    """
    pool = toward(data, embedding, target, rows, kept)
    k = int(budget.amount)
    examples = np.unique(to_grid(pool.target.vectors), axis=0)
    middles = to_float(examples if parts >= len(examples) else kmeans(examples, parts, seed=seed).centroids)

    def similar(some: np.ndarray) -> np.ndarray:
        found = np.empty((len(some), len(pool.best)), np.float32)
        for part, block in pool.blocks():
            found[:, part] = middles[some] @ block.T
        return found

    grown = grow(similar, len(pool.best), len(middles), k, stop_below=stop_below)
    return pool.done(
        grown.picks,
        k,
        seed,
        {
            "rounds": len(grown.means) - grown.stopped,
            "middles": len(middles),
            "stopped": grown.stopped,
            "curve": [[number, mean] for number, mean in enumerate(grown.means, start=1)],
        },
        fill=not grown.stopped,
    )
