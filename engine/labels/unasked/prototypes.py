"""Labels for a corpus that has none: by the names of the classes, or by what is said about them."""

from collections.abc import Mapping

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.labels.unasked._told import Told, check_cells, told
from engine.models import by_representatives, representatives, softmax, units
from engine.vectors import embed_texts

SHARP = 20.0
"""How many times as likely, as a power of e, a class is whose words have a cosine greater by 1."""
EACH = 16
"""Texts that stand for each class in the second look."""


def by_name(
    data: Dataset,
    *,
    embedding: str,
    classes: Mapping[str, str],
    again: bool = False,
    given: np.ndarray | None = None,
) -> Told:
    """The class whose words are nearest in meaning, for each row with a vector.

    classes: name -> what the class is about, in a few words; "" stands for the name itself. again: look a second time,
    by the texts that stand for each class best (16 each, the surest and of those the most typical), both looks counted
    alike. given: int (n,), places in `classes` that a person set, -1 for none: they stay. The confidence is a softmax
    of cosines, which orders rows; it is no probability.
    Source: zero-shot by prototypes; TFUP for the second look. Raises `EngineError` for fewer than two classes, two of
    the same name, an embedding that cannot read words, and more
    classes than memory holds.
    """
    names = tuple(name.strip() for name in classes)
    if len(names) < 2 or "" in names or len(set(names)) < len(names):
        raise EngineError(
            f"Classes by name need two different names at least, none empty; given: {', '.join(names) or 'none'}."
        )
    check_cells(len(data.embedding(embedding).grid), len(names))
    said = [text.strip() or name for name, text in zip(names, classes.values(), strict=True)]
    means = units(embed_texts(data, embedding, said, query=False).astype(np.float64))
    stored = data.embedding(embedding)
    nodes = np.arange(len(stored.grid))
    p = by_meaning(stored.floats(slice(None)), means)
    if again and len(nodes):
        stand = representatives(stored.floats, p, each=EACH)
        p = (p + by_representatives(stored.floats, nodes, stand, p[stand].argmax(axis=1), len(names))) / 2
    rows = np.flatnonzero(stored.texts.of_row >= 0)
    return told(data.n, names, rows, p[stored.texts.of_row[rows]], given)


def by_meaning(x: np.ndarray, means: np.ndarray) -> np.ndarray:
    """float (r, K): how likely each class is, by the cosine of unit vectors."""
    return softmax((x @ means.T) * SHARP)
