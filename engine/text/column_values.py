"""Any column as values of Python, none of them cut: what Python has no value for is said as text."""

import datetime
import decimal
from collections.abc import Sequence
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_DAY = 86_400
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_FIRST, _END = -62_135_596_800, 253_402_300_800
"""Seconds from 1970 to the years 1 and 10,000, between which Python has dates."""


def python_values(column: pa.Array | pa.ChunkedArray) -> list[object]:
    """Values as Python has them, missing as None.

    Arrow's own `to_pylist` fails for the year 10,000 and cuts a time of day to microseconds. Here a moment that is too
    far away, or told in nanoseconds, is text as in ISO 8601, and such a duration a decimal number of seconds.
    """
    if isinstance(column, pa.ChunkedArray):
        return [v for chunk in column.chunks for v in python_values(chunk)]
    kind = column.type
    if not _strained(kind):
        return cast(list[object], column.to_pylist())
    if pa.types.is_timestamp(kind):
        return _timestamps(column)
    if pa.types.is_date(kind):
        return _dates(column)
    if pa.types.is_time(kind):
        return _times(column)
    if pa.types.is_duration(kind):
        return [None if v is None else _duration(v, kind.unit) for v in column.view(pa.int64()).to_pylist()]
    return _structs(column) if pa.types.is_struct(kind) else _lists(column)


def seconds(column: pa.ChunkedArray) -> np.ndarray:
    """float64: moments or days as seconds since 1970 UTC, however far away, missing as NaN."""
    kind = column.type
    numbers = column.cast(pa.int32() if pa.types.is_date32(kind) else pa.int64()).cast(pa.float64(), safe=False)
    found = cast(np.ndarray, numbers.to_numpy())
    if pa.types.is_date32(kind):
        return found * _DAY
    return found / _PER_SECOND["ms" if pa.types.is_date64(kind) else kind.unit]


def too_far(column: pa.ChunkedArray) -> bool:
    """Whether a column of moments or days holds one before the year 1 or after 9999."""
    if not (pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)):
        return False
    found = seconds(column)
    return bool(((found < _FIRST) | (found >= _END)).any())


def _strained(kind: pa.DataType) -> bool:
    """Whether a type may hold, at any depth, what `to_pylist` cannot tell."""
    if pa.types.is_struct(kind):
        return len({f.name for f in kind}) < kind.num_fields or any(_strained(f.type) for f in kind)
    if pa.types.is_nested(kind) and not pa.types.is_union(kind):
        return any(_strained(kind.field(i).type) for i in range(kind.num_fields))
    return bool(
        pa.types.is_timestamp(kind)
        or pa.types.is_date(kind)
        or pa.types.is_duration(kind)
        or kind == pa.time64("ns")
    )  # fmt: skip


def _timestamps(column: pa.Array) -> list[object]:
    unit, zone = column.type.unit, column.type.tz
    numbers = pc.fill_null(column.view(pa.int64()), 0).to_numpy()
    if unit == "ns":
        missing = column.is_null().to_numpy(zero_copy_only=False)
        found = pa.array(numbers // 1000, pa.timestamp("us", zone), mask=missing).to_pylist()
        rest = numbers % 1000
        for i in np.flatnonzero(rest):
            said = found[i].isoformat(timespec="microseconds")
            found[i] = f"{said[:26]}{rest[i]:03}{said[26:]}"
        return cast(list[object], found)
    # Told in a zone, a moment may lie up to a day to either side.
    edge = _DAY if zone else 0
    far = (numbers < (_FIRST + edge) * _PER_SECOND[unit]) | (numbers >= (_END - edge) * _PER_SECOND[unit])
    found = pc.if_else(pa.array(far), pa.scalar(None, column.type), column).to_pylist()
    for i in np.flatnonzero(far):
        found[i] = str(np.datetime64(int(numbers[i]), unit)) + ("Z" if zone else "")
    return cast(list[object], found)


def _dates(column: pa.Array) -> list[object]:
    days = column if pa.types.is_date32(column.type) else column.cast(pa.date32())
    return [None if v is None else _date(v) for v in days.view(pa.int32()).to_pylist()]


def _date(days: int) -> object:
    """days: since 1970."""
    inside = _FIRST // _DAY <= days < _END // _DAY
    return datetime.date.fromordinal(days + _EPOCH) if inside else str(np.datetime64(days, "D"))


def _times(column: pa.Array) -> list[object]:
    found = column.cast(pa.time64("us"), safe=False).to_pylist()
    for i, v in enumerate(column.view(pa.int64()).to_pylist()):
        if v is not None and v % 1000:
            found[i] = f"{found[i].isoformat(timespec='microseconds')}{v % 1000:03}"
    return cast(list[object], found)


def _duration(value: int, unit: str) -> object:
    micros, rest = divmod(value * 1_000_000, _PER_SECOND[unit])
    if not rest:
        try:
            return datetime.timedelta(microseconds=micros)
        except OverflowError:
            pass  # longer than 999,999,999 days
    return decimal.Decimal(value).scaleb(1 - len(str(_PER_SECOND[unit])))


def _structs(column: pa.Array) -> list[object]:
    names = _different([f.name for f in column.type])
    parts = [python_values(part) for part in column.flatten()]
    there = column.is_valid().to_pylist()
    return [dict(zip(names, (p[i] for p in parts), strict=True)) if yes else None for i, yes in enumerate(there)]


def _lists(column: pa.Array) -> list[object]:
    if pa.types.is_map(column.type):
        pairs = column.cast(pa.list_(pa.struct([column.type.key_field, column.type.item_field])))
        return [None if v is None else [tuple(e.values()) for e in v] for v in python_values(pairs)]  # type: ignore[attr-defined]
    inside = iter(python_values(column.flatten()))
    sizes = pc.list_value_length(column).to_pylist()
    return [None if size is None else [next(inside) for _ in range(size)] for size in sizes]


def _different(names: Sequence[str]) -> list[str]:
    """Names of fields as the keys of an object: one that repeats gets its place."""
    return [n if names.count(n) == 1 else f"{n} ({i})" for i, n in enumerate(names, 1)]
