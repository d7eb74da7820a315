"""Let a selector pick within a budget: rows and percent are met exactly, tokens and bytes by what fits."""

import math
from collections.abc import Callable
from typing import cast

import numpy as np

from engine.dataset import Dataset, Picked
from engine.errors import EngineError
from engine.recipe.recipe import Step
from engine.recipe.selectors import SELECTORS
from engine.registry import Budget, Counted, Evidence, Figure
from engine.signals import ROW_SIGNALS

COSTS: dict[str, str] = {m.about.counts: m.name for m in ROW_SIGNALS.values() if m.about.counts}
"""Units of a budget that are counted on a signal, and the signal."""

EVIDENCE: dict[str, Evidence] = {
    "wanted": Figure("Budget", "What was asked for"),
    "short": Counted("short of the budget"),
}
"""What every selector's notes say of its budget, in words."""


def select(data: Dataset, step: Step, rows: np.ndarray, keep: np.ndarray) -> Picked:
    """Let a selector pick from the rows left; what is kept by hand counts toward the budget, a shortfall is stated.

    Rows and percent are met exactly. Tokens and bytes are met by the longest prefix of the pick order that fits.
    """
    member = SELECTORS[step.do]
    params = member.check(step.params)
    budget = cast(Budget, params["budget"])
    candidates = rows[~np.isin(rows, keep)] if len(keep) else rows
    if budget.unit in ("rows", "percent"):
        wanted = int(budget.amount) if budget.unit == "rows" else round(len(rows) * budget.amount / 100)
        if len(keep) > wanted:
            raise EngineError(
                f"{len(keep):,} rows are always kept by hand, more than the {wanted:,} rows of the budget. "
                "Raise the budget, or decide otherwise for some."
            )
        limit = min(wanted - len(keep), len(candidates))
        picked = cast(Picked, member.function(data, candidates, keep, **params | {"budget": Budget(limit)}))
        return Picked(picked.rows, {**picked.notes, "wanted": wanted, "short": wanted - len(keep) - len(picked.rows)})
    costs = cost_of_rows(data, budget.unit)
    room = budget.amount - float(costs[keep].sum())
    if room < 0:
        raise EngineError(
            f"The rows always kept by hand alone take {costs[keep].sum():,.0f} {budget.unit}, more than {budget}. "
            "Raise the budget, or decide otherwise for some."
        )
    picked = _fitting(
        lambda k: cast(Picked, member.function(data, candidates, keep, **params | {"budget": Budget(k)})),
        costs,
        candidates,
        room,
    )
    used = float(costs[picked.rows].sum())
    return Picked(picked.rows, {**picked.notes, "wanted": budget.amount, "short": room - used, "unit": budget.unit})


def _fitting(pick: Callable[[int], Picked], costs: np.ndarray, candidates: np.ndarray, room: float) -> Picked:
    """The longest prefix of a pick order that fits into the room.

    A selector is asked for about as many rows as will fit, not for all that could: it takes less time, and one that
    shares rows out over groups shares out what will really be kept.
    """
    most = int(np.searchsorted(np.cumsum(np.sort(costs[candidates])), room, side="right"))
    mean = float(costs[candidates].mean()) if len(candidates) else 0.0
    k = min(most, max(1, math.ceil(room / mean * 1.1))) if mean else most
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
