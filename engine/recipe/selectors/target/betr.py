"""Rows that rank high for an example of a benchmark (BETR)."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors.target._examples import foreign
from engine.recipe.selectors.target._ranks import rank_scores
from engine.recipe.selectors.target._toward import TOWARD, toward, toward_seconds
from engine.registry import About, Amounts, Bounds, Budget, Cost, Embedding, ExamplesRef, Help, Json, Load

SORTED_A_SECOND = 2e7


def _ranking(load: Load) -> Cost:
    """Each row left is compared with each example, and each example sorts them all."""
    return Cost(toward_seconds(load, 2) + load.rows * load.examples / SORTED_A_SECOND)


ABOUT = About(
    purpose="target",
    portable="carries a fitted model",
    foreign=foreign,
    title="Best ranks for each benchmark (BETR)",
    short="{budget} that rank high for {label}",
    cost=_ranking,
    evidence={
        "picks_by_set": Amounts("Picks by the target that speaks for them most", "target", "picks"),
        **TOWARD,
    },
)


def betr(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    target: ExamplesRef,
    of_ranks: Annotated[
        Literal["best", "mean"],
        Help("Best: a row needs to rank high for one example. Mean: for many of a target."),
    ] = "best",
    label: Annotated[str, Help("What the target is called on the screen.")] = "the examples",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} that rank high for {label} by {embedding} ({of_ranks} of ranks).

    Each example ranks all rows left by similarity; a rank r is worth 1/r, equal similarities share the mean of their
    ranks. Of the examples of a target (a benchmark) a row gets the best value or the mean. By this each target puts all
    rows in order, equal ones by similarity, and a row's score is the sum of 1/place over the targets: each counts the
    same, however many examples it has. An example far from everything speaks as loud as one in a crowd: this is the
    difference from `nearest`. Rows that are examples themselves are never picked. Repeats of a picked text, then
    rows without a vector, come last at random (seed). Source: Mizrahi et al. 2025, there to teach a classifier.

    notes: picks_by_set, how many picks each target speaks for most; covered and the warnings as for `nearest`.
    """
    pool = toward(data, embedding, target, rows, kept)
    k = int(budget.amount)
    score, loudest = rank_scores(pool.target, len(pool.best), pool.blocks, of_ranks)
    picks = np.argsort(-score, kind="stable")[:k]
    notes: dict[str, Json] = {}
    if len(pool.target.sets) > 1:
        counts = np.bincount(loudest[picks], minlength=len(pool.target.sets)).tolist()
        notes["picks_by_set"] = dict(zip(pool.target.sets, counts, strict=True))
    return pool.done(picks, k, seed, notes)
