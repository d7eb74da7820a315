"""How much a row should count so that two columns no longer depend on each other."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.models import FEW_WAVES, features_of, independent_weights
from engine.registry import About, Bounds, Column, Help, Value, row_cost

ABOUT = About(
    title="Weight that undoes a dependence",
    values={"independence_weight": Value("number", "1 on average; 0 for a row that would not count")},
    cost=row_cost(8_000),
    version=2,
)


def independence_weight(
    data: Dataset,
    *,
    column: Annotated[Column, Help("One side: groups, a label or numbers.")],
    other: Annotated[Column, Help("The other side.")],
    evenness: Annotated[
        float,
        Bounds(0.0001, 10.0),
        Help("How much even weights count: low undoes more of the dependence, and fewer rows count."),
    ] = 0.1,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> dict[str, np.ndarray]:
    """Weigh rows so that {column} and {other} no longer tell each other (evenness {evenness}, seed {seed}).

    float32 independence_weight, from 0 on, 1 on average: the shares of both sides stay, their dependence (HSIC) goes as
    far as it can. Of two columns of groups a row weighs p(a) p(b) / p(a, b). Numbers count by rank, through 8 random
    waves. Missing where a row lacks either value. A model trained with such weights cannot lean on the one to tell the
    other. Where one side is told by the other entirely, nothing can be undone. Source: the idea of
    Liu et al. 2022 (DESMIL), as a convex problem; Kamiran, Calders 2012 for groups.
    """
    a, b = (features_of(data, thing, data.rows(), seed + i, FEW_WAVES) for i, thing in enumerate((column, other)))
    there = ~np.isnan(a).any(axis=1) & ~np.isnan(b).any(axis=1)
    found = np.full(data.n, np.nan, np.float32)
    if there.any():
        a, b = (side if there.all() else side[there] for side in (a, b))
        found[there] = independent_weights(a, b, calm=evenness)
    return {"independence_weight": found}
