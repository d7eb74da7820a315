"""Keep rows by a number."""

import math
from collections.abc import Sequence

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
    ends = [end for end in (low, high) if end is not None]
    return Verdict(
        keep, lambda i: f"{column} is missing" if missing[i] else f"{column} is {shown(float(values[i]), ends)}"
    )


def shown(value: float, ends: Sequence[float] = ()) -> str:
    """A number as people read it, with as many digits as tell on which side of the ends of a range it lies.

    >>> shown(0.7425287, [0.8]), shown(0.1000001, [0.1])
    ('0.742529', '0.1000001')
    """
    if value.is_integer():
        return f"{value:,.0f}"
    if not math.isfinite(value):
        return repr(value)
    sides = [(value > end, value < end) for end in ends]
    for digits in range(6, 17):
        places = digits - 1 - math.floor(math.log10(abs(value)))
        text = f"{value:,.{max(places, 1)}f}".rstrip("0")
        read = float(text.replace(",", ""))
        if [(read > end, read < end) for end in ends] == sides:
            return text
    return repr(value)
