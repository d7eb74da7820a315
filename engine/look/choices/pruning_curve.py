"""What a probe still learns when the highest or the lowest rows by a score are dropped, beside random ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look.choices.chance import Verdict
from engine.look.choices.lines import Told, number
from engine.look.choices.rivals import Copies, over_seeds, rows_held_out, told_by
from engine.models import Seen, quick, seen_meaning
from engine.progress import Progress, quiet

Way = Literal["highest", "lowest", "random"]
PruningProbe = Literal["by count", "logistic", "nearest", "discriminant"]
WAYS: tuple[Way, ...] = get_args(Way)
DROPPED = tuple(range(0, 100, 10))
"""Of the rows, %."""
SEEDS, HELD, FEWEST, STREAM = 5, 0.2, 20, 1_000_121
MOST_TAUGHT = 10_000
"""Rows that the curve begins with, at most; drawn at random of more."""
MOST_WORK = 1e7
"""Rows times labels times numbers a row, from which logistic regression would take a minute and more over the curve."""

_MARKS = {"better than random": " (better)", "worse than random": " (worse)"} | dict.fromkeys(
    ("no better than random on this", "not measured"), ""
)


@dataclass(frozen=True)
class Pruned:
    """What was learned when so many percent were dropped in one way. rows: learned from; mean, low, high: of the share
    told rightly, with its 95% interval over seeds. gain, gain_low, gain_high: over random rows of that number, seed by
    seed; verdict: by whether that interval holds 0."""

    way: Way
    dropped: int
    rows: int
    mean: float
    low: float
    high: float
    gain: float
    gain_low: float
    gain_high: float
    verdict: Verdict


@dataclass(frozen=True)
class PruningCurve(Told):
    """Points in the order of ways and shares. rows: that the curve begins with, of those that have a score, a label and
    a vector and are neither held out nor copies of such; unscored: rows with a label that have no score."""

    column: str
    label: str
    probe: str
    seeds: int
    held_out: int
    rows: int
    unscored: int
    points: tuple[Pruned, ...]
    remarks: tuple[str, ...]

    def of(self, way: Way) -> tuple[Pruned, ...]:
        """The points of one way, from none dropped to nearly all."""
        return tuple(one for one in self.points if one.way == way)

    def worth(self) -> list[str]:
        """A sentence for each end: where dropping it teaches more than dropping as many at random, and where less."""
        said = []
        for way in WAYS[:2]:
            better, worse = (_shares(self.of(way), mark) for mark in ("better than random", "worse than random"))
            parts = [f"better than at random at {better}"] if better else []
            parts += [f"worse at {worse}"] if worse else []
            said.append(f"Dropping the {way}: {'; '.join(parts) or 'no better than at random, at any share'}.")
        return said

    def said(self, safe: Callable[[str], str]) -> Iterable[str]:
        """Lines of Markdown: a table, and what each way is worth."""
        return _lines(self, safe)


def pruning_curve(
    data: Dataset,
    column: str,
    label: str,
    *,
    embedding: str,
    truth: str = "",
    rows: np.ndarray | None = None,
    probe: PruningProbe = "by count",
    dropped: Sequence[int] = DROPPED,
    seeds: int = SEEDS,
    seed: int = 0,
    progress: Progress = quiet,
) -> PruningCurve:
    """Drop more and more of the highest rows by a number column, of the lowest, and of all at random; see what is lost.

    For each seed a fifth of the rows is held out; neither they nor copies of them are learned from (see `efficacy`).
    What is told is balanced accuracy: the mean over labels of the share told rightly. Equal scores go in random order.
    Rows without a score take no part. truth: the column of the labels that these truly have, left out where it is the
    same; a row without a true label is not asked about. probe: logistic regression, the nearest neighbours, linear
    discriminants, or by count: logistic where that takes seconds, else discriminants. dropped: in percent, 0 to 99.
    Raises `EngineError` where there are too few labelled rows with a score.
    """
    if seeds < 2 or not dropped or not all(0 <= share < 100 for share in dropped):
        raise EngineError(
            f"seeds is {seeds}, dropped {list(dropped)}. Give 2 seeds or more, and shares from 0 to 99 %."
        )
    codes, names = data.codes(label)
    seen = seen_meaning(data, embedding)
    among = data.rows() if rows is None else np.unique(rows)
    scores = data.numbers(column).astype(np.float64)
    labelled = among[(codes[among] >= 0) & seen.there[among]]
    scored = labelled[~np.isnan(scores[labelled])]
    if len(np.unique(codes[scored])) < 2 or len(scored) < FEWEST:
        raise EngineError(
            f"{len(scored):,} rows have a score in {column!r}, a label in {label!r} and a vector. A curve needs "
            f"{FEWEST} at least, of two labels: choose other columns, or measure the score for more rows."
        )
    true = codes
    if truth:
        place, own = {name: code for code, name in enumerate(names)}, data.codes(truth)
        true = np.array([*(place.get(name, -1) for name in own[1]), -1])[own[0]]
    work = min(len(scored), MOST_TAUGHT) * len(names) * seen.width
    chosen = probe if probe != "by count" else "logistic" if work <= MOST_WORK else "discriminant"
    copies, right = Copies.of(data, embedding), np.zeros((len(WAYS), len(dropped), seeds))
    sizes = np.zeros(len(dropped), np.int64)
    for at in range(seeds):
        rng = np.random.default_rng([seed, STREAM, at])
        asked = rows_held_out(scored, codes, HELD, rng)
        free = rng.permutation(copies.without(scored, asked))[:MOST_TAUGHT]
        asked = asked[true[asked] >= 0]
        if len(np.unique(codes[free])) < 2 or not len(asked):
            raise EngineError(
                "Too little is left to learn from, or to ask about, beside the rows held out. Choose another label."
            )
        by_score = free[np.argsort(scores[free], kind="stable")]
        orders: dict[Way, np.ndarray] = {"highest": by_score, "lowest": by_score[::-1], "random": free}
        sizes = np.array([max(round(len(free) * (1 - share / 100)), 1) for share in dropped])
        for at_share, size in enumerate(sizes.tolist()):
            progress("Dropping more and more", at * len(dropped) + at_share, seeds * len(dropped))
            for way, name in enumerate(WAYS):
                if way and size == len(free):  # nothing is dropped: all ways are one
                    right[way, at_share, at] = right[0, at_share, at]
                    continue
                some = np.sort(orders[name][:size])
                told = _told(seen, chosen, some, codes, len(names), asked)
                right[way, at_share, at] = _balanced(told, true[asked])
    progress("Dropping more and more", 1, 1)
    points = tuple(
        _pruned(name, int(share), int(sizes[place]), right[way, place], right[-1, place])
        for way, name in enumerate(WAYS)
        for place, share in enumerate(dropped)
    )
    return PruningCurve(
        column, label, chosen, seeds, len(asked), len(free), len(labelled) - len(scored), points, copies.remarks
    )


def _told(
    seen: Seen, probe: PruningProbe, learned: np.ndarray, codes: np.ndarray, classes: int, asked: np.ndarray
) -> np.ndarray:
    if probe in ("logistic", "nearest"):
        return told_by(seen, probe, learned, codes, classes, asked)
    assert seen.vectors is not None
    fitted = quick(seen.vectors, learned, codes[learned], classes)
    return np.asarray(fitted.scores(seen.vectors(asked)).argmax(axis=1))


def _balanced(told: np.ndarray, codes: np.ndarray) -> float:
    """The mean over codes of the share told rightly."""
    size = np.bincount(codes)
    return float((np.bincount(codes, told == codes)[size > 0] / size[size > 0]).mean())


def _pruned(way: Way, dropped: int, rows: int, right: np.ndarray, chance: np.ndarray) -> Pruned:
    gain, low, high = over_seeds(right - chance, HELD)
    mean, least, most = over_seeds(right, HELD)
    verdict: Verdict = "no better than random on this"
    if way != "random" and (low > 0 or high < 0):
        verdict = "better than random" if gain > 0 else "worse than random"
    return Pruned(way, dropped, rows, mean, max(least, 0.0), min(most, 1.0), gain, low, high, verdict)


def _shares(points: Sequence[Pruned], verdict: str) -> str:
    """The shares at which a verdict holds, those that follow each other as a range: 10 %, 40 to 60 %."""
    runs: list[list[int]] = []
    for before, one in zip((None, *points), points, strict=False):
        if one.verdict == verdict:
            if before is None or before.verdict != verdict:
                runs.append([])
            runs[-1].append(one.dropped)
    return ", ".join(f"{run[0]} %" if len(run) == 1 else f"{run[0]} to {run[-1]} %" for run in runs)


def _lines(found: PruningCurve, safe: Callable[[str], str]) -> list[str]:
    written = [
        f"{safe(found.label)} of {found.held_out:,} rows held out, told by a probe ({found.probe}) that learns from "
        f"{found.rows:,} rows and fewer, {found.seeds} times; balanced accuracy. Dropped by {safe(found.column)}:",
        "",
        "| dropped | rows | the highest | the lowest | at random |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for high, low, chance in zip(*(found.of(way) for way in WAYS), strict=True):
        cells = [f"{number(round(one.mean, 4))}{_MARKS[one.verdict]}" for one in (high, low)]
        written.append(
            f"| {high.dropped} % | {high.rows:,} | {cells[0]} | {cells[1]} | {number(round(chance.mean, 4))} |"
        )
    written += ["", *(f"- {line}" for line in found.worth()), *found.remarks]
    if found.unscored:
        written.append(f"{found.unscored:,} rows with a label have no score, and take no part.")
    return written
