"""Lines, paragraphs and sentences that a text says again."""

import re
from typing import Literal

Of = Literal["lines", "paragraphs", "sentences"]

# Where a part ends. Each is linear: none begins in the middle of what it takes.
_ENDS = {
    "lines": re.compile(r"[\r\n\x85\u2028\u2029]+"),
    "paragraphs": re.compile(r"\n(?:[^\S\n]*\n)+"),
    # After a full stop with the quotes that it closes there is a space; Chinese and Japanese stops need none.
    "sentences": re.compile(r"""[.!?…]["'”’)\]]?\s+|[。！？]|[\r\n\x85\u2028\u2029]+"""),
}


def parts(text: str, of: Of) -> list[tuple[int, int]]:
    """Where each part of a text begins and ends, without the blanks around it; one of blanks alone is none."""
    found, start = [], 0
    for end in [*(m.end() for m in _ENDS[of].finditer(text)), len(text)]:
        part = text[start:end]
        if bare := part.strip():
            at = start + part.index(bare[0])
            found.append((at, at + len(bare)))
        start = end
    return found


def repeated_spans(text: str, of: Of, shortest: int) -> list[tuple[int, int]]:
    """Where a text says a part again: (start, end) in characters of each that equals an earlier one, but for blanks.

    shortest: in characters; shorter parts, such as a lone bracket, may come again.

    >>> repeated_spans("Click here\\nNews\\nClick here", "lines", 5)
    [(16, 26)]
    """
    seen: set[str] = set()
    found = []
    for start, end in parts(text, of):
        part = text[start:end]
        if len(part) < shortest:
            continue
        if part in seen:
            found.append((start, end))
        seen.add(part)
    return found


def share_repeated(text: str, of: Of, shortest: int) -> float:
    """The share of a text's characters that stand in parts said before, 0 to 1; blanks around parts do not count."""
    whole = sum(end - start for start, end in parts(text, of))
    return sum(end - start for start, end in repeated_spans(text, of, shortest)) / max(whole, 1)


def without_repeated(text: str, of: Of, shortest: int) -> str:
    """The text without the parts that it says again, each with the blanks before it."""
    gone = set(repeated_spans(text, of, shortest))
    kept, at, before = [], 0, 0
    for start, end in parts(text, of):
        if (start, end) in gone:
            kept.append(text[at:before])
            at = end
        before = end
    return "".join([*kept, text[at:]])
