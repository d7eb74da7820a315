"""JSON values as the text that stands for them, digit by digit."""

import json
import re
from typing import cast

import orjson
import pyarrow as pa

_HALF = re.compile("[\ud800-\udfff]")


class _Number(str):
    """A number, as it stands in the file."""


def tokens(line: bytes) -> dict[str, object]:
    """A line as an object whose numbers are the digits that stand there; raises `ValueError` where it is none."""
    found = json.loads(line, parse_int=_Number, parse_float=_Number, parse_constant=_Number)
    if not isinstance(found, dict):
        raise ValueError("a line is not an object")
    return cast(dict[str, object], found)


def text_of(value: object, kind: pa.DataType | None, held: str) -> tuple[str | None, bool]:
    """The text of a value in a column of this type, and whether it must have been kept so.

    A list, an object, or a number in a column of texts may have been written down in more than one way.
    """
    if value is None:
        return None, True
    if kind is None or isinstance(value, list | dict):
        return None, False
    if isinstance(value, bool):
        return ("true" if value else "false"), kind == pa.bool_()
    text, counts = str(value), pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if isinstance(value, _Number):
        return text, counts or held == "integer"
    if held == "json":
        return (orjson.dumps(text).decode(), True) if _HALF.search(text) is None else (None, False)
    return _HALF.sub("\ufffd", text), not (counts or held or kind == pa.bool_())
