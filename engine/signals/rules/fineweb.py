"""What FineWeb's own rules count."""

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.rules._values import PartedBy, family

ABOUT = About(
    title="FineWeb",
    values={
        "fineweb_ended_lines": Value("number", "share of lines, 0 to 1"),
        "fineweb_short_lines": Value("number", "share of lines, 0 to 1"),
        "fineweb_repeated_characters": Value("number", "share of characters, 0 to 1"),
        "fineweb_line_breaks": Value("number", "a word"),
    },
    shares="rule values",
    cost=row_cost(12_000),
)


def fineweb(texts: list[str], *, words: PartedBy = "signs apart") -> dict[str, np.ndarray]:
    """How lines end, how many are short, how many repeat, how many there are a word (words by {words}).

    float64 (n,) each, 0 for an empty text; of a text longer than a million characters its first million are read.
    Blank lines do not count. fineweb_ended_lines end in a sign that ends a sentence in any script; short lines have 30
    characters or fewer; fineweb_repeated_characters stand in lines that were there before. Source: Penedo et al. 2024
    (FineWeb), as datatrove counts.
    """
    return family(texts, words, 28, ABOUT.values)
