"""What a step says of rows, and what each step of a run left."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from engine.dataset import Dataset, Verdict
from engine.recipe.filters import AMONG, FILTERS
from engine.recipe.recipe import NESTS, Recipe, Step
from engine.registry import Json


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
class Broken:
    """Why a step cannot run. wrong: in words, with the way out; lacks: keys of what it reads and is not there."""

    wrong: str
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Run:
    """A recipe run on a dataset.

    stages[0] is the verdicts by hand; then one stage for each step that is on and not broken. kept_by_hand: int64.
    waiting: the steps that were not run because a selector among them has to be asked for first.
    judged: what the filters that were judged in this very run said of all rows, by place in `stages`, so that reasons
    need no second look. broken: steps that could not run, by their place in the recipe; they count as off.
    """

    data: Dataset
    recipe: Recipe
    stages: tuple[Stage, ...]
    kept_by_hand: np.ndarray
    waiting: tuple[Step, ...] = ()
    judged: Mapping[int, Verdict] = field(default_factory=dict, repr=False, compare=False)
    broken: Mapping[int, Broken] = field(default_factory=dict)

    @property
    def rows(self) -> np.ndarray:
        """The rows that stay, int64: in pick order after a selector, else ascending."""
        return rows_of(self.stages[-1], self.data.n)

    @property
    def working(self) -> Recipe:
        """The recipe with its broken steps switched off: it leaves the same rows, and nothing refuses it."""
        steps = [replace(step, on=step.on and at not in self.broken) for at, step in enumerate(self.recipe.steps)]
        return replace(self.recipe, steps=tuple(steps))

    @property
    def mask(self) -> np.ndarray:
        """bool (n,): which rows stay."""
        return unpacked(self.stages[-1].bits, self.data.n)


def rows_of(stage: Stage, n: int) -> np.ndarray:
    """The rows of a stage, int64: pick order where there is one, else ascending."""
    return stage.order if stage.order is not None else np.flatnonzero(unpacked(stage.bits, n))


def unpacked(bits: np.ndarray, n: int) -> np.ndarray:
    """bool (n,) of a packed bitmap."""
    return np.unpackbits(bits, count=n).view(bool)


def count(bits: np.ndarray) -> int:
    """How many bits are set."""
    return int(np.bitwise_count(bits).sum())


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

    def words(i: int) -> str:
        """Only the parts that decide say why: of all that must hold, those that do not."""
        decides = keeps[:, i] == (keep[i] != (step.do == "not"))
        return "; ".join(
            f"{s.name}: {v.words(i)}" if s.name else v.words(i)
            for (s, v), yes in zip(parts, decides, strict=True)
            if yes
        )

    return Verdict(keep, words)


def verdict_among(data: Dataset, step: Step, left: np.ndarray, keep: np.ndarray) -> Verdict:
    """What a filter that looks at the other rows says of those left, by row number; of other rows it says nothing.

    left: rows, int64 ascending; keep: rows that stay whatever it says.
    """
    member = AMONG[step.do]
    found = cast(Verdict, member.function(data, left, np.isin(left, keep), **member.check(step.params)))
    stays = np.ones(data.n, bool)
    stays[left] = found.keep
    return Verdict(stays, lambda row: found.words(int(np.searchsorted(left, row))))
