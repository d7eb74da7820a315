"""What the rules of C4 count: lines that would stay, their sentences, and lines with what drops a text or a line."""

import numpy as np

from engine.compiled import uncounted
from engine.signals.rules.kernels.characters import ENDS, PUNCTUATION, SPACE, Text, stands, stripped
from engine.signals.rules.kernels.lines import after_break, ends_in_dots, line_end
from engine.signals.rules.kernels.words import Words

_LEAST_WORDS, _LONGEST_WORD = 3, 1000
_EDIT = np.frombuffer(b"edit", np.uint8).astype(np.int32)
_NEEDED = np.frombuffer(b"citation needed", np.uint8).astype(np.int32)
_BRACE, _OPENS, _CLOSES = 0x7B, 0x5B, 0x5D
_ENDS = (0x2E, 0x3F, 0x21, 0x22, 0x27)
_NOTHING, _SIGNS, _MORE = range(3)
LINES, KEPT, SENTENCES, CURLY, LOREM, SCRIPT, POLICY = range(7)
_FAULTS = (LOREM, SCRIPT, CURLY, POLICY)


@uncounted
def judge_lines(
    text: Text, words: Words, apart: bool, phrases: np.ndarray, clues: np.ndarray, marks: np.ndarray, out: np.ndarray
) -> None:  # fmt: skip
    """Seven counts: lines; of them kept; sentences of those; lines with {, lorem ipsum, javascript, a policy.

    apart: whether signs are words of their own. phrases: int32 (p, longest), code points and zeros behind them: lorem
    ipsum, javascript, {, then those of policies. clues: int64 (p,), the place of a rare sign in each. marks: uint8, as
    long as the text, 0: what stands in a mark of citation, such as [12], is 1 while its line is read.
    """
    start = rare = word = 0
    while start < len(text.points):
        end, behind = line_end(text, start, rare)
        out[LINES] += 1
        first, last = stripped(text, start, end)
        signs = text.rare[rare:behind]
        cited = _mark_citations(text.points, signs, last, marks)
        if _is_written(text, first, last, marks):
            what = _fault(text.points, signs, first, last, phrases, clues)
            out[what] += 1
            if what == KEPT:
                word = _skip(words, word, first)
                count, word = _sentences(text, words, word, last, apart, marks, cited)
                out[SENTENCES] += count
        if cited:
            marks[first:last] = 0
        start, rare = after_break(text.points, end), behind


@uncounted
def _is_written(text: Text, first: int, last: int, marks: np.ndarray) -> bool:
    """Whether a line ends as a sentence does, has three words, and no endless one."""
    points, bits, _ = text
    if last - first > _LONGEST_WORD and _longest_run(bits, first, last) > _LONGEST_WORD:
        return False
    words, inside = 0, False
    for i in range(first, last):
        space = bits[i] & SPACE != 0
        words += not space and not inside
        inside = not space
        if words == _LEAST_WORDS:
            break
    while last > first and marks[last - 1]:
        last -= 1
    if words < _LEAST_WORDS or last == first:
        return False
    return points[last - 1] in _ENDS and not ends_in_dots(points, first, last)


@uncounted
def _longest_run(bits: np.ndarray, first: int, last: int) -> int:
    """Signs of the longest piece without white space."""
    run = longest = 0
    for i in range(first, last):
        run = 0 if bits[i] & SPACE else run + 1
        longest = max(longest, run)
    return longest


@uncounted
def _fault(points: np.ndarray, signs: np.ndarray, first: int, last: int, phrases: np.ndarray, clues: np.ndarray) -> int:
    """What a line is counted as: by the first of the phrases that it holds, wherever that stands; else as kept."""
    found = len(phrases)
    for i in signs:
        for p in range(found):
            start, clue = i - clues[p], phrases[p, clues[p]]
            if points[i] | 32 == clue and start >= first and stands(points, start, last, phrases[p]):
                found = p
                break
    return KEPT if found == len(phrases) else _FAULTS[min(found, len(_FAULTS) - 1)]


@uncounted
def _skip(words: Words, word: int, place: int) -> int:
    starts, _, _, _, _, total = words
    while word < total[0] and starts[word] < place:
        word += 1
    return word


@uncounted
def _sentences(
    text: Text, words: Words, word: int, last: int, apart: bool, marks: np.ndarray, cited: bool
) -> tuple[int, int]:
    """Sentences of a line, and the word behind it: a new one begins with a word behind one that ends a sentence.

    cited: whether anything of the line is marked.
    """
    count, over = 1, False
    starts, ends, _, common, _, total = words
    while word < total[0] and starts[word] < last:
        start, end = starts[word], ends[word]
        word += 1
        signs_alone = common[word - 1] & PUNCTUATION != 0
        if cited:
            left = _left(text.bits, start, end, marks)
            if left == _NOTHING:
                continue
            signs_alone = left == _SIGNS
        if over and not signs_alone:
            count += 1
            over = False
        over = over or (
            _ends(text, start, end, marks) and (end == start + 1 or not apart)
        )  # e.g. is a word that ends none
    return count, word


@uncounted
def _left(bits: np.ndarray, start: int, end: int, marks: np.ndarray) -> int:
    """What is left of a word without what is marked in it: nothing, signs alone, or more."""
    left = _NOTHING
    for i in range(start, end):
        if not marks[i]:
            if not bits[i] & PUNCTUATION:
                return _MORE
            left = _SIGNS
    return left


@uncounted
def _ends(text: Text, start: int, end: int, marks: np.ndarray) -> bool:
    """Whether a word ends a sentence: its last sign does, but for quotes, brackets and what is marked behind it."""
    bits = text.bits
    while end > start and (marks[end - 1] or (bits[end - 1] & PUNCTUATION and not bits[end - 1] & ENDS)):
        end -= 1
    return end > start and bits[end - 1] & ENDS != 0


@uncounted
def _mark_citations(points: np.ndarray, signs: np.ndarray, last: int, marks: np.ndarray) -> bool:
    """Mark [12], [], [edit] and [citation needed] in a line; returns whether any is there."""
    some = False
    for i in signs:
        if points[i] != _OPENS:
            continue
        end = i + 1
        while end < last and 48 <= points[end] <= 57:
            end += 1
        if end == i + 1:
            end = _word_end(points, end, last)
        if end < last and points[end] == _CLOSES:
            marks[i : end + 1] = 1
            some = True
    return some


@uncounted
def _word_end(points: np.ndarray, start: int, last: int) -> int:
    """Where edit or citation needed ends that begins at a place; the place itself where neither does."""
    for word in (_EDIT, _NEEDED):
        if start + len(word) <= last:
            same = True
            for k in range(len(word)):
                same = same and points[start + k] == word[k]
            if same:
                return start + len(word)
    return start
