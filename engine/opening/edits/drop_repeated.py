"""Take what a text says again out of it."""

from typing import Annotated, Literal

import pyarrow as pa

from engine.opening.edits._text import TEXT, as_text, writing_texts
from engine.registry import About, Bounds, Help
from engine.text import without_repeated

ABOUT = About(values=TEXT, cost=writing_texts)


def drop_repeated(
    values: pa.ChunkedArray,
    *,
    of: Annotated[Literal["lines", "paragraphs", "sentences"], Help("what is compared inside a text")] = "lines",
    shortest: Annotated[int, Bounds(1, 1000), Help("in characters: shorter ones, such as a lone bracket, stay")] = 10,
) -> pa.ChunkedArray:
    """Take out {of} that an earlier one of the same text equals (of {shortest} characters or more).

    The first of them stays; blanks around it do not count, and those before one that goes, go with it.
    """
    chunks = [
        pa.array(
            [None if t is None else without_repeated(t, of, shortest) for t in chunk.to_pylist()], pa.large_string()
        )
        for chunk in as_text(values).chunks
    ]
    return pa.chunked_array(chunks, pa.large_string())
