"""Labels for a corpus that has none: by the names of the classes, or by what is said about them."""

from collections.abc import Mapping

import numpy as np

from engine.dataset import Dataset
from engine.models.probes import by_names
from engine.models.unasked.told import Told, told


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
    the same name, an embedding that cannot read words, and more classes than memory holds.
    """
    names = tuple(name.strip() for name in classes)
    p = by_names(data, embedding, names, list(classes.values()), again=again)
    of_row = data.embedding(embedding).texts.of_row
    rows = np.flatnonzero(of_row >= 0)
    return told(data.n, names, rows, p[of_row[rows]], given)
