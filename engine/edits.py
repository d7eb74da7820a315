"""The family of edits: a column becomes a new column, the original stays."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import ColumnType, Dataset
from engine.errors import EngineError
from engine.registry import Help, Json, Registry
from engine.textview import texts

_BLOCK_ROWS = 20_000
SHOWN = 10

Side = Literal["both sides", "start", "end"]
Form = Literal["NFC", "NFKC", "NFD", "NFKD"]


def strip_suffix(
    values: pa.ChunkedArray,
    *,
    suffix: Annotated[str, Help("what stands at the end, such as a signature or <|endoftext|>")],
    repeated: Annotated[bool, Help("also when it stands there several times")] = False,
) -> pa.ChunkedArray:
    """Take “{suffix}” off the end (repeated: {repeated})."""
    return _without(values, f"(?s)({_literal(suffix)}){'+' if repeated else ''}\\z", suffix)


def strip_prefix(
    values: pa.ChunkedArray,
    *,
    prefix: Annotated[str, Help("what stands at the start, such as Question:")],
    repeated: Annotated[bool, Help("also when it stands there several times")] = False,
) -> pa.ChunkedArray:
    """Take “{prefix}” off the start (repeated: {repeated})."""
    return _without(values, f"(?s)\\A({_literal(prefix)}){'+' if repeated else ''}", prefix)


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
    expression = _literal(pattern) if plain else pattern
    by = by.replace("\\", "\\\\") if plain else by
    if not match_case:
        expression = f"(?i){expression}"
    _check(expression, pattern)
    try:
        return cast(pa.ChunkedArray, pc.replace_substring_regex(_text(values), pattern=expression, replacement=by))
    except pa.ArrowInvalid as error:
        raise EngineError(f"The replacement {by!r} does not fit {pattern!r}: {error}. Groups are \\1, \\2 …") from error


def trim(
    values: pa.ChunkedArray,
    *,
    side: Side = "both sides",
    inner: Annotated[bool, Help("runs of blanks and line breaks inside become one blank")] = False,
) -> pa.ChunkedArray:
    """Take blanks and line breaks off {side} (inside too: {inner})."""
    text = _text(values)
    if inner:
        text = pc.replace_substring_regex(text, pattern=r"\s+", replacement=" ")
    cut = {"both sides": pc.utf8_trim_whitespace, "start": pc.utf8_ltrim_whitespace, "end": pc.utf8_rtrim_whitespace}
    return cast(pa.ChunkedArray, cut[side](text))


def unescape_html(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Turn HTML escapes such as &amp;amp; and &#233; into the letters that they stand for."""
    chunks = [
        pa.array([html.unescape(v) if v is not None and "&" in v else v for v in chunk.to_pylist()], pa.large_string())
        for chunk in _text(values).chunks
    ]
    return pa.chunked_array(chunks, pa.large_string())


def unicode_form(values: pa.ChunkedArray, *, form: Form = "NFC") -> pa.ChunkedArray:
    """Bring letters to the Unicode form {form}.

    NFC joins letters with their accents, NFD parts them; NFKC and NFKD also turn ligatures, full-width and raised
    letters into plain ones.
    """
    return cast(pa.ChunkedArray, pc.utf8_normalize(_text(values), form=form))


def split_list(
    values: pa.ChunkedArray,
    *,
    delimiter: Annotated[str, Help("what stands between the members, such as , or ;")] = ",",
) -> pa.ChunkedArray:
    """Read texts with “{delimiter}” between their members as lists; blanks around members go, empty members too."""
    if not delimiter:
        raise EngineError("A list needs a delimiter between its members, such as ','.")
    chunks = []
    for chunk in _text(values).chunks:
        parts = [None if v is None else [p.strip() for p in v.split(delimiter) if p.strip()] for v in chunk.to_pylist()]
        chunks.append(pa.array(parts, pa.list_(pa.large_string())))
    return pa.chunked_array(chunks, pa.list_(pa.large_string()))


EDITS = Registry("edit", [strip_suffix, strip_prefix, replace, trim, unescape_html, unicode_form, split_list])


def type_of(member: str) -> ColumnType:
    """The type of the column that an edit makes."""
    return "list" if member == "split_list" else "text"


@dataclass(frozen=True)
class Difference:
    """What an edit does to one row."""

    row: int
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Shown:
    """An edit before it is made. changed: rows that differ; there: rows with a value; first: ten that differ."""

    changed: int
    there: int
    first: list[Difference]


def preview(data: Dataset, column: str, member: str, params: Mapping[str, Json], *, limit: int = SHOWN) -> Shown:
    """What an edit would change: the first differences and how many there are, over all rows."""
    first: list[Difference] = []
    changed = there = start = 0
    for before, after in _blocks(data, column, member, params):
        there += len(before) - before.null_count
        if type_of(member) == "list":
            differs = pc.greater(pc.list_value_length(after), 1)
        else:
            differs = pc.not_equal(before, after)
        rows = np.flatnonzero(pc.fill_null(differs, False).to_numpy(zero_copy_only=False))
        changed += len(rows)
        for row in rows[: limit - len(first)].tolist():
            value = after[row].as_py()
            shown = " · ".join(value) if isinstance(value, list) else value
            first.append(Difference(start + row, before[row].as_py(), shown))
        start += len(before)
    return Shown(changed, there, first)


def made(data: Dataset, column: str, member: str, params: Mapping[str, Json]) -> Iterator[pa.Array]:
    """The new column, block by block."""
    for _, after in _blocks(data, column, member, params):
        yield after


def _blocks(data: Dataset, column: str, member: str, params: Mapping[str, Json]) -> Iterator[tuple[pa.Array, pa.Array]]:
    edit = EDITS[member]
    checked = edit.check(params)
    whole = data.column(column)
    for start in range(0, data.n, _BLOCK_ROWS):
        before = _text(whole.slice(start, _BLOCK_ROWS))
        after = edit.function(before, **checked)
        yield _one(before), _one(after)


def _one(values: pa.ChunkedArray) -> pa.Array:
    joined = values.combine_chunks()
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def _text(values: pa.ChunkedArray) -> pa.ChunkedArray:
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


def _without(values: pa.ChunkedArray, pattern: str, given: str) -> pa.ChunkedArray:
    if not given:
        raise EngineError("There is nothing to take off. Write the letters.")
    return cast(pa.ChunkedArray, pc.replace_substring_regex(_text(values), pattern=pattern, replacement=""))


def _literal(text: str) -> str:
    """Letters as an RE2 expression that stands for just them."""
    import re2

    return str(re2.escape(text))


def _check(expression: str, given: str) -> None:
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
