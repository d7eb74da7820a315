"""Let a selector pick within a budget: rows and percent are met exactly, tokens and bytes by what fits."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np

from engine.dataset import Dataset, Picked, listed_rows
from engine.errors import EngineError
from engine.recipe.quotas import groups_in, mixed, quotas
from engine.recipe.recipe import Step
from engine.recipe.selectors import SELECTORS
from engine.registry import Amounts, Budget, Counted, Evidence, Figure, Json, Names
from engine.signals import ROW_SIGNALS

COSTS: dict[str, str] = {m.about.counts: m.name for m in ROW_SIGNALS.values() if m.about.counts}
"""Units of a budget that are counted on a signal, and the signal."""

NOT_MEASURED = {"tokens": 1e7, "bytes": 5e7}
"""What a corpus holds by guess, for a budget to begin with before its unit is measured."""

EVIDENCE: dict[str, Evidence] = {
    "wanted": Figure("Budget, {unit}", "What was asked for"),
    "before": Counted("rows were there before, kept by hand or chosen: curves count from the next pick"),
    "short": Counted("{unit} short of the budget"),
    "mix": Amounts("Rows of each group of the mix", "Group", "Rows"),
    "mix_short": Names("Too small for what the mix gives them"),
}
"""What every selector's notes say of its budget, in words."""


def select(data: Dataset, step: Step, rows: np.ndarray, keep: np.ndarray) -> Picked:
    """Let a selector pick from the rows left; what is kept by hand counts toward the budget, a shortfall is stated.

    Rows and percent are met exactly. Tokens and bytes are met by the longest prefix of the pick order that fits. Rows
    that an earlier choice holds come first and count; groups get what the budget's mix says.
    """
    member = SELECTORS[step.do]
    params = member.check(step.params)
    budget = cast(Budget, params["budget"])
    earlier = chosen_before(data, budget, rows, keep)
    there = np.concatenate([keep, earlier])
    candidates = rows[~np.isin(rows, there)] if len(there) else rows
    costs = cost_of_rows(data, budget.unit) if budget.unit in COSTS else None
    room = _room(budget, len(rows), keep, earlier, costs)

    def ask(some: np.ndarray, beside: np.ndarray, k: int) -> Picked:
        return cast(Picked, member.function(data, some, beside, **params | {"budget": Budget(k)}))

    def pick(k: int) -> Picked:
        if budget.mix is None:
            return ask(candidates, there, k)
        return mixed(data, budget.mix, candidates, there, k, ask, costs)

    if costs is None:
        picked = pick(min(int(room), len(candidates)))
        wanted, short = int(room) + len(there), int(room) - len(picked.rows)
        notes: dict[str, Json] = {**picked.notes, "wanted": wanted, **_there(there), "short": short}
        return Picked(np.concatenate([earlier, picked.rows]), notes)
    picked = _fitting(pick, costs, candidates, room)
    left = room - float(costs[picked.rows].sum())
    notes = {**picked.notes, "wanted": budget.amount, **_there(there), "short": left, "unit": budget.unit}
    return Picked(np.concatenate([earlier, picked.rows]), notes)


def in_unit(data: Dataset, budget: Budget, unit: str, rows: np.ndarray) -> Budget:
    """As much of some rows in another unit, to three digits; a tenth of them where either unit is not measured.

    rows: int64, those left. Raises `EngineError` for a unit that there is none of.
    """
    all_ = [_all(data, one, rows) for one in (budget.unit, unit)]
    part = min(1.0, budget.amount / all_[0]) if all(all_) else 0.1
    amount = part * (all_[1] or NOT_MEASURED.get(unit, 0.0))
    if amount > 0:
        amount = round(amount, 2 - math.floor(math.log10(amount)))
    return replace(
        budget, amount=amount if unit == "percent" else float(max(1, round(amount))), unit=cast(Any, unit)
    ).checked()


def _all(data: Dataset, unit: str, rows: np.ndarray) -> float:
    """How much there is of a unit in some rows, 0 where that is not measured."""
    if unit in COSTS:
        return float(cost_of_rows(data, unit)[rows].sum()) if cost_column(data, unit) else 0.0
    return 100.0 if unit == "percent" else float(len(rows))


def _there(rows: np.ndarray) -> dict[str, Json]:
    """The note of rows that come before the first pick; none where there are none."""
    return {"before": len(rows)} if len(rows) else {}


def impossible(data: Dataset, step: Step, rows: np.ndarray, keep: np.ndarray) -> str:
    """Why no choice from the rows left can meet a budget, its mix and what is kept by hand, said before anything is
    picked; "" where one can, or where only picking tells."""
    budget = cast(Budget, SELECTORS[step.do].check(step.params)["budget"])
    try:
        earlier = chosen_before(data, budget, rows, keep)
        costs = cost_of_rows(data, budget.unit) if budget.unit in COSTS else None
        room = _room(budget, len(rows), keep, earlier, costs)
        if budget.mix is not None:
            there, groups = np.concatenate([keep, earlier]), groups_in(data, budget.mix)
            kept, free = groups.count(there), groups.count(np.setdiff1d(rows, there))
            if costs is None:
                quotas(groups, budget.mix, int(room) + len(there), free, kept, free, np.ones(len(free)))
    except EngineError as error:
        return str(error)
    return ""


def _room(budget: Budget, left: int, keep: np.ndarray, earlier: np.ndarray, costs: np.ndarray | None) -> float:
    """What is left of a budget beside the rows kept by hand and chosen before; raises `EngineError` where these alone
    are more. left: how many rows the filters leave. costs: float64 (n,), of a row; None for one each."""
    if costs is None:
        wanted = int(budget.amount) if budget.unit == "rows" else round(left * budget.amount / 100)
        if len(keep) + len(earlier) > wanted:
            raise EngineError(_too_many(len(keep), len(earlier), wanted))
        return wanted - len(keep) - len(earlier)
    there = np.concatenate([keep, earlier])
    room = budget.amount - float(costs[there].sum())
    if room < 0:
        raise EngineError(
            f"The rows always kept by hand{' or chosen before' if len(earlier) else ''} alone take "
            f"{costs[there].sum():,.0f} {budget.unit}, more than {replace(budget, mix=None, after='')}. Raise the "
            "budget, or decide otherwise for some."
        )
    return room


def chosen_before(data: Dataset, budget: Budget, rows: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """int64, ascending: rows left that an earlier choice holds, those kept by hand apart."""
    if not budget.after:
        return np.empty(0, np.int64)
    held = rows[listed_rows(data, budget.after)[rows]]
    return np.sort(held[~np.isin(held, keep)])


def _too_many(by_hand: int, earlier: int, wanted: int) -> str:
    if not earlier:
        return (
            f"{by_hand:,} rows are always kept by hand, more than the {wanted:,} rows of the budget. "
            "Raise the budget, or decide otherwise for some."
        )
    return (
        f"{earlier:,} rows are chosen before{f' and {by_hand:,} kept by hand' if by_hand else ''}, more than the "
        f"{wanted:,} rows of the budget. Raise the budget, or choose without the earlier ones."
    )


def _fitting(pick: Callable[[int], Picked], costs: np.ndarray, candidates: np.ndarray, room: float) -> Picked:
    """The longest prefix of a pick order that fits into the room.

    A selector is asked for about as many rows as will fit, not for all that could: it takes less time, and one that
    shares rows out over groups shares out what will really be kept.
    """
    most = int(np.searchsorted(np.cumsum(np.sort(costs[candidates])), room, side="right"))
    k = likely_to_fit(costs, candidates, room)
    picked = pick(k)
    while (fits := _prefix(costs, picked.rows, room)) == k < most:
        k = min(most, math.ceil(k * 1.3))
        picked = pick(k)
    # Asked for just those that fit, most selectors pick the same, and their notes then speak of what is kept. One that
    # shares out anew may take a little more: then it is asked for fewer still.
    while fits < len(picked.rows):
        picked = pick(fits)
        fits = _prefix(costs, picked.rows, room)
    return picked


def likely_to_fit(costs: np.ndarray, candidates: np.ndarray, room: float) -> int:
    """About how many candidates fit into the room, some more rather than less."""
    most = int(np.searchsorted(np.cumsum(np.sort(costs[candidates])), room, side="right"))
    mean = float(costs[candidates].mean()) if len(candidates) else 0.0
    return min(most, max(1, math.ceil(room / mean * 1.1))) if mean else most


def _prefix(costs: np.ndarray, rows: np.ndarray, room: float) -> int:
    """How many rows from the start fit."""
    return int(np.searchsorted(np.cumsum(costs[rows]), room, side="right"))


def cost_of_rows(data: Dataset, unit: str) -> np.ndarray:
    """float64 (n,): what each row costs in tokens or bytes, from the signal of that name."""
    return np.nan_to_num(data.numbers(cost_key(data, unit)))


def cost_key(data: Dataset, unit: str) -> str:
    """The column that a budget in tokens or bytes is counted on; raises `EngineError` saying how to get it."""
    name, found = COSTS[unit], cost_column(data, unit)
    if found is None:
        raise EngineError(
            f"A budget in {unit} needs the signal {name!r}. "
            f"Compute it under Clean, or with `winnow signals --only {name}`."
        )
    return found


def cost_column(data: Dataset, unit: str) -> str | None:
    name = COSTS.get(unit)
    signals = [c for c in data.columns.values() if c.origin == "signal"]
    found = [c.key for c in signals if c.name == name or c.name.startswith(f"{name}(")]
    return min(found, key=lambda key: "(file=" not in key, default=None)  # who names a tokenizer wants it to count
