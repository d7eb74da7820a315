"""Run a recipe: a fold over its steps that remembers, for every row, where it went and why."""

import time
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np

from engine.cache import Cache
from engine.dataset import Dataset, Verdict, read_ref
from engine.errors import EngineError
from engine.recipe import picks
from engine.recipe.budgets import COSTS, cost_column, cost_key, select
from engine.recipe.filters._sql import checked_expression
from engine.recipe.filters._target import checked_target
from engine.recipe.recipe import Recipe, Step, step_digest
from engine.recipe.stages import Run, Stage, count, rows_of, unpacked, verdict
from engine.registry import Budget
from engine.store import digest_of

STAGE_CACHE_BYTES = 512 << 20
KEYED = ("embedding", "map", "topics")
"""Kinds of parameters that name an added thing by its key."""


def run(data: Dataset, recipe: Recipe, cache: Cache | None = None, *, pick: bool = True, anew: bool = False) -> Run:
    """Fold the steps over the rows; every prefix is taken from `cache` where it was run before, a choice from the disk.

    pick: False stops before a selector that has not picked yet, so that a click never starts a long search.
    anew: let selectors pick again what they have picked before, as a check does.

    Raises `EngineError` before anything starts when a step names what the dataset does not have, or pins contradict.
    """
    check(data, recipe)
    cache = cache or Cache(STAGE_CACHE_BYTES)
    keep, drop = pinned(data, recipe)
    bits = np.ones(data.n, bool)
    bits[drop] = False
    stages = [Stage(Step("by hand"), data.n, data.n - len(drop), np.packbits(bits), None, None)]
    prefix = digest_of([data.fingerprint, data.id_column(), recipe.by_hand.keep, recipe.by_hand.drop])
    steps = [step for step in recipe.steps if step.on]
    judged: dict[int, Verdict] = {}
    for at, step in enumerate(steps):
        prefix = digest_of([prefix, step_digest(step, identities(data, step))])
        there = not step.selects or pick or cache.peek(f"stage/{prefix}") is not None
        if not there and not picks.stored(data, step, prefix):
            return Run(data, recipe, tuple(stages), keep, tuple(steps[at:]), judged)
        before = stages[-1]
        made = partial(_stage, data, step, before, keep, cache, at + 1, judged, prefix, anew)
        done = cache.get(f"stage/{prefix}", made)
        stages.append(replace(done, step=step))  # a renamed step keeps its cached rows
    return Run(data, recipe, tuple(stages), keep, (), judged)


def check(data: Dataset, recipe: Recipe) -> None:
    """Raise `EngineError` for the first thing that a step needs and the dataset lacks."""
    for step in recipe.steps:
        if not step.on:
            continue
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
        check(data, Recipe(steps=(replace(step, on=True),)))
        unit = cast(Budget, step.member.check(step.params)["budget"]).unit if step.selects else ""
        if unit in COSTS:
            cost_key(data, unit)
    except EngineError as error:
        return str(error)
    return ""


def pinned(data: Dataset, recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """Row numbers that must stay and that must go, int64 ascending; a row in both is an error."""
    keep, drop = (_pin(data, ref) for ref in (recipe.by_hand.keep, recipe.by_hand.drop))
    both = np.intersect1d(keep, drop)
    if len(both):
        raise EngineError(
            f"{len(both):,} rows are pinned both to stay and to go, for instance row {both[0]:,}. "
            "Take one of the two pins away."
        )
    return keep, drop


def _pin(data: Dataset, ref: str) -> np.ndarray:
    if not ref:
        return np.empty(0, np.int64)
    rows = data.rows_of(cast(list[str], read_ref(data, ref, "rows")["keys"]))
    return np.unique(rows[rows >= 0])


def columns_read(data: Dataset, step: Step) -> list[str]:
    """The columns that a step reads, those inside an SQL expression too."""
    named = [column for text in step.names("expression") for column in checked_expression(text, data.columns)]
    return [*step.names("column"), *named]


def identities(data: Dataset, step: Step) -> dict[str, str]:
    """Identity of everything that a step reads beside the rows, so that a cached stage cannot be stale."""
    read = [*columns_read(data, step), *data.text_view.columns]
    if step.selects:
        budget = cast(Budget, step.member.check(step.params)["budget"])
        # A missing signal is an error when the step runs, not when it is looked at.
        read += filter(None, [cost_column(data, budget.unit)])
    found = {key: data.info(key).identity for key in read}
    found["the text of a row"] = digest_of(data.text_view.json())
    found["the name of a row"] = data.id_column()
    for family in KEYED:
        found |= {key: data.artefact(family, key).identity for key in step.names(family)}
    for key in step.names("embedding"):
        if f"graph@{key}" in data.added:
            found[f"graph@{key}"] = data.added[f"graph@{key}"].identity
    return found


def _stage(
    data: Dataset,
    step: Step,
    before: Stage,
    keep: np.ndarray,
    cache: Cache,
    at: int,
    judged: dict[int, Verdict],
    stage: str,
    anew: bool,
) -> Stage:
    start = time.perf_counter()
    if step.selects:
        left = rows_of(before, data.n)
        picked, seconds = picks.picked(data, step, stage, lambda: select(data, step, np.sort(left), keep), anew=anew)
        chosen = np.concatenate([keep, picked.rows])
        mask = np.zeros(data.n, bool)
        mask[chosen] = True
        return Stage(step, before.kept, len(chosen), np.packbits(mask), chosen, None, picked.notes, seconds)

    def judge() -> np.ndarray:
        judged[at] = verdict(data, step, data.rows())
        return np.packbits(judged[at].keep)

    alone = cache.get(f"alone/{step_digest(step, identities(data, step))}/{data.fingerprint}", judge)
    with_pins = alone
    if len(keep):
        mask = unpacked(alone, data.n).copy()
        mask[keep] = True
        with_pins = np.packbits(mask)
    bits = before.bits & with_pins
    order = before.order
    if order is not None:
        order = order[unpacked(bits, data.n)[order]]
    return Stage(step, before.kept, count(bits), bits, order, with_pins, {}, time.perf_counter() - start)
