"""Which columns of a dataset hold labels."""

import numpy as np

from engine.dataset import Dataset, evenly
from engine.errors import unknown
from engine.labels.answered.corrected import ANSWERED

MOST = 10_000
"""Different values of a column of labels at most."""


def label_columns(data: Dataset) -> list[str]:
    """The columns that hold labels, the likeliest first: those whose role says so with the edits of them, then
    categories of the source, then those that people answered.

    A label stands in two rows on average at least, and there are two of them or more, 10,000 at most.
    """
    kinds = ("text", "category", "boolean", "integer")
    named = [c.key for c in data.columns.values() if c.role == "label"]
    named += [
        c.key for c in data.columns.values()
        if c.origin == "edit" and c.type in kinds and data.added[c.thing].spec.on in named
    ]  # fmt: skip
    others = [
        c.key for c in data.columns.values()
        if (c.origin in ("source", "edit") or c.name == ANSWERED) and c.type in kinds and not c.names_rows
        and c.key not in named and c.key not in data.text_view.columns
    ]  # fmt: skip
    return [*named, *(key for key in others if 2 <= len(data.codes(key)[1]) <= min(MOST, data.n // 2))]


def rows_with_label(data: Dataset, column: str, value: str, most: int) -> np.ndarray:
    """Rows that have a label, int64 ascending; so many at most, taken evenly."""
    codes, names = data.codes(column)
    if value not in names:
        raise unknown(f"label of {column}", value, names)
    return evenly(np.flatnonzero(codes == names.index(value)), most)
