"""Run a recipe: a fold over its steps that remembers, for every row, where it went and why."""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from engine.dataset import Cache, Dataset, Picked, Verdict
from engine.errors import EngineError
from engine.filters import FILTERS
from engine.filters._refs import read
from engine.recipe import NESTS, Recipe, Step, step_digest
from engine.registry import Budget, Json
from engine.selectors import SELECTORS
from engine.sql import checked_expression
from engine.store import digest_of

STAGE_CACHE_BYTES = 512 << 20

NEAREST_MOST = 100_000_000
"""Comparisons at a time to name the picked row most like a dropped one: about a second."""

COSTS = {"tokens": "tokens", "bytes": "utf8_bytes"}
"""Units of a budget that are counted on a signal, and the signal."""


@dataclass(frozen=True)
class Stage:
    """What one step left.

    bits: packed bool (n/8), the rows kept so far; order: int64 pick order after a selector, else None.
    alone: packed bool, what a filter by itself would keep of all rows (None for a selector). seconds: how long it took.
    """

    step: Step
    before: int
    kept: int
    bits: np.ndarray
    order: np.ndarray | None
    alone: np.ndarray | None
    notes: Mapping[str, Json] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Run:
    """A recipe run on a dataset.

    stages[0] is the pins; then one stage for each step that is on. kept_pins: int64, ascending.
    waiting: the steps that were not run because a selector among them has to be asked for first.
    """

    data: Dataset
    recipe: Recipe
    stages: tuple[Stage, ...]
    kept_pins: np.ndarray
    waiting: tuple[Step, ...] = ()

    @property
    def rows(self) -> np.ndarray:
        """The rows that stay, int64: in pick order after a selector, else ascending."""
        return rows_of(self.stages[-1], self.data.n)

    @property
    def mask(self) -> np.ndarray:
        """bool (n,): which rows stay."""
        return unpacked(self.stages[-1].bits, self.data.n)


@dataclass(frozen=True)
class FunnelLine:
    """One step's effect, in rows.

    in_order: removed at its turn. For a filter also total: removed by itself; only: by no other filter;
    shared: by others too.
    """

    step: Step
    before: int
    kept: int
    in_order: int
    total: int
    only: int
    shared: int
    notes: Mapping[str, Json]


@dataclass(frozen=True)
class Why:
    """Why a row stays or goes. at: index into `Run.stages` of the step that dropped it, None if kept."""

    row: int
    kept: bool
    at: int | None
    text: str


def run(data: Dataset, recipe: Recipe, cache: Cache | None = None, *, pick: bool = True) -> Run:
    """Fold the steps over the rows; every prefix is taken from `cache` where it was run before.

    pick: False stops before a selector that is not in the cache, so that a click never starts a long search.

    Raises `EngineError` before anything starts when a step names what the dataset does not have, or pins contradict.
    """
    check(data, recipe)
    cache = cache or Cache(STAGE_CACHE_BYTES)
    keep, drop = pinned(data, recipe)
    bits = np.ones(data.n, bool)
    bits[drop] = False
    stages = [Stage(Step("pins"), data.n, data.n - len(drop), np.packbits(bits), None, None)]
    prefix = digest_of([data.fingerprint, _id_column(data), recipe.pins.keep, recipe.pins.drop])
    steps = [step for step in recipe.steps if step.on]
    for at, step in enumerate(steps):
        prefix = digest_of([prefix, step_digest(step, identities(data, step))])
        if step.selects and not pick and cache.peek(f"stage/{prefix}") is None:
            return Run(data, recipe, tuple(stages), keep, tuple(steps[at:]))
        before = stages[-1]
        done = cache.get(f"stage/{prefix}", lambda step=step, before=before: _stage(data, step, before, keep, cache))  # type: ignore[misc]
        stages.append(replace(done, step=step))  # a renamed step keeps its cached rows
    return Run(data, recipe, tuple(stages), keep)


def check(data: Dataset, recipe: Recipe) -> None:
    """Raise `EngineError` for the first thing that a step needs and the dataset lacks."""
    for step in recipe.steps:
        if not step.on:
            continue
        step.checked()
        for column in columns_read(data, step):
            data.info(column)
        for kind, family in (("embedding", "vectors"), ("map", "maps"), ("clusters", "clusters")):
            for key in step.names(kind):
                data.artefact(family, key)
        for kind in ("rows", "target"):
            for ref in step.names(kind):
                data.store.read_ref(ref)


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
    keep, drop = (_pin(data, ref) for ref in (recipe.pins.keep, recipe.pins.drop))
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
    rows = data.rows_of(cast(list[str], read(data, ref, "rows")["keys"]))
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
        read += filter(None, [_cost_column(data, budget.unit)])
    found = {key: data.info(key).identity for key in read}
    found["the text of a row"] = digest_of(data.text_view.json())
    found["the name of a row"] = _id_column(data)
    for kind, family in (("embedding", "vectors"), ("map", "maps"), ("clusters", "clusters")):
        found |= {key: data.artefact(family, key).identity for key in step.names(kind)}
    for key in step.names("embedding"):
        if f"graph@{key}" in data.added:
            found[f"graph@{key}"] = data.added[f"graph@{key}"].identity
    return found


def _id_column(data: Dataset) -> str:
    """The column that names rows, "" when their content does: which rows a ref means depends on it."""
    return next((c.key for c in data.columns.values() if c.role == "id"), "")


def _stage(data: Dataset, step: Step, before: Stage, keep: np.ndarray, cache: Cache) -> Stage:
    start = time.perf_counter()
    if step.selects:
        left = rows_of(before, data.n)
        picked = select(data, step, np.sort(left), keep)
        chosen = np.concatenate([keep, picked.rows])
        mask = np.zeros(data.n, bool)
        mask[chosen] = True
        return Stage(
            step, before.kept, len(chosen), np.packbits(mask), chosen, None, picked.notes, time.perf_counter() - start
        )
    alone = cache.get(
        f"alone/{step_digest(step, identities(data, step))}/{data.fingerprint}",
        lambda: np.packbits(verdict(data, step, data.rows()).keep),
    )
    with_pins = cast(np.ndarray, alone)
    if len(keep):
        mask = unpacked(alone, data.n).copy()
        mask[keep] = True
        with_pins = np.packbits(mask)
    bits = before.bits & with_pins
    order = before.order
    if order is not None:
        order = order[unpacked(bits, data.n)[order]]
    return Stage(step, before.kept, count(bits), bits, order, with_pins, {}, time.perf_counter() - start)


def verdict(data: Dataset, step: Step, rows: np.ndarray) -> Verdict:
    """What a filter or nest says of some rows. An empty nest, or one whose parts are all off, keeps everything."""
    if step.do not in NESTS:
        member = FILTERS[step.do]
        return cast(Verdict, member.function(data, rows, **member.check(step.params)))
    parts = [(s, verdict(data, s, rows)) for s in step.steps if s.on]
    if not parts:
        return Verdict(np.ones(len(rows), bool), lambda i: "nothing to hold")
    keeps = np.stack([v.keep for _, v in parts])
    keep: np.ndarray = {
        "all of": np.all(keeps, axis=0),
        "any of": np.any(keeps, axis=0),
        "not": ~np.any(keeps, axis=0),
    }[step.do]
    return Verdict(keep, lambda i: "; ".join(v.words(i) for _, v in parts))


def select(data: Dataset, step: Step, rows: np.ndarray, keep: np.ndarray) -> Picked:
    """Let a selector pick from the rows left; pins count toward the budget, and a shortfall is stated.

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
                f"{len(keep):,} rows are pinned to stay, more than the {wanted:,} rows of the budget. "
                "Raise the budget, or unpin some."
            )
        limit = min(wanted - len(keep), len(candidates))
        picked = cast(Picked, member.function(data, candidates, keep, **params | {"budget": Budget(limit)}))
        return Picked(picked.rows, {**picked.notes, "wanted": wanted, "short": wanted - len(keep) - len(picked.rows)})
    costs = cost(data, budget.unit)
    room = budget.amount - float(costs[keep].sum())
    if room < 0:
        raise EngineError(
            f"The pinned rows alone take {costs[keep].sum():,.0f} {budget.unit}, more than {budget}. "
            "Raise the budget, or unpin some."
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


def cost(data: Dataset, unit: str) -> np.ndarray:
    """float64 (n,): what each row costs in tokens or bytes, from the signal of that name."""
    return np.nan_to_num(data.numbers(cost_key(data, unit)))


def cost_key(data: Dataset, unit: str) -> str:
    """The column that a budget in tokens or bytes is counted on; raises `EngineError` saying how to get it."""
    name, found = COSTS[unit], _cost_column(data, unit)
    if found is None:
        raise EngineError(
            f"A budget in {unit} needs the signal {name!r}. "
            f"Compute it under Clean, or with `winnow signals --only {name}`."
        )
    return found


def _cost_column(data: Dataset, unit: str) -> str | None:
    name = COSTS.get(unit)
    signals = [c for c in data.columns.values() if c.origin == "signal"]
    return next((c.key for c in signals if c.name == name or c.name.startswith(f"{name}(")), None)


def rows_of(stage: Stage, n: int) -> np.ndarray:
    """The rows of a stage, int64: pick order where there is one, else ascending."""
    return stage.order if stage.order is not None else np.flatnonzero(unpacked(stage.bits, n))


def unpacked(bits: np.ndarray, n: int) -> np.ndarray:
    """bool (n,) of a packed bitmap."""
    return np.unpackbits(bits, count=n).view(bool)


def count(bits: np.ndarray) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(bits).sum())


def funnel(done: Run) -> list[FunnelLine]:
    """For each step: rows removed at its turn, and for filters also alone and together with the others."""
    filters = [s for s in done.stages[1:] if s.alone is not None]
    start = done.stages[0].bits
    drops = [start & ~cast(np.ndarray, s.alone) for s in filters]
    lines = []
    for stage in done.stages[1:]:
        total = only = 0
        if stage.alone is not None:
            mine = start & ~stage.alone
            others = np.zeros_like(mine)
            for other, drop in zip(filters, drops, strict=True):
                if other is not stage:
                    others |= drop
            total, only = count(mine), count(mine & ~others)
        lines.append(
            FunnelLine(
                stage.step, stage.before, stage.kept, stage.before - stage.kept, total, only, total - only, stage.notes
            )
        )
    return lines


def dropped(done: Run, at: int) -> np.ndarray:
    """Rows that the stage at this index removed, int64 ascending."""
    before = done.stages[at - 1].bits if at else np.packbits(np.ones(done.data.n, bool))
    return np.flatnonzero(unpacked(before & ~done.stages[at].bits, done.data.n))


def why(done: Run, row: int) -> Why:
    """Why one row stays or goes: the step that dropped it, and the value it was judged on."""
    return whys(done, np.array([row], np.int64))[0]


def whys(done: Run, rows: np.ndarray) -> list[Why]:
    """Why each of these rows stays or goes, in the order given."""
    at = dropped_at(done, rows)
    texts: dict[int, str] = {}
    for stage_at in np.unique(at):
        mine = rows[at == stage_at]
        for row, text in zip(mine, _words(done, int(stage_at), mine), strict=True):
            texts[int(row)] = text
    return [Why(int(r), int(a) < 0, None if a < 0 else int(a), texts[int(r)]) for r, a in zip(rows, at, strict=True)]


def dropped_at(done: Run, rows: np.ndarray) -> np.ndarray:
    """int32: index of the stage that dropped each row, -1 for a row that stays."""
    at = np.full(len(rows), -1, np.int32)
    for i, stage in reversed(list(enumerate(done.stages))):
        at[~unpacked(stage.bits, done.data.n)[rows]] = i
    return at


def _words(done: Run, at: int, rows: np.ndarray) -> list[str]:
    if at < 0:
        pins = set(done.kept_pins.tolist())
        last = "no step drops it" if len(done.stages) > 1 else "the recipe has no steps yet"
        rank = {int(r): i + 1 for i, r in enumerate(done.rows)} if done.stages[-1].order is not None else {}
        return [
            "Kept: pinned to stay."
            if int(r) in pins
            else f"Kept: {last}{f', picked as number {rank[int(r)]:,}' if rank else ''}."
            for r in rows
        ]
    stage = done.stages[at]
    if at == 0:
        return ["Dropped: pinned to go."] * len(rows)
    sentence = f"Dropped by step {at}, “{stage.step.name or stage.step.sentence().rstrip('.')}”"
    if stage.step.selects:
        return [f"{sentence}: not picked{extra}." for extra in _nearest_picked(done, stage, rows)]
    judged = verdict(done.data, stage.step, rows)
    return [f"{sentence}: {judged.words(i)}." for i in range(len(rows))]


def _nearest_picked(done: Run, stage: Stage, rows: np.ndarray) -> list[str]:
    """For a selector on an embedding: the picked row most similar to each row left out; unsaid where it costs much."""
    keys = list(stage.step.names("embedding"))
    if not keys or stage.order is None or not len(stage.order):
        return [""] * len(rows)
    vectors = done.data.vectors(keys[0])
    of_row = vectors.nodes.of_row
    kept = np.sort(stage.order[of_row[stage.order] >= 0])
    if not len(kept) or len(rows) * len(kept) > NEAREST_MOST:
        return [""] * len(rows)
    there = vectors.floats(of_row[kept]).T
    words = [", it has no text to compare"] * len(rows)
    with_text = np.flatnonzero(of_row[rows] >= 0)
    for start in range(0, len(with_text), 1024):
        part = with_text[start : start + 1024]
        similarity = vectors.floats(of_row[rows[part]]) @ there  # exact on the grid, whatever the block
        best = similarity.argmax(axis=1)
        for i, at, value in zip(part.tolist(), best.tolist(), similarity.max(axis=1).tolist(), strict=True):
            words[i] = f", the picked row most like it is row {kept[at]:,} (similarity {value:.3f})"
    return words
