"""How much of each source repeats: itself, and the others."""

from dataclasses import dataclass

import numpy as np

from engine.dataset import MISSING, Dataset
from engine.look.groups import group_columns
from engine.pairs import Grouped, grouped
from engine.recipe import room_for_repeats


@dataclass(frozen=True)
class Redundancy:
    """What repeats, by the values of a column. names: by first appearance, "(missing)" last; others: int64, one a name.

    rows: those looked at. repeats: of them, those that go for a row that stays. elsewhere: those of the repeats whose
    row that stays has another value. shared: the two values that most rows go between, most first, no more than so
    many: (one, other, rows of the one that go for the other, rows of the other that go for the one).
    """

    column: str
    names: tuple[str, ...]
    rows: np.ndarray
    repeats: np.ndarray
    elsewhere: np.ndarray
    shared: tuple[tuple[str, str, int, int], ...]

    @property
    def share(self) -> np.ndarray:
        """float64: the part of each that repeats, 0 to 1."""
        return self.repeats / np.maximum(self.rows, 1)

    @property
    def share_elsewhere(self) -> np.ndarray:
        """float64: the part of each that repeats a row of another value, 0 to 1."""
        return self.elsewhere / np.maximum(self.rows, 1)

    @property
    def order(self) -> np.ndarray:
        """int64: places of the values that have rows, by share of repeats and then by rows, the largest first."""
        there = np.flatnonzero(self.rows)
        return there[np.lexsort((-self.rows[there], -self.share[there]))]

    def beyond(self, percent: float) -> np.ndarray:
        """int64: the repeats of each that a cap of so many percent drops; a row without a value has no room."""
        room = room_for_repeats(self.rows - self.repeats, percent, int(self.rows.sum()))
        room[-1] = 0
        return np.maximum(self.repeats - room, 0)


def redundancy(
    data: Dataset, pairs: str, threshold: float, column: str, mask: np.ndarray | None = None, *, most: int = 20
) -> Redundancy:
    """Count what repeats in each value of a column, at a threshold, and between which two values.

    pairs: key of the pairs; mask: bool (n,), the rows to look at, None for all; the first of those alike stays.
    """
    rows = data.rows() if mask is None else np.flatnonzero(mask)
    return redundancy_of(data, grouped(data.pairs(pairs), threshold, rows), column, most=most)


def redundancy_of(data: Dataset, found: Grouped, column: str, *, most: int = 20) -> Redundancy:
    """Count what repeats in each value of a column where groups are found already, judgements and wishes in them."""
    codes, labels = data.codes(column)
    names = (*labels, MISSING)
    place = np.where(codes < 0, len(labels), codes)
    went = found.witness >= 0
    mine, theirs = place[found.rows[went]], place[found.witness[went]]
    apart = mine != theirs
    rows_of, repeats, elsewhere = (
        np.bincount(part, minlength=len(names)) for part in (place[found.rows], mine, mine[apart])
    )
    return Redundancy(column, names, rows_of, repeats, elsewhere, _shared(mine[apart], theirs[apart], names, most))


def source_columns(data: Dataset) -> list[str]:
    """The columns that make groups, those that say where a row is from first: by their role, then by their name."""
    named = {c.key: (c.role != "source", c.key.lower() != "source") for c in data.columns.values()}
    return sorted(group_columns(data), key=lambda key: named[key])


def _shared(
    mine: np.ndarray, theirs: np.ndarray, names: tuple[str, ...], most: int
) -> tuple[tuple[str, str, int, int], ...]:
    """The two values that most rows go between, with the rows that go each way; ties by first appearance."""
    low, high = np.minimum(mine, theirs).astype(np.int64), np.maximum(mine, theirs)
    both, at = np.unique(low * len(names) + high, return_inverse=True)
    lower = np.bincount(at, mine < theirs, minlength=len(both)).astype(np.int64)
    every = np.bincount(at, minlength=len(both))
    return tuple(
        (names[both[i] // len(names)], names[both[i] % len(names)], int(lower[i]), int(every[i] - lower[i]))
        for i in np.argsort(-every, kind="stable")[:most].tolist()
    )
