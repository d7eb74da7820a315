"""Random rows, some more likely than others."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.errors import EngineError
from engine.registry import About, Bounds, Budget, Counted, Help, NumberColumn

ABOUT = About(
    purpose="best",
    short="{budget} at random, {favour} “{column}” more often",
    evidence={
        "without": Counted(
            "picks have no weight: the value is missing, 0 or less",
            "pick has no weight: the value is missing, 0 or less",
        )
    },
)


def weighted(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    column: Annotated[NumberColumn, Help("The weight of a row: one of 2 is drawn twice as often as one of 1.")],
    favour: Annotated[
        Literal["high", "low"], Help("High: in proportion to the value. Low: in proportion to 1 divided by it.")
    ] = "high",
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} at random, {favour} {column} more often (seed {seed}).

    One row after the other, without replacement, each time in proportion to the weights of those left; so the first k
    rows are such a sample of k, and a larger budget with the same seed keeps what the smaller one kept. A row whose
    value is missing, 0 or less is drawn only when no other is left, all of these alike. notes: without, how many of
    those were picked. Source: Efraimidis, Spirakis 2006. Raises `EngineError` where no row of the dataset has
    more than 0.
    """
    values = data.numbers(column, rows)
    heavy = values > 0
    if len(rows) and not heavy.any() and not (data.numbers(column) > 0).any():
        raise EngineError(
            f"No row has a value of {column!r} above 0, so there is nothing to draw by. Choose another column, or "
            "take the highest (`top`)."
        )
    weight = np.log(values, out=np.zeros(len(rows)), where=heavy) * (1 if favour == "high" else -1)
    # The time until a row is drawn, if the weight is how often that happens; as logarithms, so that nothing overflows.
    time = np.log(np.random.default_rng(seed).standard_exponential(len(rows))) - np.where(heavy, weight, 0)
    picked = np.lexsort((time, ~heavy))[: int(budget.amount)]
    return Picked(rows[picked], {"without": int((~heavy[picked]).sum())})
