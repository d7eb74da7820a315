"""Who gains and who loses: the rows of each group before a choice and after it, counted in one place."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import MISSING, ColumnInfo, Dataset


@dataclass(frozen=True)
class Groups:
    """The groups of a column. names: by first appearance, "(missing)" last; before, after: rows of each, int64."""

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
        return [self.names[i] for i in gone if self.names[i] != MISSING or i < len(self.names) - 1]

    def loss(self) -> str:
        """The groups that lose every row in words, a few by name; "" where none does."""
        lost = self.lost()
        count = "1 group loses" if len(lost) == 1 else f"{len(lost):,} groups lose"
        names = ", ".join(name if len(name) <= 60 else name[:59] + "…" for name in lost[:6])
        return f"{count} every row: {names}{' …' if len(lost) > 6 else ''}" if lost else ""


def both_ends(found: Groups, most: int) -> np.ndarray:
    """Places of the groups that gain and lose most in share, int64: the most gained first, the most lost last.

    most: of each end; all groups that had a row where there are no more than twice as many.
    """
    there = np.flatnonzero(found.before + found.after)
    gain = found.share_after - found.share_before
    order = there[np.lexsort((there, -gain[there]))]
    return order if len(order) <= 2 * most else np.concatenate([order[:most], order[len(order) - most :]])


def groups(data: Dataset, column: str, after: np.ndarray, before: np.ndarray | None = None) -> Groups:
    """Count the groups of a column. after, before: row numbers, or a mask over all rows; before: None is all rows."""
    codes, labels = data.codes(column)
    place = np.where(codes < 0, len(labels), codes)
    counts = [
        np.bincount(place if rows is None else place[rows], minlength=len(labels) + 1) for rows in (before, after)
    ]
    return Groups(column, (*labels, MISSING), *counts)


def group_columns(data: Dataset) -> list[str]:
    """The columns that make groups, those that are meant as such first: label, topics, source, other categories.

    No id, and nothing whose values hardly repeat.
    """
    ranks = {c.key: _meant(c) for c in data.columns.values() if c.key not in data.text_view.columns and c.role != "id"}
    named = [key for key in sorted(ranks, key=lambda key: ranks[key]) if ranks[key] < _ANY]
    return named + [key for key, rank in ranks.items() if rank == _ANY and _repeats(data, key)]


_ANY, _NONE = 4, 5
_SAMPLE = 1000


def _meant(column: ColumnInfo) -> int:
    """How surely a column is meant to make groups, the least first."""
    if column.role == "label":
        return 0
    if column.origin == "topics":
        return 1
    if column.role in ("source", "language"):
        return 2
    if column.type in ("category", "boolean"):
        return 3
    return _ANY if column.type in ("text", "integer", "list") else _NONE


def _repeats(data: Dataset, key: str) -> bool:
    """Whether values come again in some rows taken evenly; few rows say nothing, so there all columns do."""
    rows = np.unique(np.linspace(0, data.n - 1, min(data.n, _SAMPLE)).astype(np.int64)) if data.n else data.rows()
    found = [v for v in data.strings(key, rows) if v is not None]
    return len(found) < 20 or len(set(found)) <= len(found) / 2
