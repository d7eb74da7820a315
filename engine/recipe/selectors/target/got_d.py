"""Rows that pull the whole toward a target: the gradient of optimal transport (GOT-D)."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset, Picked
from engine.recipe.selectors._progress import tell
from engine.recipe.selectors.target._examples import foreign
from engine.recipe.selectors.target._toward import TOWARD, Toward, toward, toward_seconds
from engine.recipe.selectors.target._transport import DIGITS, calibrated, sinkhorn, soft_least
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
    Json,
    Load,
    Remark,
)

MOST_EXAMPLES = 2000
CONVERGED = 1e-2
CURVE_POINTS = 60
LEAST_COST = 1e-3
"""Vectors are of unit length up to rounding: below this all are equal."""
POOL_ROUNDS, ROUNDS, EXPONENTS_A_SECOND = 6, 60, 6e7
"""How often masses of the pool, and of a choice, are scaled before they rest: the fewer the picks, the longer."""


def _moving(load: Load) -> Cost:
    """Masses are scaled back and forth between candidates and examples, then picks and examples; all rows are told."""
    most, examples = int(str(load.params.get("candidates") or 4000)), min(load.examples, MOST_EXAMPLES)
    scaled = 2 * (POOL_ROUNDS * min(load.rows, most) + ROUNDS * min(load.picks, most))
    return Cost(toward_seconds(load, 2) + (scaled + load.rows) * examples / EXPONENTS_A_SECOND)


ABOUT = About(
    purpose="target",
    portable="carries a fitted model",
    foreign=foreign,
    title="Pull toward a target (GOT-D)",
    short="{budget} that pull toward {label}",
    cost=_moving,
    evidence={
        "before": Figure(
            "Transport before", "What moving the pool (its candidates) onto the target costs; 0 is equal", "{:.4f}"
        ),
        "after": Figure("Transport after", "What moving the choice onto the target costs", "{:.4f}"),
        "sampled": Figure("Candidates", "Rows drawn at random that stand for the pool while masses are moved"),
        "rough": Remark(
            "The masses did not come to rest: the order is rough. Raise the smoothing, or take fewer candidates."
        ),
        "curve": Curve("Pull of the picks", "pick", "gradient, lower pulls more"),
        **TOWARD,
    },
)


def got_d(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    embedding: Embedding,
    target: ExamplesRef,
    smoothing: Annotated[
        float,
        Bounds(0.005, 1),
        Help("As a share of the median cost. Low: mass goes to the nearest example alone, slowly. High: everywhere."),
    ] = 0.05,
    candidates: Annotated[
        int,
        Bounds(10, 20_000),
        Help("Rows drawn at random that stand for the pool; all rows are judged by what comes out."),
    ] = 4000,
    label: Annotated[str, Help("What the target is called on the screen.")] = "the examples",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} that pull the whole toward {label} by {embedding} (smoothing {smoothing}, {candidates} candidates).

    The pool's mass is moved onto the target at the least cost (squared distance, smoothed). The gradient says by how
    much the cost falls when a row gets more mass: rows near a part of the target that the pool hardly has come first,
    not those near what it has plenty of. Masses are fitted on candidates drawn by the seed and at most 2,000 examples;
    every other row gets the potential that it would have. Rows that are examples themselves are never picked. Repeats
    of a picked text, then rows without a vector, come last at random. Source: Kang et al. 2024.

    notes: before and after, the cost of moving pool and choice onto the target; sampled; rough: whether the masses were
    still moving; curve, the calibrated gradient of the picks; covered and the warnings as for `nearest`.
    """
    pool = toward(data, embedding, target, rows, kept)
    k, size = int(budget.amount), len(pool.best)
    if not size:
        return pool.done(np.empty(0, np.int64), k, seed, {})
    rng = np.random.default_rng(seed)
    sample = np.sort(rng.permutation(size)[:candidates])
    examples = pool.target.vectors[np.sort(rng.permutation(len(pool.target.vectors))[:MOST_EXAMPLES])]
    cost = _cost(pool, sample, examples)
    median = float(np.median(cost))
    epsilon = smoothing * (median if median > LEAST_COST else 1.0)
    fitted = sinkhorn(cost, epsilon)
    f = np.empty(size)
    for part, block in pool.blocks():
        tell(0, 1)
        f[part] = soft_least(np.maximum(0, 2 - 2 * (block @ examples.T).astype(np.float64)), fitted.h, epsilon)
    # The last digits are not the same on every machine; the order must be.
    picks = np.argsort(np.round(f, DIGITS), kind="stable")[:k]
    notes: dict[str, Json] = {"before": fitted.distance, "sampled": len(sample), "rough": fitted.error > CONVERGED}
    if len(picks):
        some = picks if len(picks) <= candidates else np.sort(rng.permutation(picks)[:candidates])
        notes["after"] = sinkhorn(_cost(pool, some, examples), epsilon).distance
        steps = np.unique(np.linspace(0, len(picks) - 1, CURVE_POINTS).astype(int))
        gradient = calibrated(f)
        notes["curve"] = [[int(at) + 1, float(gradient[picks[at]])] for at in steps]
    return pool.done(picks, k, seed, notes)


def _cost(pool: Toward, positions: np.ndarray, examples: np.ndarray) -> np.ndarray:
    """float64 (p, m): squared distance of some texts of the pool to examples, exact up to the length of vectors."""
    vectors = pool.vectors.floats(pool.found.nodes[positions])
    return np.maximum(0, 2 - 2 * (vectors @ examples.T).astype(np.float64))
