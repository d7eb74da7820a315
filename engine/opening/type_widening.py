"""Which type holds the values of two, and how values get there: columns of files and batches come together."""

from decimal import Decimal
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import ColumnType
from engine.opening.sources._values import HELD, LARGEST_WHOLE, json_texts, scalar_text
from engine.text import python_values

WIDE = "wide"
"""Mark of a column of whole numbers: some are beyond `LARGEST_WHOLE`, so they never become floats."""

MOMENT = "moment"
"""What text stands for: a point in time, in UTC; `date` is one without a zone."""

_SHAPE = b"shape"


def held(field: pa.Field) -> str:
    """What a text column stands for: `json`, `integer` (beyond 64 bits), `number`, `date`, `cells` (of a CSV), else "".

    `number`, `date` and `moment` are read as such, and written as the text that they were.
    """
    return (field.metadata or {}).get(HELD, b"").decode()


def shape(field: pa.Field) -> str:
    """How its dates (`%Y-%m-%d`) or truth values (`True`) were written, "" where that is not one way."""
    return (field.metadata or {}).get(_SHAPE, b"").decode()


def marked(name: str, kind: pa.DataType, what: str = "", shape: str = "") -> pa.Field:
    """A field that says what its text stands for, or how its dates and truth values were written."""
    said = {k: v.encode() for k, v in ((HELD, what), (_SHAPE, shape)) if v}
    return pa.field(name, kind, metadata=said or None)


def measured(field: pa.Field, values: pa.Array) -> pa.Field:
    """The same field, marked where it holds whole numbers, also in lists, that no float holds."""
    inner = values.flatten() if _is_list(field.type) else values
    if inner.type not in (pa.int64(), pa.uint64()):
        return field
    ends = pc.min_max(inner).as_py()
    wide = ends["max"] is not None and (ends["max"] > LARGEST_WHOLE or ends["min"] < -LARGEST_WHOLE)
    return marked(field.name, field.type, WIDE) if wide else field


def join(a: pa.Field, b: pa.Field) -> pa.Field:
    """The narrowest field that holds the values of both, digit by digit: text or JSON where there is no other."""
    name = a.name
    if a.type == b.type and held(a) == held(b) and (shape(a) == shape(b) or not pa.types.is_timestamp(a.type)):
        return a if shape(a) else b
    if pa.types.is_null(a.type):
        return marked(name, b.type, held(b), shape(b))
    if pa.types.is_null(b.type):
        return a
    if held(a) == "raw" or held(b) == "raw":
        return marked(name, pa.large_binary(), "raw")
    kinds = {_kind(a), _kind(b)}
    if kinds <= {"integer", "number"}:
        return _join_numbers(a, b)
    if kinds == {"date"} and _zone(a) == _zone(b):
        nanos = any(pa.types.is_timestamp(f.type) and f.type.unit == "ns" for f in (a, b))
        if nanos or shape(a) or shape(b) or {"date", MOMENT} & {held(a), held(b)}:
            zone = _zone(a)
            return marked(name, pa.large_string(), "date" if zone is None else MOMENT if zone == "UTC" else "")
        return marked(name, pa.timestamp("us", _zone(a)))
    if kinds == {"list"}:
        inner = join(*(pa.field("x", f.type.value_type, metadata=f.metadata) for f in (a, b)))
        empty = any(pa.types.is_null(f.type.value_type) for f in (a, b))
        if empty or (held(inner) in ("", WIDE) and _kind(inner) in ("integer", "number")):
            return marked(name, pa.list_(inner.type), held(inner))
    if kinds & {"list", "json"}:
        return marked(name, pa.large_string(), "json")
    return marked(name, pa.large_string())


def _join_numbers(a: pa.Field, b: pa.Field) -> pa.Field:
    """A field for the numbers of both: integers, decimals or floats, or the text that says them all."""
    name, whats = a.name, {held(a), held(b)}
    whole = _kind(a) == _kind(b) == "integer"
    if any(pa.types.is_decimal(f.type) for f in (a, b)):
        return marked(name, _decimal(a.type, b.type) or pa.large_string())
    if whole and ("integer" in whats or pa.uint64() in (a.type, b.type)):
        return marked(name, pa.large_string(), "integer")
    if whole:
        return marked(name, pa.int64(), WIDE if WIDE in whats else "")
    if whats & {WIDE, "integer"}:
        return marked(name, pa.large_string())
    return marked(name, pa.large_string(), "number") if "number" in whats else marked(name, pa.float64())


def _decimal(a: pa.DataType, b: pa.DataType) -> pa.DataType | None:
    """A decimal with room for both, None where one is no decimal nor integer, or where none is so wide."""
    if not all(pa.types.is_decimal(kind) or pa.types.is_integer(kind) for kind in (a, b)):
        return None
    sizes = [(k.precision - k.scale, k.scale) if pa.types.is_decimal(k) else (20, 0) for k in (a, b)]
    before, behind = (max(size) for size in zip(*sizes, strict=True))
    if before + behind > 76:
        return None
    return pa.decimal128(before + behind, behind) if before + behind <= 38 else pa.decimal256(before + behind, behind)


def cast_to(values: pa.Array, before: pa.Field, after: pa.Field) -> pa.Array:
    """Values of one field as those of a wider one."""
    if before.type == after.type and (held(before) == held(after) or held(after) != "json"):
        return values
    if pa.types.is_null(before.type):
        return pa.nulls(len(values), after.type)
    if held(after) == "json":
        if held(before) == "json":
            return values
        return json_texts(plain(values, before))
    if after.type == pa.large_string():
        if _kind(before) in ("integer", "date"):
            return values.cast(pa.large_string())
        return pa.array([None if v is None else scalar_text(v) for v in python_values(values)], pa.large_string())
    return values.cast(after.type, safe=not pa.types.is_floating(after.type))


def plain(values: pa.Array, field: pa.Field) -> list[object]:
    """Values as Python has them; integers beyond 64 bits as integers, numbers kept as text as numbers."""
    found = python_values(values)
    kind = {"integer": int, "number": Decimal}.get(held(field))
    return [None if v is None else kind(str(v)) for v in found] if kind else found


def column_type(field: pa.Field) -> ColumnType:
    """The type as the screen names it."""
    kind = _kind(field)
    return cast(ColumnType, "text" if kind in ("cells", "null", "binary") else kind)


def missing(count: int, kind: pa.DataType) -> pa.Array:
    """A column of nothing but missing values."""
    return pa.nulls(count, kind)


def _kind(field: pa.Field) -> str:
    kind = field.type
    if held(field) not in ("", WIDE):
        return "date" if held(field) == MOMENT else held(field)
    if pa.types.is_null(kind):
        return "null"
    if pa.types.is_boolean(kind):
        return "boolean"
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return "date"
    if _is_list(kind):
        inner = kind.value_type
        return "json" if pa.types.is_nested(inner) else "list"
    if pa.types.is_nested(kind):
        return "json"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return "binary"
    return "text"


def _is_list(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)


def _zone(field: pa.Field) -> str | None:
    if held(field) == MOMENT:
        return "UTC"
    return cast(str | None, field.type.tz) if pa.types.is_timestamp(field.type) else None


def rows_where(mask: pa.Array) -> np.ndarray:
    """int64: positions where a mask with missing values is true."""
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
