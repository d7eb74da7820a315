"""Keep rows by a date."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np

from engine.dataset import Dataset, Verdict
from engine.errors import EngineError
from engine.registry import About, DateColumn

ABOUT = About(short="“{column}” from {first} to {last}{keep_missing: or missing}")


def date_range(
    data: Dataset,
    rows: np.ndarray,
    *,
    column: DateColumn,
    first: str | None = None,
    last: str | None = None,
    keep_missing: bool = False,
) -> Verdict:
    """Keep rows whose {column} is from {first} to {last}{keep_missing: or missing}.

    ISO dates or times: 2021, 2021-06, 2021-06-30, 2021-06-30T12:00, with an offset or in UTC. Both ends are included: a
    last day, month or year counts to its end. An end that is left out is open. Raises `EngineError` for what is no
    date.
    """
    low = -math.inf if first is None else date_span(first)[0]
    high = math.inf if last is None else date_span(last)[1]
    if low >= high:
        raise EngineError(f"{column!r} cannot be from {first} to {last}: the first is after the last. Swap them.")
    values = data.numbers(column, rows)
    missing = np.isnan(values)
    keep = (values >= low) & (values < high)
    if keep_missing:
        keep |= missing
    return Verdict(keep, lambda i: f"{column} is {'missing' if missing[i] else _shown(float(values[i]))}")


def date_span(text: str) -> tuple[float, float]:
    """When a date begins and when it is over, in seconds since 1970 UTC; a time of day lasts one microsecond."""
    wrong = EngineError(f"{text!r} is not a date. Write for example 2021-06-30, 2021-06, 2021, or 2021-06-30T12:00.")
    parts = text.strip().split("-")
    try:
        if len(parts) == 1 and len(text.strip()) == 4:
            year = int(parts[0])
            return _seconds(datetime(year, 1, 1)), _seconds(datetime(year + 1, 1, 1)) if year < 9999 else math.inf
        if len(parts) == 2:
            year, month = int(parts[0]), int(parts[1])
            after = datetime(year + month // 12, month % 12 + 1, 1)
            return _seconds(datetime(year, month, 1)), _seconds(after)
        moment = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise wrong from None
    length = timedelta(days=1) if "T" not in text and ":" not in text else timedelta(microseconds=1)
    return _seconds(moment), _seconds(moment) + length.total_seconds()


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _shown(seconds: float) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return moment.date().isoformat() if seconds % 86_400 == 0 else moment.replace(tzinfo=None).isoformat(" ")
