"""What edits share: any column as text, letters as a pattern, and the check of a pattern."""

from typing import cast

import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import EngineError
from engine.registry import MEGABYTE, Cost, Load, Value
from engine.text import texts


def as_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Any column as text: lists joined by commas, nested values as JSON, missing stays missing."""
    if pa.types.is_large_string(values.type):
        return values
    if pa.types.is_string(values.type):
        return values.cast(pa.large_string())
    if pa.types.is_null(values.type):
        return pa.chunked_array([pa.nulls(len(values), pa.large_string())])
    there = pc.is_valid(values).to_pylist()
    found = [t if is_there else None for t, is_there in zip(texts(values), there, strict=True)]
    return pa.chunked_array([pa.array(found, pa.large_string())])


def literal(text: str) -> str:
    """Letters as an RE2 expression that stands for just them."""
    import re2

    return str(re2.escape(text))


def without(values: pa.ChunkedArray, pattern: str, given: str) -> pa.ChunkedArray:
    """Texts without what a pattern matches; given: the letters that were asked for."""
    if not given:
        raise EngineError("There is nothing to take off. Write the letters.")
    return cast(pa.ChunkedArray, pc.replace_substring_regex(as_text(values), pattern=pattern, replacement=""))


TEXT = {"value": Value("text")}
"""What most edits make."""


def writing_texts(load: Load) -> Cost:
    """The column once more, 100,000 rows a second."""
    return Cost(load.rows / 100_000 + 0.2, 300 * MEGABYTE, int(load.rows * load.characters(1 << 40)))
