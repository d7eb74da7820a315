"""Other random rows in each epoch of a training."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors._progress import tell
from engine.recipe.selectors.plain._epochs import coverage, epochs
from engine.registry import About, Bounds, Budget, Cost, Curve, Figure, Help, Json, Load

A_DRAW = 4e-8
"""Seconds a row of an epoch."""


def _drawing(load: Load) -> Cost:
    return Cost(load.rows * float(str(load.params.get("count", 10))) * A_DRAW)


ABOUT = About(
    purpose="thin",
    shuffles=True,
    short="{budget} at random, epoch {epoch}",
    title="Other random rows each epoch",
    cost=_drawing,
    evidence={
        "seen": Figure("Seen after all epochs", "Share of the rows left that are in at least one epoch", "{:.1%}"),
        "expected": Figure(
            "Expected of fresh draws", "1 - (1 - r)^m, for a share of r rows an epoch and m epochs", "{:.1%}"
        ),
        "seen_after": Curve("Rows seen after so many epochs", "epochs", "share of rows seen"),
    },
)


def repeated_random(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    epoch: Annotated[int, Bounds(1, 1000), Help("Which epoch's rows are picked: 1 is the first.")] = 1,
    count: Annotated[int, Bounds(1, 1000), Help("How many epochs there will be, for what they will have seen.")] = 10,
    way: Annotated[
        Literal["fresh draw", "walk"],
        Help("Fresh draw: each epoch from all rows. Walk: no row again before all were seen."),
    ] = "fresh draw",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick the {budget} at random of epoch {epoch} of {count} ({way}, seed {seed}).

    For a training that takes few rows an epoch and others each time: many ways to prune do not beat it. The budget is
    that of one epoch. The rows of epoch 1 by fresh draws are those that `random` picks with the same seed. The lists
    of all epochs are `engine.recipe.epochs(len(rows), k, way=…, seed=…)`, as positions in the rows left. Rows kept by
    hand are in every epoch, and none of these.

    notes: seen, the share of the rows left that are in any of the epochs; expected, the same for fresh draws by the
    formula; seen_after, [epochs, share] after each. Source: Okanovic and others 2023 (repeated random sampling).
    """
    n, k = len(rows), min(int(budget.amount), len(rows))
    seen = np.zeros(n, bool)
    line: list[Json] = []
    mine = np.empty(0, np.int64)
    for at, drawn in zip(range(1, max(epoch, count) + 1), epochs(n, k, way=way, seed=seed), strict=False):
        tell(at, max(epoch, count))
        if at == epoch:
            mine = drawn
        if at <= count:
            seen[drawn] = True
            line.append([at, float(seen.mean()) if n else 0.0])
    notes: dict[str, Json] = {
        "seen": float(seen.mean()) if n else None,
        "expected": coverage(n, k, count) if n else None,
        "seen_after": line,
    }
    return Picked(rows[mine], notes)
