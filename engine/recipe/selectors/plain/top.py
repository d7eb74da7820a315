"""The best rows by one number."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.registry import About, Budget, Counted, Figure, Help, NumberColumn

ABOUT = About(
    purpose="best",
    first=True,
    short="{budget} by “{column}”, {order}",
    evidence={
        "last": Figure("Last value picked", "The value of the last row that was picked", "{:,.6g}"),
        "missing": Counted("picks have no value", "pick has no value"),
    },
)


def top(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    column: NumberColumn,
    order: Annotated[Literal["high first", "low first"], Help("Which end of the column is kept.")] = "high first",
) -> Picked:
    """Pick {budget} by {column}, {order}.

    Equal values are taken by row number; rows without a value come last. notes: last, the value of the last row picked
    that has one; missing, how many picked rows have none.
    """
    values = data.numbers(column, rows)
    missing = np.isnan(values)
    ranked = np.lexsort((rows, -values if order == "high first" else values, missing))
    picked = ranked[: int(budget.amount)]
    known = values[picked[~missing[picked]]]
    last = float(known[-1]) if len(known) and np.isfinite(known[-1]) else None
    return Picked(rows[picked], {"last": last, "missing": int(missing[picked].sum())})
