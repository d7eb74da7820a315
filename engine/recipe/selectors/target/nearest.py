"""Rows most similar to examples of what is wanted."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors.target._examples import foreign
from engine.recipe.selectors.target._toward import (
    TOWARD,
    Toward,
    by_turns,
    toward,
    toward_seconds,
)
from engine.registry import About, Amounts, Bounds, Budget, Cost, Embedding, ExamplesRef, Figure, Help, Load


def _comparing(load: Load) -> Cost:
    """Each row left is compared with each example, twice where targets take turns."""
    return Cost(toward_seconds(load, 2 if load.params.get("by") == "by turns" else 1))


ABOUT = About(
    purpose="target",
    first=True,
    portable="carries a fitted model",
    foreign=foreign,
    title="Most similar to examples (nearest)",
    short="{budget} most like {label}",
    cost=_comparing,
    evidence={
        "least": Figure("Least similar pick", "Similarity of the last pick to its nearest example", "{:.3f}"),
        "picks_by_set": Amounts("Picks of each target", "target", "picks"),
        **TOWARD,
    },
)


def nearest(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    target: ExamplesRef,
    by: Annotated[
        Literal["nearest example", "mean", "by turns"],
        Help(
            "Nearest example: like any one of them. Mean: like all of them on average. By turns: of several targets "
            "each takes its nearest row in its turn, so that each gets its share."
        ),
    ] = "nearest example",
    label: Annotated[str, Help("What the target is called on the screen.")] = "the examples",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} most similar to {label} by {embedding} ({by}).

    Cosine on the stored vectors, exact; ties by row number. Rows that are examples themselves are never picked. The
    nearest rows are often much alike, and a part of the target that is far from everything gets none: `simcore` gives
    each part its share. Repeats of a picked text, then rows without a vector, come last at random (seed).

    notes: least, similarity of the last pick to its nearest example; picks_by_set, where targets take turns; covered,
    the share of examples that have a pick at least as similar as the most similar other example is (null for one
    example), covered_by_random, the same for as many random rows; tiny, narrow, examples_in_pool, near_copies: what
    every selector toward a target warns of.
    """
    pool = toward(data, embedding, target, rows, kept)
    k = int(budget.amount)
    notes = {}
    if by == "by turns" and len(pool.target.sets) > 1:
        orders = [_order(score) for score in _best_of_sets(pool)]
        picks, turns = by_turns(orders, len(pool.best), k)
        counts = np.bincount(turns, minlength=len(orders)).tolist()
        notes["picks_by_set"] = dict(zip(pool.target.sets, counts, strict=True))
    else:
        picks = _order(_means(pool) if by == "mean" else pool.best)[:k]
    least = float(pool.best[picks[-1]]) if len(picks) else None
    return pool.done(picks, k, seed, {"least": least, **notes})


def _order(score: np.ndarray) -> np.ndarray:
    """Positions from the highest score to the lowest, the lower position first among equals."""
    return np.argsort(-score, kind="stable")


def _means(pool: Toward) -> np.ndarray:
    """float64 (l,): of each text in the pool the sum of its similarities to all examples, which orders as the mean."""
    # Sums of grid values in float64 are exact.
    total = pool.target.vectors.sum(axis=0, dtype=np.float64)
    found = np.empty(len(pool.best))
    for part, block in pool.blocks():
        found[part] = block.astype(np.float64) @ total
    return found


def _best_of_sets(pool: Toward) -> np.ndarray:
    """float32 (sets, l): of each text in the pool the similarity to the nearest example of each set."""
    found = np.empty((len(pool.target.sets), len(pool.best)), np.float32)
    members = [pool.target.vectors[pool.target.of == at] for at in range(len(found))]
    for part, block in pool.blocks():
        for at, vectors in enumerate(members):
            found[at, part] = (block @ vectors.T).max(axis=1)
    return found
