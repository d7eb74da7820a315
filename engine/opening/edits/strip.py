"""Take letters off the start or the end of a text."""

from typing import Annotated, cast

import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import EngineError
from engine.opening.edits._text import as_text, literal
from engine.registry import Help


def strip_suffix(
    values: pa.ChunkedArray,
    *,
    suffix: Annotated[str, Help("what stands at the end, such as a signature or <|endoftext|>")],
    repeated: Annotated[bool, Help("also when it stands there several times")] = False,
) -> pa.ChunkedArray:
    """Take “{suffix}” off the end (repeated: {repeated})."""
    return _without(values, f"(?s)({literal(suffix)}){'+' if repeated else ''}\\z", suffix)


def strip_prefix(
    values: pa.ChunkedArray,
    *,
    prefix: Annotated[str, Help("what stands at the start, such as Question:")],
    repeated: Annotated[bool, Help("also when it stands there several times")] = False,
) -> pa.ChunkedArray:
    """Take “{prefix}” off the start (repeated: {repeated})."""
    return _without(values, f"(?s)\\A({literal(prefix)}){'+' if repeated else ''}", prefix)


def _without(values: pa.ChunkedArray, pattern: str, given: str) -> pa.ChunkedArray:
    if not given:
        raise EngineError("There is nothing to take off. Write the letters.")
    return cast(pa.ChunkedArray, pc.replace_substring_regex(as_text(values), pattern=pattern, replacement=""))
