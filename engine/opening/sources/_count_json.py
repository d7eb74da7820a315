"""How many records a JSON text holds: its brackets and quotes are followed, its values are not read."""

import re
from collections.abc import Iterator

import numpy as np

from engine.opening.sources._count import Facts, Tick, unpacked
from engine.opening.sources._input import Input

_QUOTE, _LIST, _OBJECT, _SHUT, _WORD = range(1, 6)
_CODES = bytearray([_WORD]) * 256
for _signs, _code in ((b" \t\r\n,:", 0), (b'"', _QUOTE), (b"[", _LIST), (b"{", _OBJECT), (b"]}", _SHUT)):
    for _sign in _signs:
        _CODES[_sign] = _code
_WORDS = re.compile(rb"[^ \t\r\n,:]+")
_SCALAR = re.compile(rb"-?(?:\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|Infinity)|NaN|true|false|null")


def json_records(source: Input, facts: Facts, tick: Tick) -> int:
    """The elements of every list at the top, and each other value there; behind the last, what is no JSON is one more.

    Where the reader found its rows under a key of one object, the elements of the first list there that holds nothing
    but objects; without one, of its longest list.
    """
    nested = "rows_under" in facts
    return unpacked(source, facts, tick, lambda blocks: _Structure(2 if nested else 1).count(blocks))


class _Structure:
    """Follows a JSON text block by block. level: how deep the elements lie, 1 in a list at the top."""

    def __init__(self, level: int) -> None:
        self._level = level
        self._depth = 0
        self._inside = 0  # of a text
        self._escaped = False  # the first byte of the next block
        self._word = False  # the last block ended in the middle of a number or the like
        self._around = 0  # what encloses the elements now: a list, or an object
        self._list = np.zeros((2, 1), np.int64)  # elements of the list that is open, and objects among them
        self._top = 0
        self._elements = 0
        self._first = 0  # elements of the first list that holds objects only
        self._longest = 0

    def count(self, blocks: Iterator[bytes]) -> int:
        """The records of the whole text."""
        for block in blocks:
            if block:
                self._take(block)
        self._end(self._list)
        if self._level == 1:
            return self._top + self._elements
        return max(self._top - 1, 0) + (self._first or self._longest)

    def _take(self, block: bytes) -> None:
        block = b"x" + block[1:] if self._escaped else block
        self._escaped = (len(block) - len(block.rstrip(b"\\"))) % 2 == 1
        codes = np.frombuffer(block.translate(bytes(_CODES)), np.uint8)
        at = np.flatnonzero((codes != 0) & (codes != _WORD))
        if b"\\" in block:
            at = at[~_after_odd_backslashes(block)[at]]
        kind = codes[at]
        inside = (self._inside + np.cumsum(kind == _QUOTE)) & 1
        outside = (kind == _QUOTE) | (inside == 0)
        at, kind, inside = at[outside], kind[outside], inside[outside]
        opens, shuts = (kind == _LIST) | (kind == _OBJECT), kind == _SHUT
        after = self._depth + np.cumsum(opens.astype(np.int64) - shuts)
        before = after - opens + shuts
        starts = opens | ((kind == _QUOTE) & (inside == 1))

        around = opens & (before == self._level - 1)
        enclosing = np.r_[np.uint8(self._around), kind[around]][np.cumsum(around)]
        number = np.cumsum(around & (kind == _LIST))  # of the list: 0 is the one that was open before
        element = starts & (before == self._level) & (enclosing == _LIST)
        top = starts & (before == 0) & ((kind != _LIST) | (self._level > 1))
        self._top += int(np.count_nonzero(top))
        lists = int(number[-1]) + 1 if len(number) else 1
        sizes = np.stack(
            [np.bincount(number[element & mask], minlength=lists) for mask in (element, kind == _OBJECT)]
        ).astype(np.int64)
        sizes[:, 0] += self._list[:, 0]

        # Between two of these signs may stand numbers, true, false and null: looked at only where they count.
        begin, end = np.r_[0, at + 1], np.r_[at, len(block)]
        depth, in_text = np.r_[self._depth, after], np.r_[self._inside, inside]
        in_list = np.r_[np.uint8(self._around), enclosing] == _LIST
        counts = (in_text == 0) & ((depth == 0) | ((depth == self._level) & in_list))
        words = np.r_[0, np.cumsum(codes == _WORD, dtype=np.int32)]
        of_gap = np.r_[0, number]
        for gap in np.flatnonzero(counts & (words[end] > words[begin])).tolist():
            text = block[begin[gap] : end[gap]]
            goes_on = self._word and gap == 0 and codes[0] == _WORD
            cut = int(end[gap]) == len(block) and codes[-1] == _WORD
            if depth[gap] == 0:
                self._top += _values(text, goes_on, cut)
            else:
                sizes[0, of_gap[gap]] += len(_WORDS.findall(text)) - goes_on
        self._word = bool(counts[-1]) and codes[-1] == _WORD

        self._depth, self._inside = int(depth[-1]), int(in_text[-1])
        self._around = int(enclosing[-1]) if len(enclosing) else self._around
        self._end(sizes[:, :-1])
        self._list = sizes[:, -1:]

    def _end(self, sizes: np.ndarray) -> None:
        """Lists that have been read to their end; int64 (2, lists): elements, and objects among them."""
        elements, objects = sizes
        self._elements += int(elements.sum())
        self._longest = max(self._longest, int(elements.max(initial=0)))
        whole = elements[(elements > 0) & (elements == objects)]
        if not self._first and len(whole):
            self._first = int(whole[0])


def _after_odd_backslashes(block: bytes) -> np.ndarray:
    """bool: which bytes are escaped."""
    found = np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\\"))
    last = np.r_[np.flatnonzero(np.diff(found) != 1), len(found) - 1]
    lengths = np.diff(np.r_[-1, last])
    behind = found[last[lengths % 2 == 1]] + 1
    escaped = np.zeros(len(block) + 1, bool)
    escaped[behind] = True
    return escaped[:-1]


def _values(text: bytes, goes_on: bool, cut: bool) -> int:
    """Values at the top between two signs: each number and the like is one, anything else is one together."""
    if goes_on and cut and len(text.translate(None, b" \t\r\n,:")) == len(text):
        return 0  # the middle of one word, however long
    words = _WORDS.findall(text)
    whole = words[int(goes_on) : len(words) - int(cut)]
    return (len(words) if all(map(_SCALAR.fullmatch, whole)) else 1) - int(goes_on)
