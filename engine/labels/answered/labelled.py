"""Labels as people work on them: those that came, those that were named, and what the answers make of them."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.marks import label_set, settled


@dataclass(frozen=True)
class Labelled:
    """The labels of a column, or of a set that people began. names: of the codes, those of the column first.

    came: int64 (n,), the label of each row as it came, -1 for none; now: the same with what the answers come to. begun:
    whether there is no such column, so that all labels are answers.
    """

    label: str
    names: tuple[str, ...]
    came: np.ndarray
    now: np.ndarray
    begun: bool


def labelled(data: Dataset, label: str) -> Labelled:
    """The labels of a column with what people named and answered; a label that was only answered counts too."""
    begun = label not in data.columns
    came, names = (np.full(data.n, -1, np.int64), list[str]()) if begun else data.codes(label)
    found = settled(data, label)
    known = tuple(dict.fromkeys([*names, *label_set(data.store, label), *found.labels]))
    code = {name: i for i, name in enumerate(known)}
    now = came.astype(np.int64)
    now[found.rows] = [code[name] for name in found.labels]
    return Labelled(label, known, came.astype(np.int64), now, begun)
