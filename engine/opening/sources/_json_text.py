"""JSON text cut where its values end, by quotes and brackets alone, as it streams by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.opening.sources._input import Begun

# All of these are possessive (+ behind a repeat): they take time in proportion to the text, whatever it holds.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_BLANK = re.compile(rb"[ \t\r\n]*+")
_OPENING = re.compile(rb"[\[{]++")
_CLOSING = re.compile(rb"[\]}]++")
_QUOTED = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


def _up_to(stops: bytes) -> re.Pattern[bytes]:
    """Everything up to one of these outside of brackets, or to a bracket that does not close within six levels."""
    inner = rb'[^"{}\[\]]++|' + _STRING
    for _ in range(5):
        inner = rb'[^"{}\[\]]++|' + _STRING + rb"|[\[{](?:" + inner + rb")*+[\]}]"
    outer = rb'[^"{}\[\]' + stops + rb"]++|" + _STRING + rb"|[\[{](?:" + inner + rb")*+[\]}]"
    return re.compile(rb"(?:" + outer + rb")*+", re.DOTALL)


_INSIDE = _up_to(b"")
_OUTSIDE = {
    b"]": _INSIDE,
    b",]": _up_to(b","),
    b",}": _up_to(b","),
    b":,}": _up_to(b":,"),
    b" \t\r\n[{": _up_to(b" \t\r\n"),
}


@dataclass(frozen=True)
class Piece:
    """One value of a text, not parsed. raw: its bytes, of a too long one the first; size: of all of it.

    number: which record it is, 1 is the first. whole: the text does not end within it. last: when it cannot be read,
    nothing behind it can.
    """

    number: int
    raw: bytes
    size: int
    whole: bool = True
    last: bool = False


class JsonText:
    """Bytes of JSON from block to block. most: of a longer value only the start is held."""

    def __init__(self, blocks: Iterator[bytes], most: int) -> None:
        self._blocks = blocks
        self._most = most
        self._text = b""
        self._at = 0

    def peek(self) -> bytes:
        """The next byte that is not blank, b"" at the end."""
        while True:
            self._at = _BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at : self._at + 1]
            if not self._more():
                return b""

    def take(self) -> None:
        """Go past the next byte that is not blank."""
        self._at += len(self.peek())

    def up_to(self, stops: bytes, number: int = 0) -> Piece:
        """All up to one of these bytes, outside of strings and brackets; blanks at both ends are left out."""
        self.peek()
        return self._cut(stops, number, depth=0)

    def value(self, number: int) -> Piece:
        """The value that begins here, which stands beside others, not in brackets."""
        if self.peek() in (b"[", b"{"):
            return replace(self._cut(b"", number, depth=1), last=True)
        return replace(self._cut(b" \t\r\n[{", number, depth=0), whole=True, last=True)

    def drain(self) -> None:
        """Read on to the end of the file, for what its packing has to say."""
        while self._more():
            pass

    def _more(self) -> bool:
        block = next(self._blocks, None)
        self._text, self._at = block or b"", 0
        return block is not None

    def _cut(self, stops: bytes, number: int, depth: int) -> Piece:
        """depth 0: up to one of `stops`. depth 1: to the end of the brackets that open here."""
        piece = Begun(self._most)
        scan = _Scan(stops, depth)
        begin, at = self._at, self._at + depth
        while True:
            end = scan.end(self._text, at)
            if end is not None:
                piece.add(self._text[begin:end])
                self._at = end
                break
            piece.add(self._text[begin:])
            if not self._more():
                break
            begin = at = 0
        raw, size = piece.line()
        return Piece(number, raw.rstrip(b" \t\r\n"), size, whole=end is not None)


class _Scan:
    """Where a value ends: what is known of the blocks before. Brackets of both kinds count alike."""

    def __init__(self, stops: bytes, depth: int) -> None:
        self._stops = stops
        self._closes = depth == 1
        self._depth = depth
        self._quoted = self._escaped = False

    def end(self, text: bytes, at: int) -> int | None:
        """The end in this block from `at` on; None when it lies in a later one."""
        while at < len(text):
            if self._quoted:
                at = self._in_string(text, at)
                continue
            at = (_INSIDE if self._depth else _OUTSIDE[self._stops]).match(text, at).end()  # type: ignore[union-attr]
            byte = text[at : at + 1]
            if not byte:
                return None
            if not self._depth and byte in self._stops:
                return at
            if byte == b'"':
                self._quoted, at = True, at + 1
            elif byte in b"[{":
                run = _OPENING.match(text, at).end() - at  # type: ignore[union-attr]
                self._depth, at = self._depth + run, at + run
            elif self._depth:
                run = min(_CLOSING.match(text, at).end() - at, self._depth)  # type: ignore[union-attr]
                self._depth, at = self._depth - run, at + run
                if self._closes and not self._depth:
                    return at
            else:
                at += 1  # a bracket that closes what was never opened: whoever parses the piece will say so
        return None

    def _in_string(self, text: bytes, at: int) -> int:
        if self._escaped:
            self._escaped = False
            return at + 1
        at = _QUOTED.match(text, at).end()  # type: ignore[union-attr]
        if at < len(text):
            # Either the closing quote, or a backslash whose letter stands in the next block.
            self._quoted = text[at] != ord('"')
            self._escaped = self._quoted
        return at + 1
