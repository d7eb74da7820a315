"""What Gopher's rules of repetition count."""

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.rules._values import PartedBy, family
from engine.text import repeated_spans

_SHARE = "share of characters, 0 to 1"


def _spans(texts: list[str], *, words: str) -> list[list[tuple[int, int]]]:
    return [repeated_spans(text, "lines", 1) for text in texts]


ABOUT = About(
    title="Gopher repetition",
    values={
        "gopher_repeated_lines": Value("number", "share of lines, 0 to 1"),
        "gopher_repeated_line_characters": Value("number", _SHARE),
        "gopher_repeated_paragraphs": Value("number", "share of paragraphs, 0 to 1"),
        "gopher_repeated_paragraph_characters": Value("number", _SHARE),
        **{f"gopher_top_{k}_words": Value("number", "share of characters") for k in (2, 3, 4)},
        **{f"gopher_repeated_{k}_words": Value("number", _SHARE) for k in range(5, 11)},
    },
    spans=_spans,
    shares="rule values",
    cost=row_cost(12_000),
)


def gopher_repetition(texts: list[str], *, words: PartedBy = "signs apart") -> dict[str, np.ndarray]:
    """How much of a text comes again: lines, paragraphs, runs of 2 to 10 words (words by {words}).

    float64 (n,) each, 0 for an empty text; of a text longer than a million characters its first million are read.
    Lines and paragraphs that were there before, and their characters of all. gopher_top_2_words … 4: the characters of
    all copies of the run of so many words that comes most often; copies that overlap count each, so it can pass 1.
    gopher_repeated_5_words … 10: those of runs that were there before, none counted twice. Source: Rae et al. 2021
    (Gopher), table A1, as datatrove counts, but that words joined without a space are not the same run.
    """
    return family(texts, words, 8, ABOUT.values)
