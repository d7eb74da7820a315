"""The words of a text: runs between white space, whole or parted after the rules for English that spaCy is known by."""

from typing import NamedTuple

import numpy as np

from engine.compiled import compiled
from engine.signals.rules.kernels.characters import DIGIT, LETTER, LOWER, PREFIX, SPACE, SUFFIX, Text, hash_of

_STOP, _PLUS, _MINUS, _EN, _EM, _TILDE, _ELLIPSIS = 0x2E, 0x2B, 0x2D, 0x2013, 0x2014, 0x7E, 0x2026
_COMMA, _BANG, _ASK, _QUOTE, _CURLY = 0x2C, 0x21, 0x3F, 0x27, 0x2019


class Words(NamedTuple):
    """The words of one text: where each begins and ends int32, its hash uint64, how many there are int64 (1,)."""

    starts: np.ndarray
    ends: np.ndarray
    hashes: np.ndarray
    total: np.ndarray


@compiled
def find_words(text: Text, apart: bool, words: Words, tails: np.ndarray) -> None:
    """Write down the words of a text. apart: signs and contractions are words of their own. tails: int32, room."""
    size, i = len(text.points), 0
    words.total[0] = 0
    while i < size:
        if text.bits[i] & SPACE:
            i += 1
            continue
        start, common = i, LETTER
        while i < size and not text.bits[i] & SPACE:
            common &= text.bits[i]
            i += 1
        if apart and not common:
            _part(text, start, i, words, tails)
        else:
            _add(text, start, i, words)


@compiled
def _add(text: Text, start: int, end: int, words: Words) -> None:
    n = words.total[0]
    words.starts[n], words.ends[n] = start, end
    words.hashes[n] = hash_of(text.points, start, end)
    words.total[0] = n + 1


@compiled
def _part(text: Text, start: int, end: int, words: Words, tails: np.ndarray) -> None:
    """Part one run: signs from its front, signs from its end, then what joins words inside of it."""
    start = _fronts(text, start, end, words)
    held, count, last = end, 0, _tail(text, start, end)
    while start < held and last < held:
        tails[count] = held
        count += 1
        held = last
        last = _tail(text, start, held)
    if start < held:
        _middle(text, start, held, words)
    while count:
        count -= 1
        _add(text, held, tails[count], words)
        held = tails[count]


@compiled
def _fronts(text: Text, start: int, end: int, words: Words) -> int:
    points, bits = text
    while start < end:
        after = start + 1
        if points[start] == _STOP and after < end and points[after] == _STOP:
            while after < end and points[after] == _STOP:
                after += 1
        elif not bits[start] & PREFIX or (points[start] == _PLUS and after < end and bits[after] & DIGIT):
            return start
        _add(text, start, after, words)
        start = after
    return start


@compiled
def _tail(text: Text, start: int, end: int) -> int:
    """Where the sign begins that is parted from the end of a run; its end where there is none."""
    points, bits = text
    if start >= end:
        return end
    last, size = points[end - 1], end - start
    before = points[end - 2] if size > 1 else 0
    kind = bits[end - 2] if size > 1 else 0
    if last == _STOP:
        if size == 1:
            return end - 1
        if before == _STOP:
            at = end
            while at > start and points[at - 1] == _STOP:
                at -= 1
            return at
        closes = kind & (LOWER | DIGIT | SUFFIX) or before in (0x25, _PLUS, _MINUS, 0x29, 0x5D)
        two_letters = size > 2 and kind & LETTER and bits[end - 3] & LETTER
        return end - 1 if closes or two_letters else end
    if bits[end - 1] & SUFFIX:
        return end - 1
    if (last == 0x73 or last == 0x53) and size > 2 and _apostrophe(before):
        return end - 2
    if last in (0x25, 0x24, 0xA3, 0x20AC) and kind & DIGIT:
        return end - 1
    return end


@compiled
def _apostrophe(point: int) -> bool:
    return point == _QUOTE or point == _CURLY


@compiled
def _middle(text: Text, start: int, end: int, words: Words) -> None:
    """A run without signs around it: parted at hyphens between words and the like, and before a contraction."""
    whole = _is_address(text.points, start, end)
    cut = end if whole else _contraction(text.points, start, end)
    i = start + 1
    while not whole and i < cut - 1:
        joins = 0 if text.bits[i] & (LETTER | DIGIT) else _joint(text, i, cut)
        if joins:
            if i > start:
                _add(text, start, i, words)
            _add(text, i, i + joins, words)
            i += joins
            start = i
        i += 1
    if start < cut < end:
        _add(text, start, cut, words)
        start = cut
    _add(text, start, end, words)


@compiled
def _is_address(points: np.ndarray, start: int, end: int) -> bool:
    """Whether a run holds :// or www."""
    for i in range(start, end - 2):
        a, b, c = points[i], points[i + 1], points[i + 2]
        if (a == 0x3A and b == 0x2F and c == 0x2F) or (a == 0x77 and b == 0x77 and c == 0x77):
            return True
    return False


@compiled
def _contraction(points: np.ndarray, start: int, end: int) -> int:
    """Where n't, 'd, 'm, 'll, 're or 've begins at the end of a run; its end where none does."""
    size = end - start
    last = points[end - 1] | 32
    if size > 2 and _apostrophe(points[end - 2]):
        if last == 0x74 and size > 3 and points[end - 3] | 32 == 0x6E:
            return end - 3
        return end - 2 if last == 0x64 or last == 0x6D else end
    if size > 3 and _apostrophe(points[end - 3]):
        first = points[end - 2] | 32
        if (first == 0x6C and last == 0x6C) or (first in (0x72, 0x76) and last == 0x65):
            return end - 3
    return end


@compiled
def _joint(text: Text, i: int, end: int) -> int:
    """How many signs at a place join what would be two words; 0 where they belong to one."""
    points, bits = text
    sign, after = points[i], i + 1
    if sign == _MINUS or sign == _STOP:
        while after < end and points[after] == sign:
            after += 1
    left, right = bits[i - 1], (bits[after] if after < end else 0)
    letters = left & LETTER and right & LETTER
    if sign in (_MINUS, _EN, _EM, _TILDE):
        return after - i if letters or (sign == _MINUS and left & DIGIT and right & DIGIT) else 0
    if sign == _STOP:
        sentence = left & LOWER and right & LETTER and not right & LOWER
        return after - i if after - i > 1 or sentence else 0
    if sign in (_COMMA, _BANG, _ASK):
        return 1 if letters else 0
    if sign in (0x3A, 0x3C, 0x3D, 0x3E, 0x2F):
        return 1 if left & (LETTER | DIGIT) and right & LETTER else 0
    return 1 if sign == _ELLIPSIS else 0
