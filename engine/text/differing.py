"""The words that two texts do not share, in few words."""

from difflib import SequenceMatcher
from itertools import takewhile

SHOWN = 60
"""Signs of each side that are shown; what is longer ends in …."""
_WORDS, _SIGNS, _LONGEST = 300, 20_000, 40
"""Words that are compared past what both begin with; signs of each text that are looked at; signs of a word."""


def differing(gone: str, stays: str) -> str:
    """What only the first text says (−) and what only the second does (+); "" where both say the same words.

    A text that is not parted by spaces is compared sign by sign. Of long texts the beginnings are compared, and of what
    differs the first words: a text of any length costs little.

    >>> differing("book me a cheap flight to Rome", "book me a flight to Oslo")
    '−cheap −Rome +Oslo'
    """
    a, b = gone[:_SIGNS].split(), stays[:_SIGNS].split()
    between = " "
    if max(map(len, (*a, *b)), default=0) > _LONGEST:
        a, b, between = list(gone[:_SIGNS]), list(stays[:_SIGNS]), ""
    start = _as_both(a, b)
    a, b = a[start:], b[start:]
    end = _as_both(a[::-1], b[::-1])
    a, b = a[: len(a) - end][:_WORDS], b[: len(b) - end][:_WORDS]
    found = [op for op in SequenceMatcher(None, a, b, autojunk=False).get_opcodes() if op[0] != "equal"]
    only_gone = _said("−", [between.join(a[i:j]) for _, i, j, _, _ in found if j > i])
    only_stays = _said("+", [between.join(b[i:j]) for _, _, _, i, j in found if j > i])
    if found:
        return " ".join(filter(None, [only_gone, only_stays]))
    return "" if gone[_SIGNS:] == stays[_SIGNS:] else f"they differ after the first {_SIGNS:,} signs"


def _as_both(a: list[str], b: list[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))


def _said(sign: str, parts: list[str]) -> str:
    said = " ".join(f"{sign}{part}" for part in parts)
    return said if len(said) <= SHOWN else said[: SHOWN - 1] + "…"
