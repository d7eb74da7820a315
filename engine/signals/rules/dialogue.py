"""How much of a text is people who speak in turn."""

from collections import Counter

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.rules._forms import speaker, written_lines

_READ = 200_000
"""Characters of a text that are read."""

ABOUT = About(
    values={
        "dialogue_turns": Value("integer", "turns"),
        "dialogue_speakers": Value("integer", "speakers"),
        "dialogue_lines": Value("number", "share of lines, 0 to 1"),
        "dialogue_quoted_lines": Value("number", "share of lines, 0 to 1"),
    },
    cost=row_cost(20_000),
)


def dialogue(texts: list[str]) -> dict[str, np.ndarray]:
    """Count the turns and speakers of a written conversation, and lines of direct speech.

    int64 (n,) turns and speakers, float64 (n,) shares; 0 for a text without a line. A turn begins with a name of at
    most 20 letters and a colon, or with a mark such as <|user|>. Names count as speakers where there are two, or more
    of which one comes again. dialogue_lines: of all lines those that begin a turn. dialogue_quoted_lines begin with a
    quotation mark or a dash. The first 200,000 characters are read.
    """
    each = np.array([_counts(text[:_READ]) for text in texts]).reshape(len(texts), len(ABOUT.values))
    found = {name: each[:, i].copy() for i, name in enumerate(ABOUT.values)}
    return found | {name: found[name].astype(np.int64) for name in ("dialogue_turns", "dialogue_speakers")}


def _counts(text: str) -> tuple[float, ...]:
    lines = written_lines(text)
    if not lines:
        return (0.0,) * len(ABOUT.values)
    names = Counter(filter(None, map(speaker, lines)))
    some = len(names) == 2 or (len(names) > 2 and max(names.values()) > 1)
    speakers = names if some else Counter[str]()
    turns = sum(speakers.values())
    quoted = sum(line.lstrip().startswith(('"', "“", "„", "«", "»", "‘", "—", "– ")) for line in lines)
    return turns, len(speakers), turns / len(lines), quoted / len(lines)
