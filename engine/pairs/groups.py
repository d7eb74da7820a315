"""Groups: a row that stays with those that go for it, each verified to be like it; and the curve over thresholds."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.dataset import Pairs
from engine.pairs.witnesses import witnesses

CURVE_STEP = 0.01


@dataclass(frozen=True)
class Grouped:
    """Rows by the row that stays for them, at one threshold.

    rows: int64, those looked at, the most wanted first. witness: int64, one each, -1 for a row that stays.
    similarity: float32, one each, to the witness, NaN for a row that stays.

    Every row of a group is like the one that stays, so that no chain of likenesses joins rows that have none.
    """

    rows: np.ndarray
    witness: np.ndarray
    similarity: np.ndarray

    @cached_property
    def repeats(self) -> np.ndarray:
        """int64 ascending: the rows that go."""
        return np.sort(self.rows[self.witness >= 0])

    @cached_property
    def sizes(self) -> dict[int, int]:
        """Rows of each group, itself counted, by the row that stays: largest first, ties by order of preference."""
        stay, count = np.unique(self.witness[self.witness >= 0], return_counts=True)
        place = np.empty(int(self.rows.max(initial=-1)) + 1, np.int64)
        place[self.rows] = np.arange(len(self.rows))
        order = np.lexsort((place[stay], -count))
        return dict(zip(stay[order].tolist(), (count[order] + 1).tolist(), strict=True))

    @property
    def groups(self) -> int:
        """How many groups of two rows or more there are."""
        return len(self.sizes)

    @property
    def largest(self) -> int:
        """Rows of the largest group."""
        return next(iter(self.sizes.values()), 0)

    def of(self, stays: int) -> tuple[np.ndarray, np.ndarray]:
        """The rows of one group, int64, that which stays first, then the least similar; and float32, how like it."""
        at = np.flatnonzero(self.witness == stays)
        at = at[np.argsort(self.similarity[at], kind="stable")]
        return np.r_[stays, self.rows[at]].astype(np.int64), np.r_[1.0, self.similarity[at]].astype(np.float32)


def grouped(
    pairs: Pairs,
    threshold: float = 0.0,
    rows: np.ndarray | None = None,
    certain: np.ndarray | None = None,
    *,
    most: int = 1,
) -> Grouped:
    """The groups at a threshold, of some rows in the order of preference; left out: of all, in their order.

    certain: bool, one a row given, rows that stay whatever they are like; most: so many of those alike stay.
    """
    wanted = np.arange(len(pairs.of_row), dtype=np.int64) if rows is None else rows
    sure = np.zeros(len(wanted), bool) if certain is None else certain
    return Grouped(wanted, *witnesses(pairs, wanted, threshold, sure, most=most))


def group_sizes(pairs: Pairs, found: Grouped) -> np.ndarray:
    """int32 (n,): how many rows are in the group of each row, 1 for a row without pairs, 0 for one not compared.

    found: the groups of all rows, in their order.
    """
    stays = np.where(found.witness < 0, found.rows, found.witness)
    sizes = np.bincount(stays, minlength=len(stays))[stays].astype(np.int32)
    sizes[pairs.of_row < 0] = 0
    return sizes


def curve(
    pairs: Pairs,
    low: float,
    rows: np.ndarray | None = None,
    certain: np.ndarray | None = None,
    *,
    most: int = 1,
) -> list[tuple[float, int, int]]:
    """Rows that go and groups at each hundredth from `low` to 1, the lowest first: (threshold, rows, groups).

    rows, certain, most: as in `grouped`.
    """
    steps = np.round(np.arange(np.ceil(low / CURVE_STEP - 1e-9), 101) * CURVE_STEP, 2)
    found = ((float(t), grouped(pairs, float(t), rows, certain, most=most)) for t in steps)
    # Counted, not sorted as for `sizes`: at a million rows that would take as long as the walk, thirty times.
    gone = ((t, g.witness[g.witness >= 0]) for t, g in found)
    return [(t, len(who), int(np.count_nonzero(np.bincount(who)))) for t, who in gone]
