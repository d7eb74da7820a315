"""JSON: an array of objects, one object, or one object with a list of objects in it."""

import codecs
import json as json_
import re
from collections.abc import Iterator
from typing import Annotated

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._input import Input, Report, utf8
from engine.opening.sources._values import Kinds, batch_of
from engine.registry import About, Help

_BATCH_BYTES = 8 << 20
_BATCH_ROWS = 20_000
_BLANK = re.compile(r"[ \t\r\n]*")
_LARGEST_OBJECT = 512 << 20


ABOUT = About(title="JSON", suffixes=(".json",))


def json(
    source: Input,
    report: Report,
    *,
    encoding: Annotated[str | None, Help("such as utf-16; found by itself when not given")] = None,
) -> Iterator[pa.RecordBatch]:
    """Read JSON: an array of objects, or one object with a list of them in it (encoding: {encoding}).

    The text of each row is kept in the column `raw`. What cannot be read, and all behind it, is rejected.
    """
    text = _Text(utf8(source.path, report, encoding, few_bad=3))
    text.skip_blank()
    if not text.peek():
        raise EngineError(f"{source.name} is empty. Choose a file with at least one row.")
    kinds = Kinds(report.drift)
    rows: list[dict[str, object]] = []
    raws: list[bytes] = []
    size = done = 0
    for number, (value, raw) in enumerate(_elements(text, report, source.name), 1):
        if not isinstance(value, dict):
            if any("value" not in r for r in rows[:1]):
                report.reject(number, raw, "not an object as the first row is")
                continue
            value = {"value": value}
        rows.append(value)
        raws.append(raw)
        size += len(raw)
        if size >= _BATCH_BYTES or len(rows) >= _BATCH_ROWS:
            yield batch_of(rows, raws, kinds, done)
            done += len(rows)
            rows, raws, size = [], [], 0
    if rows:
        yield batch_of(rows, raws, kinds, done)


class _Text:
    """A window over the decoded text that grows forward and forgets what has been read."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._at = 0
        self._ended = False

    def more(self, size: int = 1 << 20) -> bool:
        """Take in at least `size` more characters where there are; False at the end."""
        if self._ended:
            return False
        parts, got = [self._text[self._at :]], 0
        while got < size:
            block = next(self._blocks, None)
            if block is None:
                self._ended = True
                parts.append(self._decoder.decode(b"", True))
                break
            parts.append(self._decoder.decode(block))
            got += len(parts[-1])
        self._text, self._at = "".join(parts), 0
        return got > 0

    def skip_blank(self) -> None:
        """Go to the next character that is not blank."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text) or not self.more():
                return

    def peek(self) -> str:
        """The next character, "" at the end."""
        return self._text[self._at : self._at + 1]

    def take(self) -> None:
        """Go one character on."""
        self._at += 1

    def value(self) -> tuple[object, str]:
        """The next JSON value and its text; raises `ValueError` where there is none."""
        size = 1 << 20
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
                # A number at the edge of the window may go on behind it.
                if end < len(self._text) or not self.more():
                    raw = self._text[self._at : end]
                    self._at = end
                    return value, raw
            except json_.JSONDecodeError as error:
                near_end = error.pos >= len(self._text) - 16 or "Unterminated" in error.msg
                if not near_end or size > _LARGEST_OBJECT or not self.more(size):
                    raise
                size *= 2

    def rest(self, limit: int = 1 << 20) -> str:
        """What has not been read, as far as it is in the window."""
        return self._text[self._at : self._at + limit]


_DECODER = json_.JSONDecoder()


def _elements(text: _Text, report: Report, name: str) -> Iterator[tuple[object, bytes]]:
    if text.peek() != "[":
        yield from _of_object(text, report, name)
        return
    text.take()
    number = 0
    while True:
        text.skip_blank()
        if text.peek() == "]":
            return
        number += 1
        try:
            value, raw = text.value()
        except (ValueError, RecursionError) as error:
            said = f"not JSON: {error}; this row and all behind it are lost"
            report.reject(number, text.rest().encode("utf-8", "replace"), said)
            return
        yield value, raw.encode("utf-8", "replace")
        text.skip_blank()
        if text.peek() == ",":
            text.take()
        elif text.peek() != "]":
            said = "the array is not closed" if not text.peek() else "no comma after a row; all behind it is lost"
            report.reject(number + 1, text.rest().encode("utf-8", "replace"), said)
            return


def _of_object(text: _Text, report: Report, name: str) -> Iterator[tuple[object, bytes]]:
    """One object: the rows are its first list of objects; without one, the object is the only row."""
    try:
        value, raw = text.value()
    except (ValueError, RecursionError) as error:
        raise EngineError(f"{name} is not JSON: {error}. If it has one object a line, name it .jsonl.") from error
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, list) and inner and all(isinstance(i, dict) for i in inner):
                report.facts["rows_under"] = key
                report.facts["left_out"] = [k for k in value if k != key]
                for item in inner:
                    yield item, json_.dumps(item, ensure_ascii=False).encode("utf-8", "replace")
                return
        columns = {k: v for k, v in value.items() if isinstance(v, list)}
        if len(columns) == len(value) > 0 and len({len(v) for v in columns.values()}) == 1:
            report.facts["rows_under"] = "one list a column"
            for cells in zip(*columns.values(), strict=True):
                item = dict(zip(columns, cells, strict=True))
                yield item, json_.dumps(item, ensure_ascii=False).encode("utf-8", "replace")
            return
    yield value, raw.encode("utf-8", "replace")
