"""Whether a choice treats groups alike: their shares before and after, and how well a probe does on each of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look.choices.chance import Verdict
from engine.look.choices.lines import Told, p_words, share
from engine.look.choices.rivals import (
    MOST_HELD,
    NONE,
    Copies,
    Probe,
    checked_pick,
    over_seeds,
    rivals_of,
    rows_held_out,
    told_by,
)
from engine.models import seen_meaning
from engine.progress import Progress, quiet
from engine.recipe import Step

HELD, SEEDS = 0.2, 10
MOST_TAUGHT = 20_000
FEW = 10
"""Rows of a group held out in each trial, below which its accuracy says nothing and it is left out."""
MOST_GROUPS = 200
SHUFFLES = 199
STREAM = 1_000_151


@dataclass(frozen=True)
class GroupLine:
    """A group. before, after: its share of the rows that are chosen from, and of those that the choice teaches, 0 to 1.

    asked: its rows held out in a trial, on average. accuracy: by arm, the share of them that a probe tells right, mean
    over seeds; NaN where too few are asked.
    """

    group: str
    before: float
    after: float
    asked: float
    accuracy: Mapping[str, float]


@dataclass(frozen=True)
class ArmGap:
    """What was learned from some rows. overall: accuracy on all rows asked about; worst: on the worst group, with the
    95 % interval of its mean over seeds. gap: how much better the best group is, with its interval.

    by_chance: the mean gap where groups are dealt out to the rows by chance: some group always comes off worst. p: how
    likely chance alone makes so wide a gap.
    """

    name: str
    rows: float
    overall: float
    worst_group: str
    worst: float
    worst_low: float
    worst_high: float
    gap: float
    low: float
    high: float
    by_chance: float
    p: float


@dataclass(frozen=True)
class GroupGap(Told):
    """Groups of a column beside a probe that learns a label. arms: the choice, as many random rows, everything.

    change: of the gap, choice less random, seed by seed, with its 95 % interval; verdict: by whether that holds 0, a
    narrower gap being better. left_out: groups with too few rows to be asked about.
    """

    column: str
    label: str
    probe: str
    seeds: int
    held_out: int
    groups: tuple[GroupLine, ...]
    left_out: int
    arms: tuple[ArmGap, ...]
    change: float
    low: float
    high: float
    verdict: Verdict
    remarks: tuple[str, ...]

    def arm(self, name: str) -> ArmGap:
        """What was learned from the choice, random, or everything."""
        return next(one for one in self.arms if one.name == name)

    def said(self, safe: Callable[[str], str]) -> Iterable[str]:
        """Lines of Markdown: each arm, the change, each group."""
        return _lines(self, safe)


def group_gap(
    data: Dataset,
    step: Step,
    column: str,
    label: str,
    *,
    embedding: str,
    rows: np.ndarray | None = None,
    keep: np.ndarray = NONE,
    probe: Probe = "logistic",
    seeds: int = SEEDS,
    held: float = HELD,
    seed: int = 0,
    progress: Progress = quiet,
) -> GroupGap:
    """Ask a probe of a label about each group of a column, having learned from a choice, random rows or everything.

    Rows are held out, of each group in proportion, with their copies, as in `efficacy`. column may be the label itself:
    then frequent and rare labels are compared. A group's accuracy is asked about only where 10 of its rows or
    more are held out. rows: what may be picked from, None for all; keep: those kept by hand. Raises `EngineError`
    where fewer than two groups can be asked about.
    """
    step = checked_pick(step, seeds, held)
    codes, names = data.codes(label)
    of, groups = data.codes(column)
    seen = seen_meaning(data, embedding)
    among = data.rows() if rows is None else np.unique(rows)
    labelled = among[(codes[among] >= 0) & (of[among] >= 0) & seen.there[among]]
    counted = _counted(of, labelled, column, held)
    if len(np.unique(codes[labelled])) < 2:
        raise EngineError(f"{label!r} has one label on these rows, which teaches nothing. Choose another column.")
    copies = Copies.of(data, embedding)
    asked_of: list[np.ndarray] = []
    right: dict[str, list[np.ndarray]] = {}
    taught: dict[str, list[np.ndarray]] = {}
    for at in range(seeds):
        progress("Learning from each choice", at, seeds)
        rng = np.random.default_rng([seed, STREAM, at])
        asked = rows_held_out(labelled, of, held, rng)
        free = copies.without(among, asked)
        asked_of.append(asked)
        for name, learned in rivals_of(data, step, free, keep, "", seed + at, rng).items():
            learned = learned[(codes[learned] >= 0) & seen.there[learned]]
            if len(learned) > MOST_TAUGHT:
                learned = rng.permutation(learned)[:MOST_TAUGHT]
            told = told_by(seen, probe, np.sort(learned), codes, len(names), asked)
            right.setdefault(name, []).append((told == codes[asked]).astype(np.float64))
            taught.setdefault(name, []).append(learned)
    progress("Learning from each choice", seeds, seeds)
    many = np.array([np.bincount(of[asked], minlength=len(groups)) for asked in asked_of])
    by = {name: _accuracy(values, asked_of, of, counted) for name, values in right.items()}
    arms = [
        _arm(name, by[name], right[name], asked_of, of, labelled, counted, groups, taught[name], seed) for name in by
    ]
    gaps = {name: _gaps(each)[0] for name, each in by.items()}
    change, low, high = over_seeds(gaps["choice"] - gaps["random"], held)
    verdict: Verdict = "no better than random on this"
    if low > 0 or high < 0:
        verdict = "better than random" if change < 0 else "worse than random"
    before, after = _shares([among], of, len(groups)), _shares(taught["choice"], of, len(groups))
    lines = [
        GroupLine(
            groups[code], float(before[code]), float(after[code]), float(many[:, code].mean()),
            {name: float(by[name][:, i].mean()) for name in by},
        )
        for i, code in enumerate(counted.tolist())
    ]  # fmt: skip
    whole = len(np.unique(of[labelled]))
    return GroupGap(
        column, label, probe, seeds, round(float(np.mean([len(asked) for asked in asked_of]))),
        tuple(sorted(lines, key=lambda one: one.accuracy["choice"])), whole - len(counted), tuple(arms),
        change, low, high, verdict, copies.remarks,
    )  # fmt: skip


def _counted(of: np.ndarray, labelled: np.ndarray, column: str, held: float) -> np.ndarray:
    """int64: the groups of which enough rows can be held out."""
    size = np.bincount(of[labelled]) if len(labelled) else np.zeros(0, np.int64)
    part = min(held, MOST_HELD / max(len(labelled), 1))
    found = np.flatnonzero(size * part >= FEW)
    if len(found) < 2:
        raise EngineError(
            f"{column!r} has {len(found):,} groups of {round(FEW / part):,} rows or more with a label and a vector; "
            "two are needed. Choose a column with larger groups, or label more rows."
        )
    if len(found) > MOST_GROUPS:
        raise EngineError(f"{column!r} has {len(found):,} groups, too many to tell apart. Choose one with fewer.")
    return found


def _accuracy(
    right: Sequence[np.ndarray], asked_of: Sequence[np.ndarray], of: np.ndarray, counted: np.ndarray
) -> np.ndarray:
    """float64 (seeds, groups): the share of each group's rows that were told right."""
    found = np.full((len(right), len(counted)), np.nan)
    for i, (value, asked) in enumerate(zip(right, asked_of, strict=True)):
        most = int(of.max()) + 1
        with np.errstate(invalid="ignore"):
            found[i] = (np.bincount(of[asked], value, most) / np.bincount(of[asked], minlength=most))[counted]
    return found


def _gaps(accuracy: np.ndarray) -> tuple[np.ndarray, int, int]:
    """Of each trial the best group's accuracy less the worst one's, and which those are, by the mean over trials.

    They are the same two groups in every trial: the widest gap of each trial would be luck for the most part.
    """
    mean = accuracy.mean(axis=0)
    best, worst = int(mean.argmax()), int(mean.argmin())
    return accuracy[:, best] - accuracy[:, worst], best, worst


def _arm(
    name: str, accuracy: np.ndarray, right: Sequence[np.ndarray], asked_of: Sequence[np.ndarray], of: np.ndarray,
    labelled: np.ndarray, counted: np.ndarray, groups: Sequence[str], taught: Sequence[np.ndarray], seed: int,
) -> ArmGap:  # fmt: skip
    held = len(asked_of[0]) / max(len(labelled), 1)
    gaps, _, worst = _gaps(accuracy)
    gap, low, high = over_seeds(gaps, held)
    least, least_low, least_high = over_seeds(accuracy[:, worst], held)
    chance = np.empty(SHUFFLES)
    rng = np.random.default_rng([seed, STREAM, SHUFFLES])
    for i in range(SHUFFLES):
        dealt = of.copy()
        dealt[labelled] = rng.permutation(of[labelled])
        chance[i] = _gaps(_accuracy(right, asked_of, dealt, counted))[0].mean()
    p = (1 + int((chance >= gap).sum())) / (1 + SHUFFLES)
    return ArmGap(
        name, float(np.mean([len(one) for one in taught])), float(np.mean([one.mean() for one in right])),
        groups[int(counted[worst])], least, max(least_low, 0.0), min(least_high, 1.0), gap, low, high,
        float(chance.mean()), p,
    )  # fmt: skip


def _shares(taught: Sequence[np.ndarray], of: np.ndarray, groups: int) -> np.ndarray:
    """float64 (groups,): the mean share of some sets of rows."""
    many = [np.bincount(of[rows][of[rows] >= 0], minlength=groups) for rows in taught]
    return np.mean([each / max(each.sum(), 1) for each in many], axis=0)


def _lines(found: GroupGap, safe: Callable[[str], str]) -> list[str]:
    written = [
        f"Asked about {safe(found.label)} of {found.held_out:,} rows held out, {found.seeds} times, by {found.probe}: "
        f"{len(found.groups):,} groups of {safe(found.column)}"
        + (f", {found.left_out:,} smaller ones left out." if found.left_out else ".")
    ]
    for arm in found.arms:
        written.append(
            f"- {arm.name}, {arm.rows:,.0f} rows: {share(arm.overall)} right; of {safe(arm.worst_group)}, the worst "
            f"group, {share(arm.worst)} ({share(arm.worst_low)} to {share(arm.worst_high)}). The best group has "
            f"{arm.gap * 100:.1f} points more ({arm.low * 100:.1f} to {arm.high * 100:.1f}); groups by chance "
            f"{arm.by_chance * 100:.1f} ({p_words(arm.p)})."
        )
    luck = " As far as this tells, random rows are as good." if found.verdict == "no better than random on this" else ""
    written.append(
        f"- The gap of the choice less that of random rows: {found.change * 100:+.1f} points ({found.low * 100:+.1f} "
        f"to {found.high * 100:+.1f}): {found.verdict}.{luck}"
    )
    for one in found.groups:
        told = ", ".join(f"{name} {share(value)}" for name, value in one.accuracy.items())
        written.append(
            f"- {safe(one.group)}: {share(one.before)} of the rows, {share(one.after)} of the choice; right: {told}."
        )
    return [*written, *found.remarks]
