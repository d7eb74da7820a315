"""Which groups lose by a recipe, and what can be done about it: spare them, or give them a cut of their own."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from engine.dataset import ColumnInfo, Dataset
from engine.look.dialects import outward
from engine.look.groups import group_columns, groups
from engine.look.judged_cuts import wilson
from engine.recipe import Recipe, Run, Step, unpacked, verdict
from engine.registry import Json

BANDS = 5
"""Bands of equally many rows that a number is parted into."""
LENGTHS = ("words", "characters", "tokens", "utf8_bytes")
FAR = 0.5
"""A group is far below where it keeps less than half of what all keep, chance allowed for."""


@dataclass(frozen=True)
class Loss:
    """A group of rows before some steps and after them. do, params: the filter that keeps just this group."""

    name: str
    do: str
    params: Mapping[str, Json]
    before: int
    after: int

    @property
    def where(self) -> Step:
        """The filter that keeps just this group."""
        return Step(self.do, self.params).checked()

    @property
    def kept(self) -> float:
        """The share of its rows that stays, 0 to 1."""
        return self.after / max(self.before, 1)


@dataclass(frozen=True)
class Losses:
    """All groups of a column, the hardest hit first, beside the share of all rows that stays, 0 to 1."""

    column: str
    groups: tuple[Loss, ...]
    kept: float

    def far_below(self) -> list[Loss]:
        """Groups that keep less than half of what all keep, beyond chance (95%); among them those that lose all."""
        return [g for g in self.groups if wilson(g.kept, max(g.before, 1))[1] < FAR * self.kept]


def loss_columns(data: Dataset) -> list[str]:
    """The columns that make groups, then lengths, which make bands of equally many rows."""
    lengths = [c.key for c in data.columns.values() if c.name in LENGTHS and c.origin == "signal"]
    return [*group_columns(data), *(key for key in lengths if key not in group_columns(data))]


def losses(data: Dataset, column: str, before: np.ndarray, after: np.ndarray) -> Losses:
    """How many rows of each group were there before some steps and after them. before, after: bool (n,)."""
    info = data.info(column)
    found = _bands(data, info, before, after) if info.type in ("integer", "number") and _is_length(info) else (
        _values(data, column, before, after)
    )  # fmt: skip
    there = [loss for loss in found if loss.before]
    whole = int(after.sum()) / max(int(before.sum()), 1)
    return Losses(column, tuple(sorted(there, key=lambda loss: loss.kept)), whole)


def left_at(done: Run, at: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows before and after a stage of a run, bool (n,) each; at 0 before and after all steps."""
    stages = done.stages
    first, last = (at - 1, at) if at else (0, len(stages) - 1)
    return unpacked(stages[first].bits, done.data.n), unpacked(stages[last].bits, done.data.n)


def recipe_place(done: Run, at: int) -> int:
    """The place in the recipe of the step of a stage (1 is the first that ran)."""
    ran = [i for i, step in enumerate(done.recipe.steps) if step.on and i not in done.broken]
    return ran[at - 1]


def spared(done: Run, group: Loss, at: int = 0) -> Recipe:
    """The recipe with a group spared by one stage's step, or with 0 by every filter that drops rows of it.

    Steps that pick, or look at the other rows, spare nobody: they stay as they are.
    """
    recipe, where = done.recipe, group.where
    # All of its rows before the first step: those that one step lets go now another may have dropped before.
    mine = np.flatnonzero(left_at(done, 0)[0] & verdict(done.data, where, done.data.rows()).keep)
    for stage in [at] if at else range(1, len(done.stages)):
        step = done.stages[stage].step
        if not step.alone:
            continue
        if at or not verdict(done.data, step, mine).keep.all():
            recipe = recipe.changed(recipe_place(done, stage), _spare(step, group))
    return recipe


def own_cut(done: Run, group: Loss, at: int, share: float) -> Step | None:
    """A range of numbers that lets a group keep at least a share of its rows by wider ends of its own.

    share: 0 to 1, of the group's rows before the step that have a number. None where the stage's step is no range of
    numbers (nor one that was widened for others), or the group keeps as much already. What more stays are the group's
    rows nearest to the cut.
    """
    step, data = done.stages[at].step, done.data
    ranged = cut_of(step)
    if ranged is None:
        return None
    low, high = (cast(float | None, ranged.params.get(end)) for end in ("low", "high"))
    before = left_at(done, at)[0] & verdict(data, group.where, data.rows()).keep
    values = data.numbers(str(ranged.params["column"]))
    rows = np.flatnonzero(before & ~np.isnan(values))
    if not len(rows) or verdict(data, step, rows).keep.mean() >= share:
        return None
    values = np.sort(values[rows])
    under = 0 if low is None else int(np.searchsorted(values, low, "left"))
    over = 0 if high is None else len(values) - int(np.searchsorted(values, high, "right"))
    may_go = int((1 - share) * len(values))
    of_under = round(may_go * under / (under + over))
    ends: dict[str, Json] = {}
    if low is not None:
        ends["low"] = _end(min(low, outward(float(values[of_under]), down=True)))
    if high is not None:
        ends["high"] = _end(max(high, outward(float(values[len(values) - 1 - (may_go - of_under)]), down=False)))
    own = Step("number_range", {**ranged.params, **ends})
    inside = Step("all of", steps=(group.where, own), name=f"{group.name}: at least {share:.0%} of it stay")
    return _joined(step, inside)


def cut_of(step: Step) -> Step | None:
    """The range of numbers that a step is, or that was widened for some groups; None where it is another."""
    inner = step.steps[0] if step.do == "any of" and step.steps else step
    return inner if inner.do == "number_range" else None


def _spare(step: Step, group: Loss) -> Step:
    return _joined(step, replace(group.where, name=f"{group.name} is spared"))


def _joined(step: Step, more: Step) -> Step:
    """A step that keeps more rows too; one that was widened already is widened by one part more."""
    if step.do == "any of":
        return replace(step, steps=(*step.steps, more)).checked()
    return Step("any of", steps=(replace(step, name=""), more), name=step.name, on=step.on).checked()


def _end(value: float) -> float | None:
    """An end of a range; an infinite one is open."""
    return value if math.isfinite(value) else None


def _is_length(info: ColumnInfo) -> bool:
    return info.origin == "signal" and info.name in LENGTHS


def _values(data: Dataset, column: str, before: np.ndarray, after: np.ndarray) -> list[Loss]:
    found = groups(data, column, after, before)
    last, counts = len(found.names) - 1, zip(found.before.tolist(), found.after.tolist(), strict=True)

    def params(i: int, name: str) -> Mapping[str, Json]:
        return {"column": column, "values": [] if i == last else [name], "missing": i == last}

    return [
        Loss(name, "values", params(i, name), n, stay)
        for i, (name, (n, stay)) in enumerate(zip(found.names, counts, strict=True))
        if n
    ]


def _bands(data: Dataset, info: ColumnInfo, before: np.ndarray, after: np.ndarray) -> list[Loss]:
    values = data.numbers(info.key)
    there = values[before & ~np.isnan(values)]
    if not len(there):
        return []
    edges = np.unique(np.quantile(there, np.linspace(0, 1, BANDS + 1), method="lower"))
    lows = edges[:-1] if len(edges) > 1 else edges
    place = np.searchsorted(lows, values, "right") - 1
    place[np.isnan(values)] = -1
    found = []
    for i, low in enumerate(lows.tolist()):
        high = float(there[there < lows[i + 1]].max()) if i + 1 < len(lows) else float(there.max())
        mine = place == i
        params: Mapping[str, Json] = {"column": info.key, "low": low, "high": high}
        name = f"{info.name} {low:,.6g} to {high:,.6g}"
        found.append(Loss(name, "number_range", params, int((mine & before).sum()), int((mine & after).sum())))
    return found
