"""How much of a corpus comes from few sources or speakers, and what a cap on each would leave."""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError


@dataclass(frozen=True)
class Concentration:
    """values: the rows of each value, most first. rows: those that have one; missing: those that have none.

    top: the share of rows that the 1, 5, 10 … most frequent values have. gini: 0 where all have as many, towards 1
    where one has all. effective: how many values of equal size would be as concentrated (1 / Σ share²).
    """

    values: tuple[tuple[str, int], ...]
    rows: int
    missing: int
    top: tuple[tuple[int, float], ...]
    gini: float
    effective: float

    def held(self, most: int = 200) -> list[float]:
        """The share of rows that none, the most frequent one, two … of the values have, up to so many."""
        return [0.0, *(total / self.rows for total in accumulate(rows for _, rows in self.values[:most]))]


@dataclass(frozen=True)
class Cap:
    """A cap for the filter `at_most`. most: rows of each value; kept: rows that then stay, of those with a value;
    share: of the most frequent value among them. capped: values that lose rows."""

    most: int
    kept: int
    share: float
    capped: int


def concentration(data: Dataset, column: str, rows: np.ndarray | None = None) -> Concentration:
    """How much of the rows (all, or some) comes from few values of a column. Raises `EngineError` where none has
    one."""
    codes, names = data.codes(column, data.rows() if rows is None else rows)
    count = np.bincount(codes[codes >= 0], minlength=len(names))
    there = count > 0
    if not there.any():
        raise EngineError(
            f"No row has a value in {column!r}. Choose another column, such as the source or the speaker."
        )
    order = np.argsort(-count, kind="stable")[: int(there.sum())]
    sizes, total = count[order], int(count.sum())
    share, effective = np.cumsum(sizes) / total, float(total**2 / (sizes.astype(float) ** 2).sum())
    steps = sorted({step for step in (1, 5, 10, 50, 100) if step < len(sizes)} | {len(sizes)})
    return Concentration(
        tuple((names[c], int(n)) for c, n in zip(order, sizes, strict=True)), total, int((codes < 0).sum()),
        tuple((step, float(share[step - 1])) for step in steps), gini(sizes), effective,
    )  # fmt: skip


def gini(sizes: np.ndarray) -> float:
    """How unequal sizes are: 0 all alike; 1 less 1 / their number where one has all.

    >>> import numpy as np
    >>> gini(np.array([0, 0, 0, 1])), gini(np.array([5, 5]))
    (0.75, 0.0)
    """
    ordered, n = np.sort(sizes.astype(np.float64)), len(sizes)
    if not n or not ordered.sum():
        return 0.0
    return float(2 * (np.arange(1, n + 1) * ordered).sum() / (n * ordered.sum()) - (n + 1) / n)


def cap_to_share(sizes: np.ndarray, share: float) -> Cap:
    """The largest cap on each value after which none has more than a share of what stays. sizes: int (v,), rows.

    Raises `EngineError` where no cap does it: v values cannot all have less than 1 / v.

    >>> import numpy as np
    >>> cap_to_share(np.array([90, 5, 5]), 0.5)
    Cap(most=10, kept=20, share=0.5, capped=1)
    """
    sizes = sizes[sizes > 0]
    if not len(sizes) or not 1 / len(sizes) <= share + 1e-12 <= 1 + 1e-12:
        raise EngineError(
            f"No cap brings every one of {len(sizes):,} values to {share:.3g} of the rows: the least is "
            f"{1 / max(len(sizes), 1):.3g} each. Allow more."
        )
    low, high = 1, int(sizes.max())
    # A larger cap leaves the most frequent value a share that is larger or the same.
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _left(sizes, middle).share <= share + 1e-12 else (low, middle - 1)
    return _left(sizes, low)


def cap_of_picks(sizes: np.ndarray, share: float, picks: int) -> Cap:
    """The largest cap on each value in a choice of so many rows after which none has more than a share of it.

    sizes: int (v,), rows of each value that can be chosen. Where few values have many rows, the choice falls short of
    its number: `kept`. Raises `EngineError` where no cap does it.

    >>> import numpy as np
    >>> cap_of_picks(np.array([90, 5, 5]), 0.5, 10)
    Cap(most=5, kept=10, share=0.5, capped=1)
    >>> cap_of_picks(np.array([90, 5, 5]), 0.5, 40).kept
    20
    """
    most = max(min(int(share * picks + 1e-9), cap_to_share(sizes, share).most), 1)
    found = _left(sizes, most)
    kept = min(found.kept, picks)
    return Cap(most, kept, min(most, kept) / max(kept, 1), found.capped)


def _left(sizes: np.ndarray, most: int) -> Cap:
    kept = np.minimum(sizes, most)
    return Cap(most, int(kept.sum()), float(kept.max() / kept.sum()), int((sizes > most).sum()))
