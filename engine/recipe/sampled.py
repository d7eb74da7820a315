"""A choice in small: a random sample of the rows left, and the budget that is for it what the budget is for all."""

import math
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from engine.dataset import Dataset
from engine.recipe.budgets import COSTS, chosen_before, cost_of_rows, likely_to_fit, select
from engine.recipe.quotas import groups_in, quotas
from engine.recipe.recipe import Step
from engine.registry import Budget, Mix

STREAM = 1_000_121


@dataclass(frozen=True)
class Sampled:
    """A choice among some of the rows. rows, keep: int64 ascending, those left and those of them kept by hand."""

    step: Step
    rows: np.ndarray
    keep: np.ndarray


def sampled(data: Dataset, step: Step, rows: np.ndarray, keep: np.ndarray, size: int, *, seed: int = 0) -> Sampled:
    """The choice among so many random rows, its budget scaled as they are; where no more are left, the choice itself.

    rows: int64 ascending, those left; keep: int64 ascending, those among them that are kept by hand. Of the rows kept
    by hand, and of those chosen before, the sample has their share and not one more, so that a budget which has room
    for all of them has room for these. A smaller sample is part of a larger one. Percent become rows; of a mix the
    limits are scaled too. Raises `EngineError` as the choice itself would, in its numbers.
    """
    step = step.checked()
    budget = cast(Budget, step.member.check(step.params)["budget"])
    earlier = chosen_before(data, budget, rows, keep)
    there = np.concatenate([keep, earlier])
    room = _room(data, budget, rows, there)
    if room < 0:
        select(data, step, rows, keep)  # it says so before it picks
    _check_mix(data, budget, rows, there, room)
    if len(rows) <= size:
        return Sampled(step, rows, keep)
    share, rng = size / len(rows), np.random.default_rng([seed, STREAM])
    by_hand, before = (rng.permutation(part)[: math.floor(len(part) * share)] for part in (keep, earlier))
    free = rng.permutation(rows[~np.isin(rows, there)])[: size - len(by_hand) - len(before)]
    some, held = np.concatenate([by_hand, before, free]), np.concatenate([by_hand, before])
    share = len(some) / len(rows)
    if budget.unit in COSTS:
        amount, unit = room * share + float(cost_of_rows(data, budget.unit)[held].sum()), budget.unit
    else:
        amount, unit = len(held) + (max(1, round(room * share)) if room else 0), "rows"
    small = Budget(amount, unit, budget.mix and smaller(budget.mix, share), budget.after)
    return Sampled(
        replace(step, params={**step.params, "budget": small.json()}).checked(), np.sort(some), np.sort(by_hand)
    )


def smaller(mix: Mix, share: float) -> Mix:
    """A mix whose limits are a share of what they were: “at least” rounded down and “at most” up, so that both hold.

    >>> smaller(Mix("kind", {"a": 0.5}, at_least=30, at_most=210), 0.02)
    Mix(by='kind', shares={'a': 0.5}, at_least=0, at_most=5)
    """
    at_most = None if mix.at_most is None else math.ceil(mix.at_most * share)
    return replace(mix, at_least=math.floor(mix.at_least * share), at_most=at_most)


def _room(data: Dataset, budget: Budget, rows: np.ndarray, there: np.ndarray) -> float:
    """What a budget leaves beside the rows that count already: in its unit, percent as rows."""
    if budget.unit in COSTS:
        return budget.amount - float(cost_of_rows(data, budget.unit)[there].sum())
    wanted = int(budget.amount) if budget.unit == "rows" else round(len(rows) * budget.amount / 100)
    return wanted - len(there)


def _check_mix(data: Dataset, budget: Budget, rows: np.ndarray, there: np.ndarray, room: float) -> None:
    """Raise `EngineError` where all that the groups must have is more than the rows that a budget has room for."""
    if budget.mix is None:
        return
    if budget.unit in COSTS:
        free = rows[~np.isin(rows, there)]
        room = likely_to_fit(cost_of_rows(data, budget.unit), free, room)
    groups = groups_in(data, budget.mix)
    kept, every = groups.count(there), groups.count(rows)
    total = min(len(rows), len(there) + int(room))
    quotas(groups, budget.mix, total, every, kept, every - kept, np.ones(len(every)))
