"""One cell of a column as text that a person can write, and such a text as a value of the column's type."""

import json
import math
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from engine.dataset.content import as_text
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.text import python_values

_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,40}")


def can_be_written(data: Dataset, key: str) -> bool:
    """Whether cells of a column are somebody's words: it came with the source or was made by an edit, not measured."""
    info = data.columns.get(key)
    return info is not None and info.origin in ("source", "edit") and _known(written_as(data, key))


def written_as(data: Dataset, key: str) -> pa.DataType:
    """The Arrow type of a column whose cells are written anew: its own; text for categories, which are names."""
    info = data.info(key)
    return pa.large_string() if info.type == "category" else values_of(data, key, data.rows()[:0]).type


def values_of(data: Dataset, key: str, rows: np.ndarray | None = None) -> pa.ChunkedArray:
    """A column as it is written anew: numbers and dates that were kept as text count as such, categories as names."""
    values = data.column(key, rows)
    if pa.types.is_string(values.type) or data.info(key).type == "category":
        texts = as_text(values)
        texts = texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([texts])
        return texts.cast(pa.large_string())
    return values


def cell_texts(data: Dataset, key: str, rows: np.ndarray) -> list[str | None]:
    """Cells as a person writes them: a list and an object as JSON, a date as in ISO 8601; missing stays None."""
    return cast(list[str | None], as_text(values_of(data, key, rows)).to_pylist())


def typed_cells(data: Dataset, key: str, texts: Sequence[str | None]) -> list[pa.Scalar | None]:
    """Texts as values of a column, None for one that is none: the column may have another type than it had."""
    kind, found = written_as(data, key), list[pa.Scalar | None]()
    for text in texts:
        try:
            found.append(_value(kind, text, key))
        except EngineError:
            found.append(None)
    return found


def checked_cell(data: Dataset, key: str, text: str | None) -> str | None:
    """A text for a cell of a column in the words that the column has for it; empty is no value.

    Raises `EngineError` where it is no value of the column's type.
    """
    kind = written_as(data, key)
    value = _value(kind, text or None, key)
    return (text or None) if _is_text(kind) else cast("str | None", as_text(pa.array([value], kind))[0].as_py())


def _value(kind: pa.DataType, text: str | None, key: str) -> pa.Scalar:
    if text is None:
        return pa.scalar(None, kind)
    if _is_text(kind):
        return pa.scalar(text, kind)
    said, wanted = text.strip(), _wanted(kind)
    try:
        return _read(kind, said)
    except (ValueError, ArithmeticError, pa.ArrowException, TypeError, KeyError, RecursionError) as error:
        shown = said if len(said) <= 60 else said[:59] + "…"
        raise EngineError(
            f"{shown!r} is not {wanted}, as the column {key!r} holds. Write one, or nothing for no value."
        ) from error


def _read(kind: pa.DataType, said: str) -> pa.Scalar:
    if pa.types.is_boolean(kind):
        return pa.scalar(_TRUTH[said.lower()])
    if pa.types.is_integer(kind):
        if not _WHOLE.fullmatch(said):
            raise ValueError(said)
        return pa.scalar(int(said), kind)
    if pa.types.is_floating(kind):
        number = float(said.replace("_", "x"))
        if not math.isfinite(number):
            raise ValueError(said)
        return pa.scalar(np.float16(number) if pa.types.is_float16(kind) else number, kind)
    if pa.types.is_decimal(kind):
        return pa.scalar(Decimal(said), kind)
    if pa.types.is_date(kind):
        return pa.scalar(date.fromisoformat(said), kind)
    if pa.types.is_timestamp(kind):
        return pa.scalar(_moment(datetime.fromisoformat(said), kind.tz), kind)
    found = json.loads(said)
    value = pa.scalar(found, kind)
    # Arrow leaves out what a type has no field for: that would be lost without a word.
    if _bare(python_values(pa.array([value], kind))[0]) != _bare(found):
        raise ValueError(said)
    return value


def _moment(said: datetime, zone: str | None) -> datetime:
    if zone is None:
        if said.tzinfo is not None:
            raise ValueError("a zone, where the column has none")
        return said
    if said.tzinfo is None:
        said = said.replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone))
    return said.astimezone(UTC)


def _bare(value: object) -> object:
    """A value without what is missing in it: a field that is left out and one that is null are the same."""
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if v is not None}
    return [_bare(v) for v in value] if isinstance(value, list) else value


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _known(kind: pa.DataType) -> bool:
    return _is_text(kind) or bool(_wanted(kind))


def _wanted(kind: pa.DataType) -> str:
    """What a value of a type is called; "" for types that nobody writes by hand."""
    if pa.types.is_boolean(kind):
        return "true or false"
    if pa.types.is_integer(kind):
        return "a whole number that fits"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "a number"
    if pa.types.is_date(kind):
        return "a date such as 2024-06-30"
    if pa.types.is_timestamp(kind):
        return f"a time such as 2024-06-30 12:00:00{' with or without its zone' if kind.tz else ', without a zone'}"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return "a list in JSON whose members fit"
    return "an object in JSON whose fields fit" if pa.types.is_struct(kind) else ""
