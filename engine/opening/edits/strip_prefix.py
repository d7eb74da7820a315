"""Take letters off the start of a text."""

from typing import Annotated

import pyarrow as pa

from engine.opening.edits._text import TEXT, literal, without, writing_texts
from engine.registry import About, Help

ABOUT = About(values=TEXT, cost=writing_texts)


def strip_prefix(
    values: pa.ChunkedArray,
    *,
    prefix: Annotated[str, Help("what stands at the start, such as Question:")],
    repeated: Annotated[bool, Help("also when it stands there several times")] = False,
) -> pa.ChunkedArray:
    """Take “{prefix}” off the start (repeated: {repeated})."""
    return without(values, f"(?s)\\A({literal(prefix)}){'+' if repeated else ''}", prefix)
