"""What a choice will take, said before it starts, and learned from what it took."""

from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import numpy as np

from engine.building.cost import mean_characters
from engine.building.spec import spec
from engine.building.speeds import Took, factor, remember
from engine.cache import Cache
from engine.dataset import Dataset, distinct_count, examples
from engine.progress import Progress, quiet
from engine.recipe import (
    COSTS,
    STAGE_CACHE_BYTES,
    Recipe,
    Run,
    Step,
    cost_of_rows,
    groups_in,
    rows_of,
    run,
    selectors_told,
)
from engine.registry import Budget, Load, Mix
from engine.store import Spec
from engine.vectors import neighbours_left_seconds

ROUNDS = 2
"""A budget in tokens or bytes is met by asking twice: for about as many rows as fit, then for just those."""
LARGEST, GRAPHS = 100, 4
"""Groups of a mix whose picking is guessed one by one, and those whose neighbours are; others are alike enough."""


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
    budget = _budget(step)
    if budget.unit in COSTS:
        costs = cost_of_rows(data, budget.unit)[rows].sum()
        return len(rows) * min(1.0, budget.amount / max(float(costs), 1.0))
    return min(len(rows), budget.amount if budget.unit == "rows" else len(rows) * budget.amount / 100)


def _graph_seconds(data: Dataset, step: Step, rows: np.ndarray, *, kept: bool = True) -> float:
    """For a graph of all rows, and for one of each group of a mix where the stored one holds too few of its neighbours.

    kept: False counts a graph that is kept from before as one to make.
    """
    if not step.member.needs("graph_left", step.params):
        return 0.0
    on = _embedding(step)
    seconds, parts = neighbours_left_seconds(data, on, rows, kept=kept), _groups(data, step, rows)
    if not parts:
        return seconds
    of = groups_in(data, cast(Mix, _budget(step).mix)).of[rows]
    others, stride = np.random.default_rng(0).permutation(rows), max(1, len(parts) // GRAPHS)
    for part in parts[::stride]:
        some = np.union1d(rows[of == part.of], others[: int(part.kept)])
        seconds += neighbours_left_seconds(data, on, some, kept=kept) * part.times * stride
    return seconds


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
        characters=cache(lambda most: mean_characters(data, most)),
        picks=picks_expected(data, step, rows),
        examples=_examples(data, step),
        params=step.params,
    )
    seconds = about.cost(load).seconds
    for part in _groups(data, step, rows):
        asked = replace(load, rows=part.rows, picks=part.picks, kept=part.kept)
        seconds += part.times * about.cost(asked).seconds
    return seconds * (ROUNDS if _unit(step) in COSTS else 1)


@dataclass(frozen=True)
class _Group:
    """A group of a mix, which a selector is asked for by itself. of: its number. rows: how many; picks: of them; kept:
    picks of groups before. times: for how many groups it stands, less than one where it may get nothing."""

    of: int
    rows: int
    picks: float
    kept: float
    times: float


def _groups(data: Dataset, step: Step, rows: np.ndarray) -> list[_Group]:
    """What a selector is asked for beside all: the largest groups of its mix one by one, the others as one of them."""
    mix = _budget(step).mix
    if mix is None:
        return []
    groups, picks = groups_in(data, mix), picks_expected(data, step, rows)
    size = groups.count(rows)
    shares = np.array([mix.shares.get(name, np.nan) for name in groups.names])
    open_ = np.isnan(shares)
    others = size[open_].sum()
    shares[open_] = size[open_] * max(0.0, 1 - float(np.nansum(shares))) / max(1, others)
    take = np.minimum(np.maximum(picks * shares, mix.at_least), size)
    order = np.argsort(-take, kind="stable")
    order = order[take[order] > 0]
    found, kept = list[_Group](), 0.0
    for group in order[:LARGEST].tolist():
        times = min(1.0, float(take[group]))
        found.append(_Group(group, int(size[group]), float(take[group]) / times, kept, times))
        kept += float(take[group])
    if len(rest := order[LARGEST:]):
        times = float(np.minimum(1.0, take[rest]).sum())
        left = float(take[rest].sum())
        found.append(_Group(int(rest[0]), int(size[rest].mean()), left / times, kept + left / 2, times))
    return found


def _examples(data: Dataset, step: Step) -> int:
    """How many examples a step's target has, 0 without one."""
    refs = [str(step.params[p.name]) for p in step.member.params if p.of == "examples" and step.params.get(p.name)]
    return sum(len(examples(data, ref).texts) for ref in refs)


def _timed_as(step: Step) -> Spec:
    """What is timed together: the same selector, whatever its budget; one that must fit tokens is asked more often."""
    return Spec("picks", step.do, step.version, {"fits": _unit(step) in COSTS})


def _embedding(step: Step) -> str:
    return str(step.params.get("embedding") or "")


def _unit(step: Step) -> str:
    return _budget(step).unit


def _budget(step: Step) -> Budget:
    return cast(Budget, step.member.check(step.params)["budget"])
