"""What the rules of C4 count."""

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.rules._values import PartedBy, family

ABOUT = About(
    title="C4",
    values={
        "c4_lines": Value("number", "lines"),
        "c4_kept_lines": Value("number", "lines"),
        "c4_sentences": Value("number", "sentences"),
        "c4_curly_lines": Value("number", "lines"),
        "c4_lorem_ipsum_lines": Value("number", "lines"),
        "c4_javascript_lines": Value("number", "lines"),
        "c4_policy_lines": Value("number", "lines"),
    },
    shares="rule values",
    cost=row_cost(12_000),
    version=2,
)


def c4(texts: list[str], *, words: PartedBy = "signs apart") -> dict[str, np.ndarray]:
    """Count the lines that C4 would keep, their sentences, and what makes it drop the others (words by {words}).

    float64 (n,) each, 0 for an empty text; of a text longer than a million characters its first million are read.
    A line is written as prose where it has three words, none longer than 1,000 characters, and ends in . ? ! " or '
    (not …), marks such as [12] aside. Of those, each counts once: for lorem ipsum, else javascript, else {{, else the
    words of a policy, else as kept. C4 drops a text with {{, with lorem ipsum, or with fewer than 5 sentences in kept
    lines. Source: Raffel et al. 2020, as datatrove counts.
    """
    return family(texts, words, 21, ABOUT.values)
