"""JSON text cut where its values end, by quotes and brackets alone, as it streams by."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.opening.sources._input import Begun

# All of these are possessive (+ behind a repeat): they take time in proportion to the text, whatever it holds.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_PLAIN = rb'[^"{}\[\]\\]++|\\.|' + _STRING
_BLANK = re.compile(rb"[ \t\r\n]*+")
_OPENING = re.compile(rb"[\[{]++")
_CLOSING = re.compile(rb"[\]}]++")
_QUOTED = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
_WORD = re.compile(rb'(?:[^ \t\r\n,:"{}\[\]\\]++|\\[^ \t\r\n,:]|\\(?=[ \t\r\n,:]))*+')


def _inside() -> re.Pattern[bytes]:
    """Everything up to a bracket that closes what is around, or that does not itself close within six levels."""
    inner = _PLAIN
    for _ in range(5):
        inner = _PLAIN + rb"|[\[{](?:" + inner + rb")*+[\]}]"
    return re.compile(rb"(?:" + inner + rb")*+", re.DOTALL)


_INSIDE = _inside()


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

    def value(self, number: int = 0, *, last: bool = False) -> Piece:
        """The value that begins here: brackets to where they close, a text to its quote, else a word.

        last: said of the piece, see there.
        """
        first = self.peek()
        piece = Begun(self._most)
        scan = _Scan(first)
        while (end := scan.end(self._text, self._at)) is None:
            piece.add(self._text[self._at :])
            if not self._more():
                break
        else:
            piece.add(self._text[self._at : end])
            self._at = end
        raw, size = piece.line()
        # A word at the end of a list may go on behind the end of the file; one that stands alone is as it is.
        return Piece(number, raw, size, whole=end is not None or (last and scan.is_word), last=last)

    def drain(self) -> None:
        """Read on to the end of the file, for what its packing has to say."""
        while self._more():
            pass

    def _more(self) -> bool:
        block = next(self._blocks, None)
        self._text, self._at = block or b"", 0
        return block is not None


class _Scan:
    """Where a value ends: what is known of the blocks before. Brackets of both kinds count alike."""

    def __init__(self, first: bytes) -> None:
        self.is_word = first not in (b'"', b"[", b"{")
        self._depth = 0
        self._quoted = self._escaped = False

    def end(self, text: bytes, at: int) -> int | None:
        """The end in this block from `at` on; None when it lies in a later one."""
        while at < len(text):
            if self._escaped:
                self._escaped, at = False, at + 1
            elif self._quoted:
                at = self._in_string(text, at)
                if not (self._quoted or self._depth):
                    return at
            elif self.is_word:
                at = _WORD.match(text, at).end()  # type: ignore[union-attr]
                if text[at : at + 1] not in (b"", b"\\"):
                    return at
                self._escaped, at = at < len(text), at + 1
            else:
                at = self._in_brackets(text, at)
                if not (self._quoted or self._depth):
                    return at
        return None

    def _in_brackets(self, text: bytes, at: int) -> int:
        if self._depth:
            at = _INSIDE.match(text, at).end()  # type: ignore[union-attr]
        byte = text[at : at + 1]
        if byte == b'"':
            self._quoted = True
        elif byte == b"\\":
            self._escaped = True
        elif byte in (b"[", b"{"):
            run = _OPENING.match(text, at).end() - at  # type: ignore[union-attr]
            self._depth += run
            return at + run
        elif byte:
            run = min(_CLOSING.match(text, at).end() - at, self._depth)  # type: ignore[union-attr]
            self._depth -= run
            return at + run
        return at + 1

    def _in_string(self, text: bytes, at: int) -> int:
        at = _QUOTED.match(text, at).end()  # type: ignore[union-attr]
        if at < len(text):
            # Either the closing quote, or a backslash whose letter stands in the next block.
            self._quoted = self._escaped = text[at] != ord('"')
        return at + 1
