"""Python values as Arrow columns: narrow types where all values agree, text or JSON text where they do not."""

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import orjson
import pyarrow as pa

HELD = b"held"
"""Field metadata: text that stands for something else: `json`, `integer` (beyond 64 bits), `cells` (of a CSV)."""

LARGEST_WHOLE = 2**53
"""Every whole number up to it, and down to its negative, is a float64; beyond it some are not."""

Drift = Callable[[str, int, str, str], None]

RAW = "\x1fraw"
"""Name of the hidden column with the bytes of each JSON row; no column of a source is called so."""


@dataclass(frozen=True)
class Digits:
    """A JSON number that no float holds, as it is written."""

    text: str


def exact(text: str) -> float | Digits:
    """A JSON number with a fraction or an exponent: a float where it holds the number, else its digits.

    For `json.loads(…, parse_float=exact)`. A float holds a number where it prints as that number again, either as short
    as may be or with as many digits as are written.
    """
    near = float(text)
    if len(text) <= 16 and "e" not in text and "E" not in text:
        return near
    value = Decimal(text)
    held = (repr(near), f"{near:.{len(value.as_tuple().digits) - 1}e}")
    return near if math.isfinite(near) and value in map(Decimal, held) else Digits(text)


_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
_NAMES = {bool: "boolean", int: "integer", float: "number", Digits: "number", str: "text", list: "list", dict: "object"}


class Kinds:
    """Remembers which kinds of value each column has had, and tells when another comes."""

    def __init__(self, drift: Drift) -> None:
        self._seen: dict[str, set[type]] = {}
        self._lost: set[str] = set()
        self._drift = drift

    def note(self, name: str, kinds: set[type], values: Sequence[object], first_row: int) -> None:
        """kinds: of these values, None apart; first_row: number of the first of them."""
        seen = self._seen.setdefault(name, set())
        for kind in sorted(kinds - seen, key=lambda k: next(i for i, v in enumerate(values) if type(v) is k)):
            if seen and not {kind, *seen} <= {int, float, Digits}:
                row = first_row + next(i for i, v in enumerate(values) if type(v) is kind)
                before = " or ".join(sorted(_NAMES.get(k, k.__name__) for k in seen))
                self._drift(name, row, before, _NAMES.get(kind, kind.__name__))
            seen.add(kind)

    def note_lost(self, name: str, values: Sequence[object], first_row: int) -> None:
        """Tell, once a column, of the first number that no float holds, where floats stand beside it."""
        at = next(i for i, v in enumerate(values) if _beyond(v))
        if name not in self._lost:
            said = f"a number that a 64-bit float cannot hold, so all are kept as text: {scalar_text(values[at])[:60]}"
            self._drift(name, first_row + at, "number", said)
        self._lost.add(name)


def batch_of(
    rows: Sequence[Mapping[str, object]], raws: Sequence[bytes] | None, kinds: Kinds, first_row: int
) -> pa.RecordBatch:
    """Rows as a record batch, columns in the order of their first appearance, with the raw bytes in the hidden one."""
    names: dict[str, None] = {}
    for row in rows:
        if not row.keys() <= names.keys():
            names.update(dict.fromkeys(row))
    fields, arrays = [], []
    for name in names:
        field, array = column_of(name, [row.get(name) for row in rows], kinds, first_row)
        fields.append(field)
        arrays.append(array)
    if raws is not None:
        fields.append(pa.field(RAW, pa.large_binary(), metadata={HELD: b"raw"}))
        arrays.append(pa.array(raws, pa.large_binary()))
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def column_of(name: str, values: list[object], kinds: Kinds, first_row: int) -> tuple[pa.Field, pa.Array]:
    """One column with the narrowest type that all its values fit."""
    found = set(map(type, values)) - {type(None)}
    kinds.note(name, found, values, first_row)
    name = _clean(name)
    if not found:
        return pa.field(name, pa.null()), pa.nulls(len(values))
    if found == {str}:
        return pa.field(name, pa.large_string()), strings(values)
    if found == {bool}:
        return pa.field(name, pa.bool_()), pa.array(values, pa.bool_())
    if found == {int}:
        try:
            return pa.field(name, pa.int64()), pa.array(values, pa.int64())
        except (OverflowError, pa.ArrowInvalid):
            text = [None if v is None else str(v) for v in values]
            return pa.field(name, pa.large_string(), metadata={HELD: b"integer"}), pa.array(text, pa.large_string())
    if found <= {int, float, Digits} and any(map(_beyond, values)):
        kinds.note_lost(name, values, first_row)
    elif found <= {int, float}:
        return pa.field(name, pa.float64()), pa.array([None if v is None else float(v) for v in values], pa.float64())  # type: ignore[arg-type]
    if found == {list}:
        inner = _inner(values)
        if inner is not None:
            return pa.field(name, pa.list_(inner)), pa.array(values, pa.list_(inner))
    if found & {list, dict}:
        return pa.field(name, pa.large_string(), metadata={HELD: b"json"}), json_texts(values)
    return pa.field(name, pa.large_string()), strings([None if v is None else scalar_text(v) for v in values])


def _beyond(value: object) -> bool:
    """Whether it is a number that no float holds, or may be: whole numbers are told by their size alone."""
    return type(value) is Digits or (type(value) is int and abs(value) > LARGEST_WHOLE)


def strings(values: Sequence[object]) -> pa.Array:
    """Texts as Arrow; half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD."""
    try:
        return pa.array(values, pa.large_string())
    except UnicodeEncodeError:
        return pa.array([None if v is None else _clean(str(v)) for v in values], pa.large_string())


def json_texts(values: Sequence[object]) -> pa.Array:
    """Any values as JSON text, missing stays missing."""
    return pa.array([None if v is None else json_text(v) for v in values], pa.large_string())


def json_text(value: object) -> str:
    """One value as JSON, integers of any size included."""
    try:
        return orjson.dumps(value, default=_digits, option=_OPTIONS).decode()
    except (TypeError, orjson.JSONEncodeError):
        return orjson.dumps(_writable(value), default=_digits, option=_OPTIONS).decode()


def _digits(value: object) -> object:
    return orjson.Fragment(value.text) if isinstance(value, Digits) else str(value)


def _writable(value: object) -> object:
    """The same value, with what orjson refuses said otherwise: integers beyond 64 bits, half a surrogate pair."""
    if isinstance(value, dict):
        return {_clean(str(k)): _writable(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_writable(v) for v in value]
    if isinstance(value, str):
        return _clean(value)
    return orjson.Fragment(json.dumps(value)) if type(value) in (int, float) else value


def scalar_text(value: object) -> str:
    """A number, truth value or text as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Digits):
        return value.text
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _inner(values: Sequence[object]) -> pa.DataType | None:
    """The type inside lists of plain values; None where they hold lists, objects or several kinds."""
    kinds = {type(v) for items in values if isinstance(items, list) for v in items} - {type(None)}
    if not kinds:
        return pa.null()
    if kinds == {str}:
        return pa.large_string()
    if kinds == {bool}:
        return pa.bool_()
    if kinds == {int}:
        largest = max(abs(v) for items in values if isinstance(items, list) for v in items if v is not None)
        return pa.int64() if largest < 2**63 else None
    return pa.float64() if kinds == {float} else None


def _clean(text: str) -> str:
    return text if text.isascii() else re.sub("[\ud800-\udfff]", "\ufffd", text)
