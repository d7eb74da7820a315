"""What Gopher's rules of quality count."""

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.rules._values import STOP_WORDS, PartedBy, family

ABOUT = About(
    title="Gopher quality",
    values={
        "gopher_words": Value("number", "words"),
        "gopher_word_length": Value("number", "characters, mean"),
        "gopher_hashes": Value("number", "# a word"),
        "gopher_ellipses": Value("number", "… a word"),
        "gopher_bullet_lines": Value("number", "share of lines, 0 to 1"),
        "gopher_ellipsis_lines": Value("number", "share of lines, 0 to 1"),
        "gopher_lettered_words": Value("number", "share of words, 0 to 1"),
        "gopher_stop_words": Value("number", f"of {len(STOP_WORDS)}"),
    },
    shares="rule values",
    cost=row_cost(12_000),
)


def gopher_quality(texts: list[str], *, words: PartedBy = "signs apart") -> dict[str, np.ndarray]:
    """Count words, their length, # and …, bullets, words with a letter and stop words (words by {words}).

    float64 (n,) each, 0 for an empty text; of a text longer than a million characters its first million are read.
    gopher_words leaves out words of signs alone, and so does gopher_word_length; the shares count all words.
    gopher_bullet_lines begin with • or -, gopher_ellipsis_lines end in … or three dots. gopher_stop_words: how many of
    the, be, to, of, and, that, have, with stand there. Source: Rae et al. 2021 (Gopher), table A1, as datatrove counts.
    """
    return family(texts, words, 0, ABOUT.values)
