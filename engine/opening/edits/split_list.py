"""Read a text with a delimiter as a list."""

from typing import Annotated

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.edits._text import as_text, writing_texts
from engine.registry import About, Help, Value

ABOUT = About(values={"value": Value("list")}, cost=writing_texts)


def split_list(
    values: pa.ChunkedArray,
    *,
    delimiter: Annotated[str, Help("what stands between the members, such as , or ;")] = ",",
) -> pa.ChunkedArray:
    """Read texts with “{delimiter}” between their members as lists; blanks around members go, empty members too."""
    if not delimiter:
        raise EngineError("A list needs a delimiter between its members, such as ','.")
    chunks = []
    for chunk in as_text(values).chunks:
        parts = [None if v is None else [p.strip() for p in v.split(delimiter) if p.strip()] for v in chunk.to_pylist()]
        chunks.append(pa.array(parts, pa.list_(pa.large_string())))
    return pa.chunked_array(chunks, pa.list_(pa.large_string()))
