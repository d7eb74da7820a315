"""The groups of a column: one for each value, and one for rows without any."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import MISSING, Dataset


@dataclass(frozen=True)
class Groups:
    """The groups of a column. names: with one for rows without a value. of: int64 (n,), the group of each row."""

    names: tuple[str, ...]
    of: np.ndarray

    def count(self, rows: np.ndarray) -> np.ndarray:
        """int64 (groups,): how many of some rows each has."""
        return np.bincount(self.of[rows], minlength=len(self.names))

    def sum(self, values: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """float64 (groups,): the values of some rows, summed up in each. values: of all rows."""
        return np.bincount(self.of[rows], values[rows], minlength=len(self.names))


def groups_of(data: Dataset, column: str) -> Groups:
    """The groups of all rows by a column."""
    codes, labels = data.codes(column)
    return Groups((*labels, MISSING), np.where(codes < 0, len(labels), codes).astype(np.int64))
