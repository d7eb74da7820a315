"""What a choice will take, said before it starts, and learned from what it took."""

from typing import cast

import numpy as np

from engine.building.spec import spec
from engine.building.speeds import Took, factor, remember
from engine.cache import Cache
from engine.dataset import Dataset, distinct_count
from engine.progress import Progress, quiet
from engine.recipe import COSTS, STAGE_CACHE_BYTES, Recipe, Run, Step, cost_of_rows, rows_of, run, selectors_told
from engine.registry import Budget, Load
from engine.store import Spec
from engine.vectors import neighbours_left_seconds

ROUNDS = 2
"""A budget in tokens or bytes is met by asking twice: for about as many rows as fit, then for just those."""


def pick(
    data: Dataset, recipe: Recipe, cache: Cache | None = None, *, anew: bool = False, progress: Progress = quiet
) -> Run:
    """Run a recipe with its choices, and remember how long those took that were not made before.

    anew: make them once more, as a check does.
    """
    cache = cache or Cache(STAGE_CACHE_BYTES)
    there = len(run(data, recipe, cache, pick=False).stages)
    with selectors_told(progress):
        done = run(data, recipe, None if anew else cache, anew=anew)
    for at in range(there, len(done.stages)):
        stage = done.stages[at]
        rows = rows_of(done.stages[at - 1], data.n)
        # With a graph made on the way, the time says little about the selector.
        if stage.step.selects and not _graph_seconds(data, stage.step, rows, kept=False):
            remember(data.store, _timed_as(stage.step), Took(_guessed(data, stage.step, rows), stage.seconds))
    return done


def picking_seconds(data: Dataset, step: Step, rows: np.ndarray) -> float:
    """How long a selector takes to pick from the rows that are left: as long as here the last times.

    With the time for a graph of these rows, where it needs one and none is kept: as neighbours took here.
    """
    guess, graph = _guessed(data, step, rows), _graph_seconds(data, step, rows)
    if graph:
        graph *= factor(data.store, spec("graph", on=_embedding(step)), graph) or 1.0
    return graph + guess * (factor(data.store, _timed_as(step), guess) or 1.0)


def picks_expected(data: Dataset, step: Step, rows: np.ndarray) -> float:
    """About how many of the rows left a selector's budget asks for."""
    budget = cast(Budget, step.member.check(step.params)["budget"])
    if budget.unit in COSTS:
        costs = cost_of_rows(data, budget.unit)[rows].sum()
        return len(rows) * min(1.0, budget.amount / max(float(costs), 1.0))
    return min(len(rows), budget.amount if budget.unit == "rows" else len(rows) * budget.amount / 100)


def _graph_seconds(data: Dataset, step: Step, rows: np.ndarray, *, kept: bool = True) -> float:
    if not step.member.needs("graph_left", step.params):
        return 0.0
    return neighbours_left_seconds(data, _embedding(step), rows, kept=kept)


def _guessed(data: Dataset, step: Step, rows: np.ndarray) -> float:
    """The seconds as the member guesses them, for any machine."""
    about = step.member.about
    if about.cost is None:
        return 0.0
    below = data.added.get(_embedding(step))
    dimension = cast(int, below.notes.get("dimension", 384)) if below else 384
    load = Load(
        rows=len(rows),
        texts=distinct_count(data),
        dimension=dimension,
        picks=picks_expected(data, step, rows),
        params=step.params,
    )
    return about.cost(load).seconds * (ROUNDS if _unit(step) in COSTS else 1)


def _timed_as(step: Step) -> Spec:
    """What is timed together: the same selector, whatever its budget; one that must fit tokens is asked more often."""
    return Spec("picks", step.do, step.version, {"fits": _unit(step) in COSTS})


def _embedding(step: Step) -> str:
    return str(step.params.get("embedding") or "")


def _unit(step: Step) -> str:
    return cast(Budget, step.member.check(step.params)["budget"]).unit
