"""Delimited text cut into its records, one at a time: nothing is refused, and a record too long is never held whole."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.opening.sources._input import KEPT_BYTES

MOST_CELLS = 1 << 18


@dataclass(frozen=True)
class Cut:
    """One record. cells: None for an absent one, b"" for a quoted empty one; none at all where the record is too long.

    raw: its bytes without the line's end, the first of them where it is too long; size: of all of them. end: how many
    bytes of the stream stand before what follows it. lines: line breaks inside it. open: its last quote never closes.
    """

    cells: list[bytes | None]
    raw: bytes
    size: int
    end: int
    lines: int = 0
    too_long: bool = False
    open: bool = False


def cut(blocks: Iterator[bytes], delimiter: str, quote: str, largest: int) -> Iterator[Cut]:
    """The records that are not blank. largest: bytes that one may have. delimiter, quote: one ASCII sign, quote or "".

    A quote opens a cell only where it stands first; doubled inside, it is a letter, and so is one anywhere else. A
    record ends with \\n, \\r or both: by these rules Arrow and Python's csv module cut as well.
    """
    separator, around = delimiter.encode(), quote.encode()
    ends = re.compile(b"[" + re.escape(separator) + b"\r\n]")
    # Nobody wants the cells of a record that is too long: only where it ends, and where quotes open.
    far_ends = [b"\r", b"\n", *([separator + around] if quote else [])]
    record = _Record(largest)
    state = "start"
    before = 0
    for block in blocks:
        record.begin(block)
        at = 0
        while at < len(block):
            if state == "start" and (line := record.plain_line(at, around)) is not None:
                at += len(line) + 1
                if whole := record.close_line(line, before + at, separator):
                    yield whole
            elif state == "start":
                state = "plain"
                if around and block.startswith(around, at):
                    record.quoted, state = True, "quoted"
                    at += 1
            elif state == "plain":
                if record.too_long:
                    end, sign = _first(block, at, far_ends)
                else:
                    found = ends.search(block, at)
                    end, sign = (found.start(), found[0]) if found else (len(block), b"")
                record.take(at, end)
                if not sign:
                    state = "start" if record.too_long and block.endswith(separator) else "plain"
                    break
                at = end + len(sign)
                record.close_cell()
                state = "start" if len(sign) == 1 else "quoted"
                if sign in b"\r\n" and (whole := record.close(end, before + at)):
                    yield whole
            elif state == "quoted":
                end = block.find(around, at)
                record.take(at, end if end >= 0 else len(block))
                if end < 0:
                    break
                at, state = end + 1, "closing"
            else:  # behind a quote inside a quoted cell: another one makes a letter of both
                state = "plain"
                if block.startswith(around, at):
                    record.take(at, at + 1)
                    at, state = at + 1, "quoted"
        record.keep(len(block))
        before += len(block)
    record.close_cell()
    if last := record.close(0, before, open_=state == "quoted"):
        yield last


def _first(block: bytes, at: int, signs: list[bytes]) -> tuple[int, bytes]:
    """Where the first of these signs stands, and which it is; the end of the block and b"" where there is none."""
    places = [(place, sign) for sign in signs if (place := block.find(sign, at)) >= 0]
    return min(places, default=(len(block), b""))


class _Record:
    """The record that is being cut, over however many blocks it reaches."""

    _raw: list[bytes]
    _cells: list[bytes | None]
    _cell: list[bytes]
    _size: int
    _lines: int

    def __init__(self, largest: int) -> None:
        self.quoted = False
        self.too_long = False
        self._largest = largest
        self._block = b""
        self._start = 0
        self._forget()

    def begin(self, block: bytes) -> None:
        """The next block; what follows is said in places of it."""
        self._block, self._start = block, 0

    def plain_line(self, at: int, around: bytes) -> bytes | None:
        """The line that starts here, where a record starts here as well and no sign in the line needs a closer look."""
        if at != self._start or self._size or self._cells:
            return None
        end = self._block.find(b"\n", at)
        if not 0 <= end - at <= self._largest:
            return None
        line = self._block[at:end]
        return None if b"\r" in line[:-1] or (around and around in line) else line

    def close_line(self, line: bytes, passed: int, separator: bytes) -> Cut | None:
        """The record that such a line is, None for a blank one; the next one begins."""
        self._start += len(line) + 1
        raw = line.removesuffix(b"\r")
        return Cut([c or None for c in raw.split(separator)], raw, len(raw), passed) if raw else None

    def take(self, start: int, end: int) -> None:
        """These bytes of the block belong to the cell."""
        if end > start and not self.too_long:
            self._cell.append(self._block[start:end])

    def close_cell(self) -> None:
        """The cell ends; the next one begins."""
        if not self.too_long:
            self._cells.append(b"".join(self._cell) if self._cell or self.quoted else None)
            self.too_long = len(self._cells) > MOST_CELLS
        self._cell, self.quoted = [], False

    def keep(self, end: int) -> None:
        """The block, or the record, ends here; what it holds of the record is kept, of a long one only its head."""
        piece = self._block[self._start : end]
        self._size += len(piece)
        self._lines += piece.count(b"\n") or piece.count(b"\r")
        self.too_long |= self._size > self._largest
        self._raw.append(piece)
        if self.too_long:
            self._raw = [b"".join(self._raw)[:KEPT_BYTES]]
            self._cells, self._cell = [], []

    def close(self, end: int, passed: int, *, open_: bool = False) -> Cut | None:
        """The record as it ends here, None for a blank one; the next one begins."""
        self.keep(end)
        whole = None
        if self.too_long or self._cells != [None]:
            whole = Cut(self._cells, b"".join(self._raw), self._size, passed, self._lines, self.too_long, open_)
        self._start, self.too_long = end + 1, False
        self._forget()
        return whole

    def _forget(self) -> None:
        self._raw, self._cells, self._cell = [], [], []
        self._size = self._lines = 0
