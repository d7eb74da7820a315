"""Run a recipe: a fold over its steps that remembers, for every row, where it went and why."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import cast

import numpy as np

from engine.cache import Cache
from engine.dataset import Dataset, Verdict, read_ref
from engine.errors import Cancelled, EngineError
from engine.recipe import picks
from engine.recipe.broken import KEYED, broken, check_step, columns_read
from engine.recipe.budgets import cost_column, select
from engine.recipe.recipe import Recipe, Step, step_digest
from engine.recipe.stages import Broken, Run, Stage, count, rows_of, unpacked, verdict, verdict_among
from engine.registry import Budget
from engine.store import digest_of

STAGE_CACHE_BYTES = 512 << 20

Verdicts = tuple[np.ndarray, np.ndarray]
"""The rows that are always kept, and those that never are: int64 ascending."""


def run(
    data: Dataset,
    recipe: Recipe,
    cache: Cache | None = None,
    *,
    pick: bool = True,
    anew: bool = False,
    strict: bool = True,
    by_hand: Verdicts | None = None,
) -> Run:
    """Fold the steps over the rows; every prefix is taken from `cache` where it was run before, a choice from the disk.

    pick: False stops before a selector that has not picked yet, so that a click never starts a long search.
    anew: let selectors pick again what they have picked before, as a check does.
    strict: False goes on past a step that cannot run, as if it was off, and names it in `broken`.
    by_hand: the verdicts as they are now, for a draft; without them those that are frozen in the recipe count.

    Raises `EngineError` before anything starts when a step names what is not there, or verdicts contradict.
    """
    if strict:
        check(data, recipe)
    cache = cache or Cache(STAGE_CACHE_BYTES)
    keep, drop = by_hand_rows(data, recipe, by_hand)
    bits = np.ones(data.n, bool)
    bits[drop] = False
    stages = [Stage(Step("by hand"), data.n, data.n - len(drop), np.packbits(bits), None, None)]
    decided = [sha256(rows.tobytes()).hexdigest() for rows in (keep, drop)]  # live or frozen: the same stages
    prefix = digest_of([data.fingerprint, data.id_column(), *decided])
    on = [at for at, step in enumerate(recipe.steps) if step.on]
    stuck = {} if strict else {at: found for at in on if (found := broken(data, recipe.steps[at]))}
    judged: dict[int, Verdict] = {}
    for at in (at for at in on if at not in stuck):
        step, before = recipe.steps[at], stages[-1]
        after = digest_of([prefix, step_digest(step, identities(data, step))])
        if step.selects and not pick and not _known(data, step, after, cache):
            waiting = tuple(recipe.steps[i] for i in on if i >= at and i not in stuck)
            return Run(data, recipe, tuple(stages), keep, waiting, judged, stuck)
        make = partial(_stage, data, step, before, keep, cache, len(stages), judged, after, anew)
        done = cache.get(f"stage/{after}", make) if strict else _stage_or_broken(cache, after, make)
        if isinstance(done, Broken):
            stuck[at] = done
            continue
        prefix = after
        stages.append(replace(done, step=step))  # a renamed step keeps its cached rows
    return Run(data, recipe, tuple(stages), keep, (), judged, stuck)


def _known(data: Dataset, step: Step, prefix: str, cache: Cache) -> bool:
    """Whether a selector has picked before, or is known to be unable to."""
    there = cache.peek(f"stage/{prefix}") is not None or cache.peek(f"broken/{prefix}") is not None
    return there or bool(picks.stored(data, step, prefix))


def _stage_or_broken(cache: Cache, prefix: str, make: Callable[[], Stage]) -> Stage | Broken:
    """A stage, or why there is none; that is kept too, as it may have taken long to find out."""
    if found := cache.peek(f"broken/{prefix}"):
        return cast(Broken, found)
    try:
        return cache.get(f"stage/{prefix}", make)
    except Cancelled:
        raise
    except EngineError as error:
        wrong = Broken(str(error))
        return cache.get(f"broken/{prefix}", lambda: wrong)


def check(data: Dataset, recipe: Recipe) -> None:
    """Raise `EngineError` for the first step that needs what the dataset lacks, by its place and name."""
    for at, step in enumerate(recipe.steps, 1):
        if step.on:
            try:
                check_step(data, step)
            except EngineError as error:
                raise type(error)(f"Step {at}, “{step.label()}”: {error}") from error


def by_hand_rows(data: Dataset, recipe: Recipe, live: Verdicts | None = None) -> Verdicts:
    """The verdicts that count in a recipe: those given, else its frozen ones; none where they are switched off.

    Raises `EngineError` for a row that is both always and never kept.
    """
    if not recipe.by_hand.on:
        return _frozen_rows(data, ""), _frozen_rows(data, "")
    keep, drop = live or (_frozen_rows(data, recipe.by_hand.keep), _frozen_rows(data, recipe.by_hand.drop))
    both = np.intersect1d(keep, drop)
    if len(both):
        raise EngineError(
            f"By hand, {len(both):,} rows are both always kept and never kept, for instance row {both[0]:,}. "
            "Take one of the two verdicts away."
        )
    return keep, drop


def _frozen_rows(data: Dataset, ref: str) -> np.ndarray:
    if not ref:
        return np.empty(0, np.int64)
    rows = data.rows_of(cast(list[str], read_ref(data, ref, "rows")["keys"]))
    return np.unique(rows[rows >= 0])


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

    if not step.alone:
        judged[at] = verdict_among(data, step, np.sort(rows_of(before, data.n)), keep)
        bits, order = before.bits & np.packbits(judged[at].keep), before.order
        if order is not None:
            order = order[judged[at].keep[order]]
        return Stage(step, before.kept, count(bits), bits, order, None, {}, time.perf_counter() - start)

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
