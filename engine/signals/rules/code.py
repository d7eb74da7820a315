"""How much a text is code, and how it is laid out."""

import re

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.rules._forms import code_signs, written_lines

_READ = 200_000
"""Characters of a text that are read."""
_COMMENT = re.compile(r"\s*(?:#|//|/\*|\*|--|;|%|<!--|\"\"\"|''')")

ABOUT = About(
    values={
        "code_lines": Value("number", "share of lines, 0 to 1"),
        "code_comment_lines": Value("number", "share of lines, 0 to 1"),
        "code_letters": Value("number", "letters and digits, share of characters, 0 to 1"),
        "code_line_length": Value("number", "characters, mean"),
        "code_longest_line": Value("integer", "characters"),
    },
    cost=row_cost(4_000),
)


def code(texts: list[str]) -> dict[str, np.ndarray]:
    """How many lines look like code or are comments, how long they are, how much is letters.

    float64 (n,), code_longest_line int64; 0 for a text without a line that is not blank. A line looks like code where
    two of three hold: it begins as code does, ends so, holds what only code holds. The first 200,000 characters are
    read. Code sets are usually cut by length of lines and by letters: means above 100, lines above 1,000 and letters
    below .25 are generated files or data (Kocetkov et al. 2022, The Stack; Li et al. 2023, StarCoder).
    """
    each = np.array([_counts(text[:_READ]) for text in texts]).reshape(len(texts), len(ABOUT.values))
    found = {name: each[:, i].copy() for i, name in enumerate(ABOUT.values)}
    return found | {"code_longest_line": found["code_longest_line"].astype(np.int64)}


def _counts(text: str) -> tuple[float, ...]:
    lines = written_lines(text)
    if not lines:
        return (0.0,) * len(ABOUT.values)
    lengths = [len(line) for line in lines]
    marked = sum(code_signs(line[:1000]) >= 2 for line in lines)
    comments = sum(_COMMENT.match(line) is not None for line in lines)
    letters = sum(map(str.isalnum, text))
    return marked / len(lines), comments / len(lines), letters / len(text), sum(lengths) / len(lines), max(lengths)
