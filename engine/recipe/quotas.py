"""A choice in a mix: what each group gets of a budget, and the selector asked group by group for it."""

from collections.abc import Callable

import numpy as np

from engine.dataset import Dataset, Picked
from engine.errors import EngineError, unknown
from engine.recipe.selectors._groups import Groups, groups_of
from engine.recipe.selectors._shares import allocate, in_turns
from engine.registry import Json, Mix

SHOWN = 50

Pick = Callable[[np.ndarray, np.ndarray, int], Picked]
"""A selector asked for so many of some rows, beside rows that are kept already."""


def groups_in(data: Dataset, mix: Mix) -> Groups:
    """The groups of a mix; raises `EngineError` for a share of a group that is not there."""
    groups = groups_of(data, mix.by)
    for name in mix.shares:
        if name not in groups.names:
            raise unknown(f"group of {mix.by}", name, groups.names)
    return groups


def quotas(
    groups: Groups, mix: Mix, total: int, natural: np.ndarray, kept: np.ndarray, free: np.ndarray, cost: np.ndarray
) -> np.ndarray:
    """int64 (groups,): how many rows of each group, those kept already among them.

    natural: int64 (groups,), what the selector takes of each without a mix. kept, free: rows of each that are kept, and
    that are there besides. cost: float64 (groups,), of a row of each: shares are of what rows cost. Raises
    `EngineError` where all that groups must have is more than the budget.
    """
    low = np.maximum(kept, np.minimum(mix.at_least, kept + free))
    most = kept + free if mix.at_most is None else np.minimum(kept + free, mix.at_most)
    if low.sum() > total:
        raise EngineError(
            f"{mix.at_least:,} rows or more of each of the {int((low > 0).sum()):,} groups of {mix.by!r} are "
            f"{low.sum():,} rows, more than the {total:,} that the budget has room for. Raise the budget, or ask for "
            "fewer of each."
        )
    weights = _weights(groups, mix, natural, kept + free, cost)
    return allocate(total, weights, low=low, high=np.maximum(low, most))


def _weights(groups: Groups, mix: Mix, natural: np.ndarray, size: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """float64 (groups,): in what proportion groups are to have rows, before limits."""
    shares = np.array([mix.shares.get(name, np.nan) for name in groups.names])
    rest = np.where(np.isnan(shares), natural * cost, 0.0)
    if not rest.sum():
        rest = np.where(np.isnan(shares), size * cost, 0.0)
    left = max(0.0, 1 - float(np.nansum(shares)))
    part = np.where(np.isnan(shares), rest * (left / rest.sum()) if rest.sum() and left > 1e-9 else 0.0, shares)
    return np.divide(part, cost, out=np.zeros(len(part)), where=cost > 0)


def mixed(
    data: Dataset, mix: Mix, rows: np.ndarray, keep: np.ndarray, limit: int, pick: Pick, cost: np.ndarray | None = None
) -> Picked:
    """Rows picked in a mix, groups in turn, so that the first of them have the same mix as all.

    rows: int64, candidates; keep: int64, rows that count already; limit: how many more. cost: float64 (n,), what rows
    cost, None for one each. Each group is asked for its number by itself, beside all that was picked before, the
    largest first; what the selector notes of itself is then left out, as it is about another choice.
    """
    groups, natural = groups_in(data, mix), pick(rows, keep, limit)
    kept, free = groups.count(keep), groups.count(rows)
    taken = groups.count(natural.rows) + kept
    means = np.ones(len(free)) if cost is None else _means(groups, np.concatenate([rows, keep]), cost)
    counts = quotas(groups, mix, limit + len(keep), taken, kept, free, means)
    take = counts - kept
    if np.array_equal(groups.count(natural.rows), take):
        return Picked(natural.rows, {**natural.notes, **_notes(groups, mix, counts, counts)})
    there = keep
    for group in np.argsort(-take, kind="stable"):
        if take[group] > 0:
            own = rows[groups.of[rows] == group]
            there = np.concatenate([there, pick(own, there, int(take[group])).rows])
    picked, notes = there[len(keep) :], _notes(groups, mix, counts, groups.count(there))
    return Picked(picked[in_turns(np.arange(len(picked)), groups.of[picked], groups.count(picked))], notes)


def _means(groups: Groups, rows: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """float64 (groups,): what a row of each costs in the mean, 0 for a group without rows or cost."""
    return np.asarray(groups.sum(cost, rows) / np.maximum(groups.count(rows), 1))


def _notes(groups: Groups, mix: Mix, counts: np.ndarray, picked: np.ndarray) -> dict[str, Json]:
    """What each group has, and which have less than the mix gives them. counts: int64 (groups,), what each was to give;
    picked: what it gave, less where a selector may not pick some of its rows."""
    shares = np.array([mix.shares.get(name, 0.0) for name in groups.names]) * counts.sum()
    some = np.bincount(groups.of, minlength=len(groups.names)) > 0
    wanted = np.maximum(counts, np.floor(np.maximum(shares, np.where(some, mix.at_least, 0))))
    largest = np.argsort(-picked, kind="stable")[:SHOWN]
    short = np.flatnonzero(picked < wanted)[:SHOWN]
    return {
        "mix": {groups.names[g]: int(picked[g]) for g in largest if picked[g]},
        "mix_short": [groups.names[g] for g in short],
    }
