"""Take letters off the end of a text."""

from typing import Annotated

import pyarrow as pa

from engine.opening.edits._text import TEXT, literal, without, writing_texts
from engine.registry import About, Help

ABOUT = About(values=TEXT, cost=writing_texts)


def strip_suffix(
    values: pa.ChunkedArray,
    *,
    suffix: Annotated[str, Help("what stands at the end, such as a signature or <|endoftext|>")],
    repeated: Annotated[bool, Help("also when it stands there several times")] = False,
) -> pa.ChunkedArray:
    """Take “{suffix}” off the end (repeated: {repeated})."""
    return without(values, f"(?s)({literal(suffix)}){'+' if repeated else ''}\\z", suffix)
