"""Labels as people work on them: those that came, those that were named, and what the answers make of them."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.marks import answers, by_models, label_set, settled


@dataclass(frozen=True)
class Labelled:
    """The labels of a column, or of a set that people began. names: of the codes, those of the column first.

    came: int64 (n,), the label of each row as it came, -1 for none; now: the same with what the answers come to; told:
    that without what a model was let say, which teaches nothing. looked: bool (n,), rows that somebody looked at and
    that have no label that holds: nobody could tell, or people differ. begun: whether there is no such column, so that
    all labels are answers.
    """

    label: str
    names: tuple[str, ...]
    came: np.ndarray
    now: np.ndarray
    told: np.ndarray
    looked: np.ndarray
    begun: bool


def labelled(data: Dataset, label: str) -> Labelled:
    """The labels of a column with what people named and answered; a label that was only answered counts too."""
    begun = label not in data.columns
    came, names = (np.full(data.n, -1, np.int64), list[str]()) if begun else data.codes(label)
    found = settled(data, label)
    answered = (one.label for one in answers(data, label) if one.label is not None)
    known = tuple(dict.fromkeys([*names, *label_set(data.store, label), *answered]))
    code = {name: i for i, name in enumerate(known)}
    now = came.astype(np.int64)
    now[found.rows] = [code[name] for name in found.labels]
    told, looked = now.copy(), np.zeros(data.n, bool)
    accepted = by_models(data, label)
    told[accepted] = came[accepted]
    looked[found.unsure] = looked[found.open] = True
    return Labelled(label, known, came.astype(np.int64), now, told, looked, begun)
