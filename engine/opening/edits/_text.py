"""What edits share: any column as text, letters as a pattern, and the check of a pattern."""

import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import EngineError
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


def check_pattern(expression: str, given: str) -> None:
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(expression, options)
    except re2.error as error:
        said = error.args[0] if error.args else error
        said = said.decode() if isinstance(said, bytes) else said
        raise EngineError(
            f"{given!r} is not a regular expression that RE2 knows: {said}. It has no look-around and no "
            "back-references; a bracket that stands for itself is written \\(."
        ) from error
