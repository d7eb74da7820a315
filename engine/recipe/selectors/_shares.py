"""Shares of a budget: whole numbers between bounds that add up, and groups that take turns."""

import math

import numpy as np


def in_turns(order: np.ndarray, group: np.ndarray, take: np.ndarray) -> np.ndarray:
    """int64: the first rows of each group, as many as it may give, so that the first k have the same mix as all.

    order: int64, all positions, in the order in which a group gives its own. group: int64, the group of each position.
    take: int64, how many each group gives.

    >>> in_turns(np.arange(6), np.array([0, 0, 0, 0, 1, 1]), np.array([4, 2])).tolist()
    [0, 4, 1, 2, 5, 3]
    """
    size = np.bincount(group, minlength=len(take))
    by_group = order[np.argsort(group[order], kind="stable")]
    start = np.cumsum(size) - size
    place = np.arange(len(order)) - start[group[by_group]]
    chosen = place < take[group[by_group]]
    picked, place = by_group[chosen], place[chosen]
    turn = (place + 0.5) / take[group[picked]]
    return np.asarray(picked[np.lexsort((group[picked], turn))], np.int64)


def allocate(total: int, weights: np.ndarray, *, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Whole numbers int64 between low and high, in the proportion of the weights, that add up to the total.

    Groups at a bound are fixed there and the rest is shared out again. When all groups with a weight are full, the
    others follow by size. A total outside what the bounds allow is brought inside.

    >>> import numpy as np
    >>> allocate(10, np.array([1.0, 1, 1]), low=np.zeros(3, int), high=np.array([2, 50, 50])).tolist()
    [2, 4, 4]
    """
    low, high = low.astype(np.int64), high.astype(np.int64)
    total = int(min(max(total, low.sum()), high.sum()))
    weighty = weights > 0
    if high[weighty].sum() + low[~weighty].sum() < total:
        full = np.where(weighty, high, low)
        rest = ~weighty & (high > low)
        counts = full.copy()
        counts[rest] = allocate(
            total - int(full[~rest].sum()), high[rest].astype(np.float64), low=low[rest], high=high[rest]
        )
        return counts
    exact = _shared(total, weights, low, high)
    counts = np.clip(np.floor(exact + 1e-9).astype(np.int64), low, high)
    left = np.where(counts < high, exact - counts, -1.0)
    for group in np.argsort(-left, kind="stable")[: total - int(counts.sum())]:
        counts[group] += 1
    return counts


def _shared(total: int, weights: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """float64: shares in the proportion of the weights, held between the bounds (fixed where they cross one)."""
    exact = np.where(weights > 0, 0.0, low.astype(np.float64))
    free = weights > 0
    while free.any():
        room = total - math.fsum(exact[~free])
        want = weights * (room / math.fsum(weights[free]))
        held = np.clip(want, low, high)
        excess = math.fsum((held - want)[free])
        # Fix those that ask for too little first when what is kept by hand raises the sum, else those for too much.
        fixed = free & ((held > want) if excess > 0 else (held < want))
        if not fixed.any():
            fixed = free
        exact[fixed] = held[fixed]
        free = free & ~fixed
    return exact
