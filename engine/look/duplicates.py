"""Duplicates before they are a step: groups and their curve over the rows left, what was judged, what kinds share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from engine.dataset import Dataset, Pairs, read_ref
from engine.marks import JudgedPairs, judged_pairs
from engine.pairs import PAIRS, Expected, Grouped, Precision, curve, grouped, precision, similarities, told_apart
from engine.recipe import Run, Step, listed_ref, pairs_ref, rows_of, wanted_first
from engine.registry import Json
from engine.store import Spec, digest_of

DO = ("dedup", "few_repeats")
"""The steps that the page makes of pairs: to drop the repeats, or to cap them by source."""
Order = Literal["largest", "most doubtful", "random"]


@dataclass(frozen=True)
class Ground:
    """The rows among which repeats are looked for: those left where the step on these pairs stands, or would.

    rows: int64 ascending; certain: bool, one each, kept by hand. at: the place of that step in the recipe, None while
    there is none: it drops repeats, or caps them. judged: what people said of pairs, heeded everywhere. within: names
    pairs, rows and verdicts; digest: names what was judged too.
    """

    data: Dataset
    key: str
    rows: np.ndarray
    certain: np.ndarray
    at: int | None
    judged: JudgedPairs
    within: str
    digest: str


@dataclass(frozen=True)
class Wish:
    """Which row of those alike stays, and how many: the knobs of the step but its threshold."""

    by: str | None = None
    keep: Literal["first", "last"] = "first"
    most: int = 1


@dataclass(frozen=True)
class Cap:
    """So many repeats of each value of a column may stay, in percent of its rows that stay, instead of none."""

    column: str
    percent: float


@dataclass(frozen=True)
class Overlap:
    """How many rows are in groups of another kind of pairs, and how many of these are in groups of this one too."""

    key: str
    rows: int
    both: int


def ground(done: Run, key: str) -> Ground:
    """Where a step on these pairs stands in a run, or would stand: before the first selector."""
    steps, broken = done.recipe.steps, done.broken
    here = [i for do in DO for i, s in enumerate(steps) if s.do == do and s.params.get("pairs") == key]
    at = next((i for i in here if steps[i].on), here[0] if here else None)
    stage = next((i for i, s in enumerate(done.stages) if i and s.step.selects), len(done.stages)) - 1
    if at is not None and steps[at].on and at not in broken:
        stage = min(sum(s.on and i not in broken for i, s in enumerate(steps[:at])), len(done.stages) - 1)
    rows = np.sort(rows_of(done.stages[stage], done.data.n))
    certain = np.isin(rows, done.kept_by_hand)
    data, judged = done.data, judged_pairs(done.data)
    both = np.zeros((2, data.n), bool)
    both[0, rows], both[1, rows[certain]] = True, True
    named = [data.artefact("pairs", key).identity, data.fingerprint, np.packbits(both).tobytes().hex()]
    within = digest_of(named)
    said = [part.tolist() for part in (*judged.apart, judged.stays)]
    return Ground(data, key, rows, certain, at, judged, within, digest_of([within, said]))


def expected_of(data: Dataset, made: Spec) -> Expected | None:
    """What a search can be expected to find, before it runs; None for a kind that finds all, or without rows."""
    member = PAIRS[made.member]
    expects = member.about.expects
    if expects is None or not data.n:
        return None
    name = f"duplicates/expected/{digest_of([made.json(), data.fingerprint, data.text_view.json()])}"
    return data._cache.get(name, lambda: cast(Expected, expects(data, member.check(made.params))))


def groups_at(on: Ground, threshold: float, wish: Wish) -> Grouped:
    """The groups at a threshold, judgements heeded: kept in memory, so that a slider can be drawn to and fro."""
    name = f"duplicates/{on.digest}/{wish}/{threshold}"
    return on.data._cache.get(name, lambda: grouped(*_walked(on, threshold, wish), most=wish.most))


def curve_of(on: Ground, wish: Wish) -> list[tuple[float, int, int]]:
    """(threshold, rows that go, groups) at each hundredth from the lowest stored to 1: once for the same rows left."""

    def made() -> list[tuple[float, int, int]]:
        pairs, low, rows, certain = _walked(on, on.data.pairs(on.key).lowest, wish)
        return curve(pairs, low, rows, certain, most=wish.most)

    return on.data._cache.get(f"duplicates/curve/{on.digest}/{wish}", made)


def ordered(found: Grouped, order: Order, seed: int = 0) -> np.ndarray:
    """int64: the rows that stay, one a group: the largest group first, that with the least similar row, or at random.

    At random is for judging: what is right of groups drawn by chance holds for the others too. What is judged of a
    group moves no other, nor itself where another of its rows stays.
    """
    stay = np.fromiter(found.sizes, np.int64, found.groups)
    if order == "random" and len(stay):
        gone = found.witness >= 0
        first = np.arange(int(found.rows.max()) + 1)
        np.minimum.at(first, found.witness[gone], found.rows[gone])
        return stay[np.argsort(np.random.default_rng(seed).random(len(first))[first[stay]], kind="stable")]
    if order == "largest" or not len(stay):
        return stay
    return stay[np.argsort(least_similar(found, stay), kind="stable")]


def least_similar(found: Grouped, stay: np.ndarray) -> np.ndarray:
    """float32: of each of these groups how similar the least similar row is to the one that stays."""
    gone = found.witness >= 0
    least = np.full(int(found.rows.max(initial=-1)) + 1, np.inf, np.float32)
    np.minimum.at(least, found.witness[gone], found.similarity[gone])
    return least[stay]


def right_at(on: Ground, threshold: float) -> Precision:
    """How many of the pairs that people judged, at a threshold or above, are duplicates."""
    return precision(on.data.pairs(on.key), on.judged.first, on.judged.second, on.judged.same, threshold)


def judged_similarities(on: Ground) -> tuple[np.ndarray, np.ndarray]:
    """Of the judged pairs that are stored how similar they are, float32, and whether they are duplicates, bool."""
    like = similarities(on.data.pairs(on.key), on.judged.first, on.judged.second)
    there = np.isfinite(like)
    return like[there], on.judged.same[there]


def crowded(on: Ground) -> int:
    """How many of the rows may be like more than they were compared with: the step compares them once more."""
    pairs = on.data.pairs(on.key)
    if pairs.crowded is None:
        return 0
    return int(np.append(pairs.crowded, False)[pairs.of_row[on.rows]].sum())  # -1, no node, is in no crowd


def overlaps(on: Ground) -> list[Overlap]:
    """What the other kinds of pairs that are there find in the same rows, each down to its own lowest similarity."""
    mine = _in_groups(on, on.key)
    others = [(key, _in_groups(on, key)) for key in on.data.keys_of("pairs") if key != on.key]
    return [Overlap(key, int(found.sum()), int((found & mine).sum())) for key, found in others]


def step_of(on: Ground, threshold: float, wish: Wish, cap: Cap | None = None) -> Step:
    """The step that does what is seen. It holds the judgements of now, which are written down with it."""
    judged = on.judged
    do, knobs = _knobs(threshold, wish, cap)
    params: dict[str, Json] = {"pairs": on.key, **knobs}
    if len(judged.stays):
        params["stays"] = listed_ref(on.data, judged.stays)
    if len(judged.apart[0]):
        params["apart"] = pairs_ref(on.data, *judged.apart)
    return Step(do, params).checked()


def same_as(on: Ground, step: Step, threshold: float, wish: Wish, cap: Cap | None = None) -> bool:
    """Whether a step does what is seen, the judgements of now among it; asking writes nothing."""
    params = step.params
    do, knobs = _knobs(threshold, wish, cap)
    if step.do != do or any(params.get(name) != value for name, value in knobs.items()):
        return False
    stays, ends = on.data.keys(on.judged.stays), [on.data.keys(part) for part in on.judged.apart]
    apart = sorted(sorted(pair) for pair in zip(*ends, strict=True))
    return _keys(on, params, "stays") == sorted(stays) and _keys(on, params, "apart") == [k for p in apart for k in p]


def _knobs(threshold: float, wish: Wish, cap: Cap | None) -> tuple[str, dict[str, Json]]:
    """Which step it is, with its knobs but the pairs and what was judged."""
    knobs: dict[str, Json] = {"threshold": threshold, "by": wish.by, "keep": wish.keep}
    if cap is None:
        return DO[0], knobs | {"most": wish.most}
    return DO[1], knobs | {"column": cap.column, "percent": cap.percent}


def _keys(on: Ground, params: Mapping[str, Json], name: str) -> list[str]:
    ref = params.get(name)
    return cast(list[str], read_ref(on.data, str(ref), "rows")["keys"]) if ref else []


def _walked(on: Ground, threshold: float, wish: Wish) -> tuple[Pairs, float, np.ndarray, np.ndarray]:
    """What the walk needs: the pairs without those told apart, the threshold, rows by wish, those certain."""
    cache, judged = on.data._cache, on.judged
    pairs = cache.get(f"duplicates/pairs/{on.digest}", lambda: told_apart(on.data.pairs(on.key), *judged.apart))
    order = cache.get(
        f"duplicates/order/{on.digest}/{wish.by}/{wish.keep}",
        lambda: wanted_first(on.data, on.rows, wish.by, wish.keep, judged.stays),
    )
    return pairs, threshold, on.rows[order], on.certain[order]


def _in_groups(on: Ground, key: str) -> np.ndarray:
    """bool, one a row looked at: whether it is in a group of a kind of pairs at its lowest similarity."""

    def made() -> np.ndarray:
        found = grouped(pairs := on.data.pairs(key), pairs.lowest, on.rows)
        inside = found.witness >= 0
        return inside | np.isin(found.rows, found.witness[inside])

    identity = on.data.artefact("pairs", key).identity
    return on.data._cache.get(f"duplicates/inside/{identity}/{on.within}", made)
