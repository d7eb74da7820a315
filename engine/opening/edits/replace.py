"""Replace what a pattern matches."""

from typing import Annotated, cast

import pyarrow as pa
import pyarrow.compute as pc

from engine.errors import EngineError
from engine.opening.edits._text import TEXT, as_text, literal, writing_texts
from engine.registry import About, Help
from engine.text import checked_pattern

ABOUT = About(values=TEXT, cost=writing_texts)


def replace(
    values: pa.ChunkedArray,
    *,
    pattern: Annotated[str, Help("a regular expression (RE2), or plain letters")],
    by: Annotated[str, Help("what takes its place; \\1 is the first group")] = "",
    plain: Annotated[bool, Help("the pattern is plain letters, not an expression")] = False,
    match_case: Annotated[bool, Help("upper and lower case differ")] = True,
) -> pa.ChunkedArray:
    """Replace “{pattern}” by “{by}” (plain: {plain}, match case: {match_case}).

    RE2: no pattern can take longer than the text is long. Raises `EngineError` for a pattern or a replacement that is
    not valid.
    """
    if not pattern:
        raise EngineError("There is nothing to replace. Write a pattern.")
    expression = checked_pattern(literal(pattern) if plain else pattern, match_case)
    by = by.replace("\\", "\\\\") if plain else by
    try:
        return cast(pa.ChunkedArray, pc.replace_substring_regex(as_text(values), pattern=expression, replacement=by))
    except pa.ArrowInvalid as error:
        raise EngineError(f"The replacement {by!r} does not fit {pattern!r}: {error}. Groups are \\1, \\2 …") from error
