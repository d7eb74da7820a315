"""How evenly the characters and the words of a text are spread."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.language._words import words

ABOUT = About(
    values={
        "character_entropy": Value("number", "bits a character"),
        "word_entropy": Value("number", "bits a word"),
    },
    cost=row_cost(12_000),
)


def entropy(texts: list[str]) -> dict[str, np.ndarray]:
    """Measure how evenly the characters and the words of a text are spread.

    float32, Shannon's entropy of their shares; order does not matter. 0 where all are the same; n different ones have
    at most log2 n. English prose has some 4.3 bits a character, a long random code in base 64 has 6, Chinese 8 and
    more. Bits a word rise with length: compare texts of like length. Words are without regard to case, in scripts
    without spaces each sign is one. NaN where there are none.
    """
    return {
        "character_entropy": np.array([_bits(text) for text in texts], np.float32),
        "word_entropy": np.array([_bits(said) for said in words(texts)], np.float32),
    }


def _bits(items: Sequence[str]) -> float:
    if not items:
        return np.nan
    shares = np.fromiter(Counter(items).values(), np.float64) / len(items)
    return float(-(shares * np.log2(shares)).sum()) + 0.0  # never -0
