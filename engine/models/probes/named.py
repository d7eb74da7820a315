"""Classes told by their names, or by what is said about them, without any label."""

from collections.abc import Sequence

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models.probes.history import softmax
from engine.models.probes.linear import blocks
from engine.models.probes.prototypes import units
from engine.models.probes.spreading import by_representatives, representatives
from engine.vectors import embed_texts

SHARP = 20.0
"""How many times as likely, as a power of e, a class is whose words have a cosine greater by 1."""
EACH = 16
"""Texts that stand for each class in the second look."""
MOST_CELLS = 200_000_000
"""Texts times classes: their probabilities are held in memory, and copied."""


def by_names(data: Dataset, embedding: str, names: Sequence[str], about: Sequence[str], *, again: bool) -> np.ndarray:
    """float32 (m, K): of each text how likely each class is, by the cosine of its words; rows summing to 1.

    about: of each name what it is about, "" for the name itself. again: look a second time, by the texts that stand for
    each class best (16 each, the surest and of those the most typical), both looks counted alike.
    Source: zero-shot by prototypes; TFUP for the second look. Raises `EngineError` for fewer than two names, two alike,
    an embedding that cannot read words, and more texts times classes than memory holds.
    """
    if len(names) < 2 or "" in names or len(set(names)) < len(names):
        raise EngineError(
            f"Classes by name need two different names at least, none empty; given: {', '.join(names) or 'none'}."
        )
    stored = data.embedding(embedding)
    m = len(stored.grid)
    if m * len(names) > MOST_CELLS:
        raise EngineError(
            f"{m:,} texts of {len(names):,} classes are more than {MOST_CELLS:,} cells. Give fewer or coarser classes."
        )
    said = [text.strip() or name for name, text in zip(names, about, strict=True)]
    means = units(embed_texts(data, embedding, said, query=False).astype(np.float64))
    found = np.empty((m, len(names)), np.float32)
    for start, stop in blocks(m, len(names)):
        found[start:stop] = by_meaning(stored.floats(slice(start, stop)), means)
    if again and m:
        stand = representatives(stored.floats, found, each=EACH)
        codes = found[stand].argmax(axis=1)
        found = (found + by_representatives(stored.floats, np.arange(m), stand, codes, len(names))) / 2
    return found.astype(np.float32)


def by_meaning(x: np.ndarray, means: np.ndarray) -> np.ndarray:
    """float (r, K): how likely each class is, by the cosine of unit vectors."""
    return softmax((x @ means.T) * SHARP)
