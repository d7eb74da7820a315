"""How many words a text has, in scripts with and without spaces."""

import re

import numpy as np
import re2

from engine.registry import About, Value, row_cost

_OWN = r"\p{Han}\p{Hiragana}"
_ALONE = re2.compile(f"[{_OWN}]")
_RUN = re2.compile(r"[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*(?:['’][\p{L}\p{M}\p{N}_]+)*")

# The same runs where there are ASCII letters only; several times as fast, and just as linear.
_ASCII_RUN = re.compile(r"\w+(?:'\w+)*", re.ASCII)


ABOUT = About(values={"words": Value("integer", "words")}, cost=row_cost(100_000))


def words(texts: list[str]) -> dict[str, np.ndarray]:
    """Count the words.

    A word is a run of letters, marks, digits and underscores; an apostrophe inside joins ("don't" is one word), a
    hyphen parts. Chinese characters and hiragana are a word each, as Unicode Annex 29 has it. Thai, Lao, Khmer and
    Burmese are written without spaces: there a run between spaces or signs counts once.
    """
    return {"words": np.fromiter(map(_count, texts), np.int64, len(texts))}


def _count(text: str) -> int:
    if text.isascii():
        return len(_ASCII_RUN.findall(text))
    if not _ALONE.search(text):
        return len(_RUN.findall(text))
    apart, alone = _ALONE.subn(" ", text)
    return alone + len(_RUN.findall(apart))
