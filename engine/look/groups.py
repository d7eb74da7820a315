"""Who gains and who loses: the rows of each group before a choice and after it, counted in one place."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import ColumnInfo, Dataset

NO_VALUE = "no value"


@dataclass(frozen=True)
class Groups:
    """The groups of a column. names: by first appearance, "no value" last; before, after: rows of each, int64."""

    column: str
    names: tuple[str, ...]
    before: np.ndarray
    after: np.ndarray

    @property
    def share_before(self) -> np.ndarray:
        """The part of each group in all rows before, 0 to 1."""
        return self.before / max(int(self.before.sum()), 1)

    @property
    def share_after(self) -> np.ndarray:
        """The part of each group in all rows after, 0 to 1."""
        return self.after / max(int(self.after.sum()), 1)

    @property
    def kept(self) -> np.ndarray:
        """The part of each group's rows that stays, 0 to 1."""
        return self.after / np.maximum(self.before, 1)

    def lost(self) -> list[str]:
        """The groups that lose every row; rows without a value are no group."""
        gone = np.flatnonzero((self.before > 0) & (self.after == 0))
        return [self.names[i] for i in gone if self.names[i] != NO_VALUE or i < len(self.names) - 1]


def groups(data: Dataset, column: str, after: np.ndarray, before: np.ndarray | None = None) -> Groups:
    """Count the groups of a column. after, before: row numbers, or a mask over all rows; before: None is all rows."""
    codes, labels = data.codes(column)
    place = np.where(codes < 0, len(labels), codes)
    counts = [
        np.bincount(place if rows is None else place[rows], minlength=len(labels) + 1) for rows in (before, after)
    ]
    return Groups(column, (*labels, NO_VALUE), *counts)


def group_columns(data: Dataset) -> list[str]:
    """The columns that make groups, those that are meant as such first: topics, labels, categories."""

    def named(c: ColumnInfo) -> bool:
        return c.origin == "topics" or c.type in ("category", "boolean") or c.role in ("label", "source", "language")

    columns = [c for c in data.columns.values() if c.key not in data.text_view.columns]
    first = [c.key for c in columns if named(c)]
    return first + [c.key for c in columns if not named(c) and c.type in ("text", "integer", "list")]
