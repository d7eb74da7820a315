"""Which type holds the values of two, and how values get there: columns of files and batches come together."""

from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import ColumnType
from engine.opening.sources._values import HELD, json_texts, scalar_text
from engine.text import python_values


def held(field: pa.Field) -> str:
    """What a text column stands for: `json`, `integer` (beyond 64 bits), `cells` (of a CSV), `raw`, else ""."""
    return (field.metadata or {}).get(HELD, b"").decode()


def marked(name: str, kind: pa.DataType, what: str = "") -> pa.Field:
    """A field that says what its text stands for."""
    return pa.field(name, kind, metadata={HELD: what.encode()} if what else None)


def join(a: pa.Field, b: pa.Field) -> pa.Field:
    """The narrowest field that holds the values of both: integers and numbers give numbers, others text or JSON."""
    name = a.name
    if a.type == b.type and held(a) == held(b):
        return a
    if pa.types.is_null(a.type):
        return marked(name, b.type, held(b))
    if pa.types.is_null(b.type):
        return a
    if held(a) == "raw" or held(b) == "raw":
        return marked(name, pa.large_binary(), "raw")
    kinds = {_kind(a), _kind(b)}
    if kinds == {"integer"}:
        if "integer" in (held(a), held(b)) or {a.type, b.type} & {pa.uint64()}:
            return marked(name, pa.large_string(), "integer")
        return marked(name, pa.int64())
    if kinds <= {"integer", "number"}:
        return marked(name, pa.float64())
    if kinds == {"date"} and _zone(a) == _zone(b):
        return marked(name, pa.timestamp("us", _zone(a)))
    if kinds == {"list"}:
        inner = join(pa.field("x", a.type.value_type), pa.field("x", b.type.value_type))
        if not held(inner) and _kind(inner) in ("integer", "number") or pa.types.is_null(a.type.value_type):
            return marked(name, pa.list_(inner.type))
    if kinds & {"list", "json"}:
        return marked(name, pa.large_string(), "json")
    return marked(name, pa.large_string())


def cast_to(values: pa.Array, before: pa.Field, after: pa.Field) -> pa.Array:
    """Values of one field as those of a wider one."""
    if before.type == after.type and (held(before) == held(after) or held(after) in ("", "integer")):
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
    if held(before) == "integer":
        return values.cast(pa.float64())
    return values.cast(after.type, safe=not pa.types.is_floating(after.type))


def plain(values: pa.Array, field: pa.Field) -> list[object]:
    """Values as Python has them; integers beyond 64 bits as integers."""
    found = python_values(values)
    return [None if v is None else int(str(v)) for v in found] if held(field) == "integer" else found


def column_type(field: pa.Field) -> ColumnType:
    """The type as the screen names it."""
    kind = _kind(field)
    return cast(ColumnType, "text" if kind in ("cells", "null", "binary") else kind)


def missing(count: int, kind: pa.DataType) -> pa.Array:
    """A column of nothing but missing values."""
    return pa.nulls(count, kind)


def _kind(field: pa.Field) -> str:
    kind = field.type
    if held(field):
        return held(field)
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
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        inner = kind.value_type
        return "json" if pa.types.is_nested(inner) else "list"
    if pa.types.is_nested(kind):
        return "json"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return "binary"
    return "text"


def _zone(field: pa.Field) -> str | None:
    return field.type.tz if pa.types.is_timestamp(field.type) else None


def rows_where(mask: pa.Array) -> np.ndarray:
    """int64: positions where a mask with missing values is true."""
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))
