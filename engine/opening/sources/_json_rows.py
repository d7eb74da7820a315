"""JSON values become rows: parsed, judged by the first, gathered into batches of bounded size."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import cast

import orjson
import pyarrow as pa

from engine.opening.sources._input import KEPT_BYTES, Report, Rest, set_aside, too_long
from engine.opening.sources._json_text import Piece
from engine.opening.sources._values import RAW, Kinds, batch_of, exact

DEEPEST = 250
"""Levels of lists and objects in one row: so many can also be written again."""

MOST_COLUMNS = 2_000
"""The first row may have more; keys beyond are gathered in one column."""

OTHERS = "other keys"

TRIED = 100_000
"""Where not one of so many can be read, a file is something else, and the rest is not tried."""

_BATCH_BYTES = 8 << 20
_BATCH_ROWS = 20_000
_BATCH_CELLS = 4_000_000
# orjson turns integers beyond 64 bits into floats and 1e-400 into 0 without a word; such text goes to the slower reader
# that keeps them.
_AS_ZEROS = bytes(48 if 48 <= c <= 57 else 101 if c in b"eE" else 45 if c == 45 else 32 for c in range(256))
_LONG_NUMBERS = (b"0" * 18, b"0e000", b"0e-000")
_NO_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\[\]{}"]++', re.DOTALL)
_HALF_PAIR = re.compile("[\ud800-\udfff]")


def json_batches(pieces: Iterable[Piece], report: Report, *, most: int, what: str) -> Iterator[pa.RecordBatch]:
    """The rows of these pieces, with their bytes in the hidden column; those that are none are rejected.

    Where the first is a text, number or list, every row becomes a column `value`. most: bytes of a row; what: the word
    for a piece, in reasons.
    """
    kinds = Kinds(report.drift)
    columns = _Columns(report)
    rows: list[dict[str, object]] = []
    raws: list[bytes] = []
    size = done = bad = 0
    plain: bool | None = None
    for piece in pieces:
        value, reason = _judged(piece, most)
        if reason and (piece.last or not piece.whole) and piece.size <= most:
            report.rest = Rest(piece.number, piece.raw[:KEPT_BYTES], reason)
            break
        if not reason and plain is None:
            plain = not isinstance(value, dict)
        if not reason and isinstance(value, dict) == plain:
            reason = f"an object, where the first {what} is a plain value"
            if not plain:
                reason = f"not an object as the first {what} is"
        if reason:
            if bad == TRIED and plain is None:
                said = (
                    f"not one of the first {TRIED:,} {what}s can be read, so the rest was not tried; the last: {reason}"
                )
                report.rest = Rest(piece.number, piece.raw[:KEPT_BYTES], said)
                break
            bad += 1
            set_aside(report, piece.number, piece.raw, reason)
            continue
        rows.append(columns.of(cast(dict[str, object], value) if not plain else {"value": value}))
        raws.append(piece.raw)
        size += piece.size
        if size >= _BATCH_BYTES or len(rows) >= _BATCH_ROWS or len(rows) * columns.count >= _BATCH_CELLS:
            yield batch_of(rows, raws, kinds, done)
            done += len(rows)
            rows, raws, size = [], [], 0
    if rows:
        yield batch_of(rows, raws, kinds, done)


def parsed(text: bytes) -> tuple[object, str]:
    """The value of a JSON text, or the reason why it is none. Integers of any size and NaN are kept."""
    if text.count(b"[") + text.count(b"{") > DEEPEST and _deeper(text):
        return None, f"lists and objects in one another, more than {DEEPEST} levels deep"
    try:
        zeros = text.translate(_AS_ZEROS)
        if not any(long in zeros for long in _LONG_NUMBERS):
            return orjson.loads(text), ""
    except orjson.JSONDecodeError:
        pass
    try:
        value = json.loads(text.decode(), parse_float=exact)
    except UnicodeDecodeError as error:
        return None, f"bytes that are not UTF-8 at position {error.start:,}"
    except json.JSONDecodeError as error:
        said = "something behind the value" if error.msg == "Extra data" else error.msg.removesuffix(" at")
        return None, f"not JSON: {said} at character {error.pos:,}"
    except (RecursionError, ValueError) as error:
        return None, f"not readable: {error}"
    if any(_has_half_pair(v) for v in (value.values() if isinstance(value, dict) else [value])):
        return None, "half a surrogate pair in a list of texts, which no text can hold"
    return value, ""


def _judged(piece: Piece, most: int) -> tuple[object, str]:
    if piece.size > most:
        return None, too_long(piece.size, most)
    value, reason = parsed(piece.raw)
    if not piece.whole and (reason or piece.raw[-1:] not in b'"]}'):
        return None, f"cut off, or a quote or bracket that does not close; {reason or 'it may go on'}"
    return value, reason


def _deeper(text: bytes) -> bool:
    depth = 0
    for byte in _NO_BRACKET.sub(b"", text):
        depth += (byte in b"[{") - (byte in b"]}")
        if depth > DEEPEST:
            return True
    return False


def _has_half_pair(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(v, str) and _HALF_PAIR.search(v) for v in value)


class _Columns:
    """Which keys have a column of their own: those of the first row, and others while there is room."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._own: dict[str, None] = {}
        self._room = 0
        self._others = ""

    @property
    def count(self) -> int:
        return len(self._own)

    def of(self, row: dict[str, object]) -> dict[str, object]:
        """The row with the keys that have no column gathered under one."""
        if RAW in row:
            row = {f"{k} (2)" if k == RAW else k: v for k, v in row.items()}
        if row.keys() <= self._own.keys():
            return row
        self._room = self._room or max(MOST_COLUMNS, len(row))
        new = [key for key in row if key not in self._own]
        free = self._room - len(self._own)
        self._own |= dict.fromkeys(new[:free])
        if len(new) <= free:
            return row
        if not self._others:
            self._others = _free_name(self._own)
            said = f"keys beyond the first {self._room:,} columns stand in {self._others!r}, as JSON"
            self._report.facts["gathered"] = said
        gathered = set(new[free:])
        kept = {k: v for k, v in row.items() if k not in gathered}
        return {**kept, self._others: {k: v for k, v in row.items() if k in gathered}}


def _free_name(taken: Iterable[str]) -> str:
    name, number = OTHERS, 1
    while name in taken:
        number += 1
        name = f"{OTHERS} ({number})"
    return name
