"""How much of a text was damaged by a wrong encoding."""

import numpy as np

from engine.registry import About, Value, row_cost
from engine.signals.language._damage import damaged


def _spans(texts: list[str]) -> list[list[tuple[int, int]]]:
    return [damaged(text) for text in texts]


ABOUT = About(
    values={"encoding_damage": Value("number", "damaged characters per 1,000")},
    spans=_spans,
    cost=row_cost(50_000),
)


def encoding_damage(texts: list[str]) -> dict[str, np.ndarray]:
    """Count the characters that a wrong encoding damaged, per 1,000.

    float32, 0 to 1,000; 0 for no text. Damage is: the replacement character, control characters but tab, line feed,
    form feed, carriage return and next line, lone surrogates; UTF-8 that was read as cp1252, Latin-1, cp1250, cp1251,
    Mac Roman or, of Western languages, that of DOS; words of four and more accented letters alone, at least two of them
    or one of eight, as other alphabets become where their older encodings are read as Latin-1. Letters that became
    question marks, or other letters of the same alphabet, are not seen.
    """
    shares = [1000 * sum(b - a for a, b in damaged(text)) / max(len(text), 1) for text in texts]
    return {"encoding_damage": np.array(shares, np.float32)}
