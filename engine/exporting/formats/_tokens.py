"""JSON values as the text that stands for them, digit by digit."""

import json
import re
from typing import cast

import orjson
import pyarrow as pa

_LONG = re.compile(rb"[0-9]{19}")
_HALF = re.compile("[\ud800-\udfff]")


class _Number(str):
    """A number, as it stands in the file."""


def tokens(line: bytes) -> dict[str, object]:
    """A line as an object whose numbers are the digits that stand there; raises `ValueError` where it is none."""
    found = json.loads(line, parse_int=_Number, parse_float=_Number, parse_constant=_Number)
    if not isinstance(found, dict):
        raise ValueError("a line is not an object")
    return cast(dict[str, object], found)


def whole(line: bytes) -> dict[str, object] | None:
    """A line as an object whose values can be written again as JSON; None where a number is beyond 64 bits."""
    if _LONG.search(line):
        return None
    try:
        return cast(dict[str, object], orjson.loads(line))
    except orjson.JSONDecodeError:  # half a surrogate pair, NaN
        return None


def json_of(line: dict[str, object] | None, label: str) -> tuple[str | None, bool]:
    """The JSON text of a value in a line, and whether it must have been kept so."""
    if line is None:
        return None, False
    value = line.get(label)
    return None if value is None else orjson.dumps(value).decode(), True


def text_of(value: object, kind: pa.DataType | None, held: str) -> tuple[str | None, bool]:
    """The text of a value in a column of this type, and whether it must have been kept so.

    A number or a truth value in a column of texts may have been written down in more than one way.
    """
    if value is None:  # NaN and infinity are null in JSON too
        return None, kind is None or not pa.types.is_floating(kind)
    if kind is None or isinstance(value, list | dict):
        return None, False
    if isinstance(value, bool):
        return ("true" if value else "false"), kind == pa.bool_()
    text, counts = str(value), pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if isinstance(value, _Number):
        return text, counts or held == "integer"
    return _HALF.sub("\ufffd", text), not (counts or held or kind == pa.bool_())
