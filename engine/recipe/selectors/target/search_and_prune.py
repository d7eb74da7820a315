"""Topics of the pool that lie nearest to a target, thinned to the budget (search and prune)."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors.spread._farthest import farthest_first, farthest_seconds, nearest_of
from engine.recipe.selectors.target._examples import foreign
from engine.recipe.selectors.target._frechet import Moments, nearest_prefix
from engine.recipe.selectors.target._toward import PRODUCTS_A_SECOND, TOWARD, toward, toward_seconds
from engine.registry import (
    About,
    Amounts,
    Bounds,
    Budget,
    Cost,
    Curve,
    Embedding,
    ExamplesRef,
    Figure,
    Help,
    Load,
)
from indexes import kmeans, to_grid

ROUNDS = 10
FITTED_ON = 100_000
FEWEST = 10
"""Rows of a group on average, at least."""
A_MEAN, BEGUN_A_SECOND = 1.6e-8, 5e9
"""Seconds a number added to the mean of its group; numbers compared a second while first middles are drawn."""


def _searching(load: Load) -> Cost:
    """Rows are grouped, far-apart middles first, and compared with the examples; those found are thinned."""
    parts = max(1.0, min(float(str(load.params.get("parts") or 500)), load.rows / FEWEST))
    numbers = load.rows * load.dimension
    grouped = ROUNDS * numbers * (parts / PRODUCTS_A_SECOND + A_MEAN)
    begun = parts * min(load.rows, max(1024, 64 * parts)) * load.dimension / BEGUN_A_SECOND
    thinned = 0.0
    if load.params.get("prune") != "random":
        thinned = farthest_seconds(load.rows, load.picks, load.dimension, load.kept)
    return Cost(toward_seconds(load) + grouped + begun + thinned)


ABOUT = About(
    purpose="target",
    portable="carries a fitted model",
    foreign=foreign,
    title="Search and prune",
    short="{budget} from what lies nearest to {label}",
    cost=_searching,
    evidence={
        "found": Figure("Texts found", "In the groups that together lie nearest to the target, before thinning"),
        "groups": Figure("Groups taken", "Of those that the pool was split into"),
        "distance": Figure("Distance found", "Fréchet distance of what was found to the target; 0 is equal", "{:.4f}"),
        "distance_of_pool": Figure("Distance of the pool", "The same of all that it was chosen from", "{:.4f}"),
        "curve": Curve("Distance of so many nearest groups together", "groups", "Fréchet distance to the target"),
        "table": Amounts("Distance of each group", "group, nearest first", "Fréchet distance to the target"),
        **TOWARD,
    },
)


def search_and_prune(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    target: ExamplesRef,
    parts: Annotated[
        int,
        Bounds(2, 5000),
        Help("Groups that the rows left are split into, of ten rows on average at least: many find little places."),
    ] = 500,
    prune: Annotated[
        Literal["apart", "random"],
        Help("How what was found is thinned: rows as far apart as possible, or any."),
    ] = "apart",
    label: Annotated[str, Help("What the target is called on the screen.")] = "the examples",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} from the groups of rows that lie nearest to {label} by {embedding}, thinned ({prune}).

    Search: the rows left are split into groups by k-means (seed). Groups are put in order of their Fréchet distance to
    the target (means and spreads of each number), and of all beginnings of this order that hold the budget, the one
    that lies nearest as a whole is taken. Prune: of it, rows as far apart as possible, beginning with the one most
    like an example, or rows at random. It gives variety near the target rather than the nearest rows. Rows that are
    examples themselves are never picked. Rows of other groups, repeats of a picked text, then rows without a vector,
    come last at random. Source: Yao et al. 2023; there rows come in groups by identity, here by k-means.

    notes: found, groups, distance, distance_of_pool, curve and table, as above; covered and the warnings as for
    `nearest`.
    """
    pool = toward(data, embedding, target, rows, kept)
    k, size = int(budget.amount), len(pool.best)
    if not size:
        return pool.done(np.empty(0, np.int64), k, seed, {})
    grid = np.asarray(pool.vectors.grid[pool.found.nodes])
    labels = kmeans(grid, max(1, min(parts, size // FEWEST)), seed=seed, rounds=ROUNDS, sample=FITTED_ON).labels
    members = np.split(np.argsort(labels, kind="stable"), np.cumsum(np.bincount(labels))[:-1])
    moments = [Moments.of(grid[some]) for some in members]
    taken, each, together = nearest_prefix(moments, Moments.of(to_grid(pool.target.vectors)), k)
    found = np.sort(np.concatenate([members[at] for at in taken]))
    if prune == "random":
        picks = np.random.default_rng(seed).permutation(found)[:k]
    else:
        nodes = pool.found.nodes[found]

        def floats(positions: np.ndarray) -> np.ndarray:
            vectors: np.ndarray = pool.vectors.floats(nodes[positions])
            return vectors

        if len(pool.found.kept):
            near = nearest_of(floats, len(found), pool.vectors.floats(pool.found.kept))
        else:
            near = np.full(len(found), -2, np.float32)
            near[int(np.argmax(pool.best[found]))] = -np.inf
        picks = found[farthest_first(floats, len(found), min(k, len(found)), near=near)[0]]
    return pool.done(
        picks,
        k,
        seed,
        {
            "found": len(found),
            "groups": len(taken),
            "distance": together[len(taken) - 1],
            "distance_of_pool": together[-1],
            "curve": [[number, distance] for number, distance in enumerate(together, start=1)],
            "table": {str(number): distance for number, distance in enumerate(each, start=1)},
        },
    )
