"""Take blanks off a text."""

from typing import Annotated, Literal, cast

import pyarrow as pa
import pyarrow.compute as pc

from engine.opening.edits._text import TEXT, as_text, writing_texts
from engine.registry import About, Help

Side = Literal["both sides", "start", "end"]


ABOUT = About(values=TEXT, cost=writing_texts)


def trim(
    values: pa.ChunkedArray,
    *,
    side: Side = "both sides",
    inner: Annotated[bool, Help("runs of blanks and line breaks inside become one blank")] = False,
) -> pa.ChunkedArray:
    """Take blanks and line breaks off {side} (inside too: {inner})."""
    text = as_text(values)
    if inner:
        text = pc.replace_substring_regex(text, pattern=r"\s+", replacement=" ")
    cut = {"both sides": pc.utf8_trim_whitespace, "start": pc.utf8_ltrim_whitespace, "end": pc.utf8_rtrim_whitespace}
    return cast(pa.ChunkedArray, cut[side](text))
