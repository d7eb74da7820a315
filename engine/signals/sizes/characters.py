"""How many characters a text has."""

import numpy as np

from engine.registry import About, Value, row_cost

ABOUT = About(values={"characters": Value("integer", "characters")}, cost=row_cost(100_000))


def characters(texts: list[str]) -> dict[str, np.ndarray]:
    """Count the characters.

    A character is a Unicode code point: an accent that is written apart, or a part of a joined emoji, counts too.
    """
    return {"characters": np.fromiter(map(len, texts), np.int64, len(texts))}
