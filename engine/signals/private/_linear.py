"""What every search for private things shares: linear patterns over any text, and where a number stands by itself."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re2

Span = tuple[int, int]


@cache
def compiled(pattern: str) -> "re2._Regexp":
    """A pattern, ready for linear search."""
    import re2

    options = re2.Options()
    options.max_mem = 64 << 20  # rules with letters of all scripts do not fit into the usual 8 MB, and crawl
    options.log_errors = False
    return re2.compile(pattern, options)


def places(pattern: str, text: str) -> Iterator[Span]:
    """(start, end) in characters of each match, in order; the time grows with the text alone, whatever it is."""
    return (match.span() for match in compiled(pattern).finditer(text))


def alone(text: str, start: int, end: int) -> bool:
    """Whether a number is not a part of something longer: a name, a path, a version, a decimal number.

    >>> [alone(text, 2, 4) for text in ("a 12 b", "id12", "x-12", "= 12.5", "= 12.")]
    [True, False, False, False, True]
    """
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if before and (_joins(before[-1]) or (before[-1] in ".-/:" and len(before) > 1 and _joins(before[0]))):
        return False
    return not (after and (_joins(after[0]) or (after[0] in ".-/:" and len(after) > 1 and _joins(after[1]))))


def _joins(sign: str) -> bool:
    return sign.isalnum() or sign == "_"
