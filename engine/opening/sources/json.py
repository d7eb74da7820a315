"""JSON: arrays of objects, objects one behind the other, or one object with a list of objects in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._count_json import json_records
from engine.opening.sources._input import KEPT_BYTES, LARGEST_ROW, Input, LargestRow, Report, silent, utf8
from engine.opening.sources._json_rows import json_batches, parsed
from engine.opening.sources._json_text import JsonText, Piece
from engine.opening.sources._values import json_text
from engine.registry import About, Help

ABOUT = About(title="JSON", suffixes=(".json",), count=json_records)


def json(
    source: Input,
    report: Report,
    *,
    encoding: Annotated[str | None, Help("such as utf-16; found by itself when not given")] = None,
    largest_row: LargestRow = LARGEST_ROW,
) -> Iterator[pa.RecordBatch]:
    """Read JSON: arrays, or one object with a list of them in it (encoding: {encoding}, largest row: {largest_row} MB).

    The text of each row is kept in the column `raw`. A row is what stands between the commas of an array, or a value
    beside others; one that cannot be read is rejected. What stands behind the last value and is no JSON is rejected as
    the rest.
    """
    most = largest_row << 20
    text = JsonText(utf8(source.path, report, encoding, few_bad=3), most)
    first = text.peek()
    if not first:
        raise EngineError(f"{source.name} is empty. Choose a file with at least one row.")
    inside = _Inside(False)
    if first == b"{":
        inside = _looked_through(JsonText(utf8(source.path, silent(), encoding, few_bad=3), KEPT_BYTES))
    if inside.rows_under is not None:
        report.facts |= {"rows_under": inside.rows_under, "left_out": list(inside.left_out)}
        pieces = _of_list(text, inside.rows_under, report)
    elif inside.alone:
        pieces = _of_object(text, report)
    else:
        pieces = _of_values(text, report)
    yield from json_batches(pieces, report, most=most, what="row")


@dataclass(frozen=True)
class _Inside:
    """What a file that begins with an object holds. alone: nothing stands behind the object.

    rows_under: the key of its first list of objects; left_out: the other keys.
    """

    alone: bool
    rows_under: str | None = None
    left_out: tuple[str, ...] = ()


def _looked_through(text: JsonText) -> _Inside:
    """Look through a file that begins with an object; nothing of it is held."""
    rows_under, keys = None, []
    for key in _members(text):
        keys.append(key)
        if text.peek() != b"[":
            text.value()
        elif _holds_objects(text) and rows_under is None:
            rows_under = key
    if text.peek() == b"}":
        text.take()
    if text.peek():
        return _Inside(False)
    if rows_under is not None:
        keys.remove(rows_under)  # once: what stands under the same key again is left out like any other
    return _Inside(True, rows_under, tuple(keys))


def _holds_objects(text: JsonText) -> bool:
    """Whether the list that begins here holds objects and nothing else; the text then stands behind it."""
    text.take()
    found = only = text.peek() == b"{"
    while (first := text.peek()) not in (b"]", b"}", b":", b""):
        if first == b",":
            text.take()
            continue
        only = only and first == b"{"
        text.value()
    if first == b"]":
        text.take()
    return found and only


def _members(text: JsonText) -> Iterator[str]:
    """The keys of an object, each when the text stands before its value, which is to be read by then.

    Ends where the object does, or where it breaks.
    """
    text.take()
    while text.peek() == b'"':
        key, reason = parsed(text.value().raw)
        if text.peek() != b":" or reason or not isinstance(key, str):
            return
        text.take()
        yield key
        if text.peek() == b",":
            text.take()


def _of_list(text: JsonText, rows_under: str, report: Report) -> Iterator[Piece]:
    """The elements of the list under one key of an object."""
    for key in _members(text):
        if key == rows_under and text.peek() == b"[":
            yield from _of_array(text, report, 1)
            break
        text.value()
    text.drain()


def _of_object(text: JsonText, report: Report) -> Iterator[Piece]:
    """One object is one row; where all it holds are lists of one length, they are columns."""
    piece = text.value(1, last=True)
    value, _ = parsed(piece.raw)
    lists = [v for v in value.values() if isinstance(v, list)] if isinstance(value, dict) else []
    if not lists or len(lists) != len(value) or len({len(v) for v in lists}) != 1:  # type: ignore[arg-type]
        yield piece
        return
    report.facts["rows_under"] = "one list a column"
    for number, cells in enumerate(zip(*lists, strict=True), 1):
        raw = json_text(dict(zip(value, cells, strict=True))).encode()  # type: ignore[call-overload]
        yield Piece(number, raw, len(raw))


def _of_values(text: JsonText, report: Report) -> Iterator[Piece]:
    """Values one behind the other, commas between them or not; the elements of those that are arrays."""
    number = 1
    while first := text.peek():
        if first == b",":
            text.take()
        elif first == b"[":
            for piece in _of_array(text, report, number):
                yield piece
                number += 1
        elif first in (b"]", b"}", b":"):
            text.take()
            yield Piece(number, first, 1, last=True)
        else:
            yield text.value(number, last=True)
            number += 1


def _of_array(text: JsonText, report: Report, number: int) -> Iterator[Piece]:
    """The values of an array; a comma too many or too few does no harm."""
    text.take()
    while (first := text.peek()) != b"]":
        if not first:
            if not report.rest and not report.trouble:
                report.reject(number, b"", "the array is not closed, as if the file were cut off", 0)
            return
        if first == b",":
            text.take()
            continue
        if first in (b"}", b":"):
            text.take()
            yield Piece(number, first, 1, last=True)
            return
        yield text.value(number)
        number += 1
    text.take()
