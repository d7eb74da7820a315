"""What is counted line by line and paragraph by paragraph: what repeats, how lines end and begin, how long they are."""

import numpy as np

from engine.compiled import compiled
from engine.signals.rules.kernels.characters import BREAK, ENDS, SPACE, Text, hash_of, stripped
from engine.signals.rules.kernels.table import Table, holds_already, mask_for

_FEED, _RETURN, _STOP, _ELLIPSIS, _BULLET, _MINUS = 10, 13, 0x2E, 0x2026, 0x2022, 0x2D
_SHORT = 30


@compiled
def repeated_lines(text: Text, table: Table, out: np.ndarray) -> None:
    """Share of the lines that were there before, and of the text that they are. Line feeds in a row part once."""
    points, size = text.points, len(text.points)
    table.now[0] += 1
    mask = mask_for(size // 2 + 2)
    lines = repeats = length = start = 0
    end = -1
    while end < size:
        end = start
        while end < size and points[end] != _FEED:
            end += 1
        lines += 1
        if holds_already(table, hash_of(points, start, end), mask):
            repeats += 1
            length += end - start
        start = end
        while start < size and points[start] == _FEED:
            start += 1
    out[0] = repeats / lines
    out[1] = length / max(size, 1)


@compiled
def repeated_paragraphs(text: Text, table: Table, out: np.ndarray) -> None:
    """Share of the paragraphs that were there before, and of the text that they are. Two line feeds or more part."""
    points, size = text.points, len(text.points)
    table.now[0] += 1
    mask = mask_for(size // 2 + 2)
    start, last = stripped(text, 0, size)
    paragraphs = repeats = length = 0
    end = -1
    while end < last:
        end = start
        while end < last and not (points[end] == _FEED and points[end + 1] == _FEED):
            end += 1
        paragraphs += 1
        if holds_already(table, hash_of(points, start, end), mask):
            repeats += 1
            length += end - start
        start = end
        while start < last and points[start] == _FEED:
            start += 1
    out[0] = repeats / max(paragraphs, 1)
    out[1] = length / max(size, 1)


@compiled
def written_lines(text: Text, words: int, table: Table, out: np.ndarray) -> None:
    """Of lines that are not blank: share that end a sentence, share of short ones, share of characters in repeated
    ones; and line feeds a word."""
    points, bits = text
    size, start = len(points), 0
    table.now[0] += 1
    mask = mask_for(size // 2 + 2)
    feeds = lines = ended = short = repeated = 0
    while start <= size:
        end, blank = start, SPACE
        while end < size and points[end] != _FEED:
            blank &= bits[end]
            end += 1
        if end > start and not blank:
            lines += 1
            ended += 1 if bits[end - 1] & ENDS else 0
            short += end - start <= _SHORT
            if holds_already(table, hash_of(points, start, end), mask):
                repeated += end - start
        feeds += end < size
        start = end + 1
    out[0] = ended / max(lines, 1)
    out[1] = short / max(lines, 1)
    out[2] = repeated / max(size - feeds, 1)
    out[3] = feeds / max(words, 1)


@compiled
def marked_lines(text: Text, out: np.ndarray) -> None:
    """Share of the lines that begin with a bullet, and of those that end in an ellipsis."""
    points, size = text.points, len(text.points)
    lines = bullets = dots = start = 0
    while start < size:
        end = line_end(text, start)
        lines += 1
        first, last = stripped(text, start, end)
        if first < last:
            bullets += points[first] == _BULLET or points[first] == _MINUS
            dots += points[last - 1] == _ELLIPSIS or ends_in_dots(points, first, last)
        start = after_break(points, end)
    out[0] = bullets / max(lines, 1)
    out[1] = dots / max(lines, 1)


@compiled
def line_end(text: Text, start: int) -> int:
    """Where the line that begins at a place ends, by any of the signs that end one."""
    _, bits = text
    while start < len(bits) and not bits[start] & BREAK:
        start += 1
    return start


@compiled
def after_break(points: np.ndarray, end: int) -> int:
    """Where the next line begins."""
    pair = end + 1 < len(points) and points[end] == _RETURN and points[end + 1] == _FEED
    return end + 2 if pair else end + 1


@compiled
def ends_in_dots(points: np.ndarray, start: int, end: int) -> bool:
    """Whether a piece ends in three dots."""
    return end - start >= 3 and points[end - 1] == _STOP and points[end - 2] == _STOP and points[end - 3] == _STOP
