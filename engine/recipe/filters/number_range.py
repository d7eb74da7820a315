"""Keep rows by a number."""

import numpy as np

from engine.dataset import Dataset, Verdict
from engine.errors import EngineError
from engine.registry import About, NumberColumn

ABOUT = About(short="“{column}” from {low} to {high}{keep_missing: or missing}")


def number_range(
    data: Dataset,
    rows: np.ndarray,
    *,
    column: NumberColumn,
    low: float | None = None,
    high: float | None = None,
    keep_missing: bool = False,
) -> Verdict:
    """Keep rows whose {column} is from {low} to {high}{keep_missing: or missing}.

    Both ends are included; an end that is left out is open. A missing number goes, unless `keep_missing`.
    Raises `EngineError` when low is above high.
    """
    if low is not None and high is not None and low > high:
        raise EngineError(
            f"{column!r} cannot be from {low:g} to {high:g}: the low end is above the high end. Swap them."
        )
    values = data.numbers(column, rows)
    missing = np.isnan(values)
    keep = ~missing if low is None else values >= low
    if high is not None:
        keep &= values <= high
    if keep_missing:
        keep |= missing
    return Verdict(keep, lambda i: f"{column} is missing" if missing[i] else f"{column} is {shown(float(values[i]))}")


def shown(value: float) -> str:
    """A number as people read it, with every digit that tells it from the ends of a range."""
    return f"{value:,.0f}" if value.is_integer() else repr(value)
