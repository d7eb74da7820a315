"""Steps that cannot run: what is wrong with each, what it lacks, and the same step on what it was made for."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.recipe.budgets import COSTS, cost_column, cost_key
from engine.recipe.filters._sql import checked_expression
from engine.recipe.filters._target import checked_target
from engine.recipe.recipe import Step
from engine.recipe.stages import Broken, verdict
from engine.registry import Budget

KEYED = ("embedding", "map", "topics", "pairs")
"""Kinds of parameters that name an added thing by its key."""


def check_step(data: Dataset, step: Step) -> None:
    """Raise `EngineError` for the first thing that a step needs and the dataset lacks."""
    step.checked()
    for column in columns_read(data, step):
        data.info(column)
    for family in KEYED:
        for key in step.names(family):
            data.artefact(family, key)
    for kind in ("rows", "target"):
        for ref in step.names(kind):
            data.store.read_ref(ref)
    for leaf, runs in step.leaves():
        for target in leaf.names("target") if runs else ():
            checked_target(data, next(leaf.names("embedding")), target)


def lacking(data: Dataset, step: Step) -> str:
    """What the dataset lacks for a step, in words, whether it is on or off; "" when it can run."""
    try:
        check_step(data, replace(step, on=True))
        unit = _unit(step)
        if unit in COSTS:
            cost_key(data, unit)
    except EngineError as error:
        return str(error)
    return ""


def broken(data: Dataset, step: Step) -> Broken | None:
    """What keeps a step from running, seen before it runs; None where nothing does."""
    wrong, lacks = lacking(data, step), tuple(dict.fromkeys(_lacks(data, step)))
    if lacks and not wrong:
        wrong = f"{lacks[0]!r} is not there. Build it, or switch the step off."
    return Broken(wrong, lacks) if wrong else None


def mended(data: Dataset, step: Step) -> Step | None:
    """The same filter on another map, embedding or topics of the dataset, where it runs there; None where nowhere.

    A region is found again on the map that it was drawn on, a topic among the topics that it was chosen from.
    """
    if step.selects or step.steps:
        return None
    for kind in KEYED:
        for knob in step.member.of_kind(kind):
            for key in data.keys_of(kind):
                other = replace(step, params={**step.params, knob: key})
                if key != step.params.get(knob) and _runs(data, other):
                    return other
    return None


def columns_read(data: Dataset, step: Step) -> list[str]:
    """The columns that a step reads, those inside an SQL expression too."""
    named = [column for text in step.names("expression") for column in checked_expression(text, data.columns)]
    return [*step.names("column"), *named]


def _runs(data: Dataset, step: Step) -> bool:
    try:
        check_step(data, step)
        verdict(data, step, np.empty(0, np.int64))
    except EngineError:
        return False
    return True


def _lacks(data: Dataset, step: Step) -> Iterator[str]:
    """Keys of what a step reads and the dataset has not."""
    yield from (column for column in step.names("column") if column not in data.columns)
    for kind in KEYED:
        yield from (key for key in step.names(kind) if key not in data.added)
    if not step.selects:
        return
    for embedding in step.names("embedding"):
        if step.member.needs("graph", step.params) and f"graph@{embedding}" not in data.added:
            yield f"graph@{embedding}"
    unit = _unit(step)
    if unit in COSTS and cost_column(data, unit) is None:
        yield COSTS[unit]


def _unit(step: Step) -> str:
    """What the budget of a selector is counted in; "" for a filter."""
    return cast(Budget, step.member.check(step.params)["budget"]).unit if step.selects else ""
