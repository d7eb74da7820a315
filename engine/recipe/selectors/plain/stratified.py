"""A fixed share of rows from each group."""

import math
from collections.abc import Sequence
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Picked
from engine.errors import EngineError, unknown
from engine.recipe.selectors._groups import groups_of
from engine.recipe.selectors._shares import allocate, in_turns
from engine.registry import About, Amounts, Bounds, Budget, CategoryColumn, Help, Names

ABOUT = About(
    purpose="balance",
    first=True,
    short="{budget}, {shares} across “{column}”",
    suggested=True,
    evidence={
        "groups": Amounts("Rows of each group", "Group", "Rows"),
        "short_groups": Names("Too small for their share, so they give all they have"),
    },
)


def stratified(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    column: CategoryColumn,
    shares: Annotated[
        Literal["equal", "proportional", "square root", "quotas"],
        Help("Equal lifts small groups, proportional keeps the mix, square root lies between, quotas are your own."),
    ] = "proportional",
    groups: Annotated[tuple[str, ...], Help("For quotas: the groups, by name.")] = (),
    quotas: Annotated[tuple[float, ...], Help("For quotas: the part of each group; 2 and 1 means two to one.")] = (),
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget}, {shares} across {column} (seed {seed}).

    Rows without a value are a group of their own, named "(missing)". Rows kept by hand count toward their group. A
    group that is too small gives all it has, and what it lacks goes to the others in the same shares; groups without a
    quota are drawn on only when all others are used up. Counts are whole by largest remainder and add up to the budget.
    Within a group rows are drawn at random, and groups take turns, so that the first k rows have the same mix as all.
    notes: groups, rows kept of each by name (the 50 largest), and short_groups, those with less than their share.
    """
    found = groups_of(data, column)
    names, here = found.names, found.of[rows]
    size, by_hand = found.count(rows), found.count(kept)
    weights = _weights(shares, size + by_hand, names, groups, quotas)
    total = int(budget.amount) + len(kept)
    counts = allocate(total, weights, low=by_hand, high=by_hand + size)
    take = counts - by_hand
    order = np.random.default_rng(seed).permutation(len(rows))
    picked = in_turns(order, here, take)
    exact = total * weights / weights.sum() if weights.sum() else np.zeros(len(names))
    short = [names[g] for g in np.flatnonzero((counts == by_hand + size) & (exact > counts + 0.5))]
    largest = np.argsort(-counts, kind="stable")[:50]
    return Picked(
        rows[picked],
        {"groups": {names[g]: int(counts[g]) for g in largest if counts[g]}, "short_groups": list(short[:50])},
    )


def _weights(
    shares: str, size: np.ndarray, names: Sequence[str], groups: tuple[str, ...], quotas: tuple[float, ...]
) -> np.ndarray:
    """float64 (groups,): the part of each group before caps."""
    if shares == "equal":
        return (size > 0).astype(np.float64)
    if shares == "square root":
        return np.sqrt(size.astype(np.float64))
    if shares == "proportional":
        return size.astype(np.float64)
    if not groups or len(groups) != len(quotas):
        raise EngineError(f"Quotas need one number for each group; got {len(groups)} groups and {len(quotas)} numbers.")
    if any(not 0 <= q < math.inf for q in quotas) or not sum(quotas):
        raise EngineError(f"Quotas are numbers of 0 or more, not all 0; got {', '.join(f'{q:g}' for q in quotas)}.")
    weights = np.zeros(len(names))
    for group, quota in zip(groups, quotas, strict=True):
        if group not in names:
            raise unknown("group", group, names)
        weights[names.index(group)] = quota
    return weights
