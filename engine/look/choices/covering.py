"""How well a choice stands for all, beside random choices of its size and a stratified one, figure by figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.dataset import Dataset, Vectors
from engine.errors import EngineError
from engine.look.choices.chance import Band, Verdict, band, random_draws, verdict
from engine.look.choices.lines import finite, number, one_line, shielded
from engine.look.choices.runs_of_words import Runs, runs_of
from engine.look.choices.vendi import vendi_of
from engine.look.evidence import SAMPLE, looked_at, nearest_along
from engine.look.groups import group_columns
from engine.progress import Progress, quiet
from engine.recipe import Step, select
from engine.registry import Json
from engine.store import plain

DRAWS, STRATIFIED_DRAWS = 20, 5
POINTS = 24
VENDI_MOST = 10_000
"""Rows of a choice that the effective number of different texts is told from, at most; taken at random of more."""
NEARLY_ALL = 0.9
SIMILARITIES, SHARES = ("mean", "tenth", "least"), ("within", "words")


@dataclass(frozen=True)
class Measured:
    """One figure of a choice; more is better. chance: of random choices of its size; stratified: the mean of several.

    title: in words. of: the most that there is, None where a figure has no such end.
    """

    name: str
    title: str
    value: float
    chance: Band
    stratified: float | None
    verdict: Verdict
    of: int | None = None

    def beside(self) -> str:
        """The figure as one says it: “4 of 5; random 4.8 (3.9 to 5.7): no better than random on this”."""
        end = f" of {self.of:,}" if self.of is not None else ""
        beside = f"random {number(self.chance.middle)} ({number(self.chance.low)} to {number(self.chance.high)})"
        strata = f", stratified {number(self.stratified)}" if self.stratified is not None else ""
        return f"{number(self.value)}{end}; {beside}{strata}: {self.verdict}"


@dataclass(frozen=True)
class Point:
    """After so many rows in pick order: mean similarity to the nearest pick, and the share of rows that have one alike.

    random_mean, random_within: of random choices of that size.
    """

    rows: int
    mean: float
    within: float
    random_mean: Band
    random_within: Band


@dataclass(frozen=True)
class Covering:
    """A choice beside chance. chosen: its rows; candidates: what it was chosen from.

    alike: the similarity from which a row counts as stood for, -1 to 1; None without vectors. sampled: candidates that
    similarity was measured on; one_in: of so many different runs of words one was looked at. strata: the column of the
    stratified choice, "" for none.
    """

    chosen: int
    candidates: int
    embedding: str
    alike: float | None
    sampled: int
    one_in: int
    strata: str
    figures: tuple[Measured, ...]
    curve: tuple[Point, ...] = field(default=())

    def json(self) -> dict[str, Json]:
        """All of it, as it is kept with a recipe."""
        return {name: finite(plain(value)) for name, value in vars(self).items()}

    def figure(self, name: str) -> Measured:
        """A figure by its name."""
        return next(one for one in self.figures if one.name == name)

    def markdown(self) -> list[str]:
        """A line of Markdown a figure."""
        return [f"- {shielded(one.title)}: {one.beside()}." for one in self.figures]

    def text(self) -> list[str]:
        """The same lines for a terminal."""
        return [f"- {one_line(one.title)}: {one.beside()}." for one in self.figures]


def covering(
    data: Dataset,
    picks: np.ndarray,
    rows: np.ndarray,
    *,
    embedding: str = "",
    alike: float | None = None,
    strata: str | None = None,
    draws: int = DRAWS,
    sample: int = SAMPLE,
    words: bool = True,
    seed: int = 0,
    progress: Progress = quiet,
) -> Covering:
    """Measure how well the picks stand for the rows that they were chosen from, and lay chance beside it.

    picks: int64 in pick order, those kept by hand among them; rows: int64. embedding: left out, only words and groups
    are counted. alike: from which similarity on a row is stood for; left out, that which random choices reach for 90 %
    of the rows. strata: the column of the stratified choices, "" for none; left out, topics or what makes groups first.
    Every figure of a random choice is measured on the same rows as that of the picks. Raises `EngineError` for nothing
    picked, and for fewer than three draws.
    """
    if not len(picks):
        raise EngineError("Nothing is picked, so there is nothing to measure. Pick a row at least.")
    if draws < 3:
        raise EngineError(f"draws is {draws}. Give 3 or more; 20 are usual.")
    picks = np.array(list(dict.fromkeys(picks.tolist())), np.int64)
    rows = np.union1d(rows, picks)
    ground = _ground(data, rows, embedding, words, sample, seed, progress)
    strata = _strata(data, embedding) if strata is None else strata
    chance = random_draws(rows, len(picks), draws, seed)
    layers = _stratified(data, rows, len(picks), strata, seed) if strata else []
    sizes = np.unique(np.geomspace(1, len(picks), POINTS).round().astype(np.int64))
    found = []
    for i, chosen in enumerate([picks, *chance, *layers]):
        progress("Measuring beside random choices", i, 1 + len(chance) + len(layers))
        found.append((chosen, _along(ground, chosen, sizes)))
    similar = [near for _, near in found]
    if ground.vectors is not None and alike is None:
        alike = float(np.mean([np.quantile(near[-1], 1 - NEARLY_ALL) for near in similar[1 : draws + 1]]))
    values = [_values(ground, chosen, near, alike, seed) for chosen, near in found]
    figures = tuple(
        _beside(name, title, [one[name] for one in values], draws, ground.ends.get(name))
        for name, title in _titles(ground, alike)
    )
    progress("Measuring beside random choices", 1, 1)
    return Covering(
        len(picks), len(rows), embedding, alike, len(ground.looked), ground.runs.one_in if ground.runs else 1, strata,
        figures, _curve(sizes, similar[: draws + 1], alike) if alike is not None else (),
    )  # fmt: skip


@dataclass(frozen=True)
class _Ground:
    """What all choices are measured on. looked: nodes; groups: column -> codes (n,)."""

    vectors: Vectors | None
    looked: np.ndarray
    runs: Runs | None
    groups: Mapping[str, np.ndarray]
    ends: Mapping[str, int]


def _ground(
    data: Dataset, rows: np.ndarray, embedding: str, words: bool, sample: int, seed: int, progress: Progress
) -> _Ground:
    vectors, looked = None, np.zeros(0, np.int64)
    if embedding:
        vectors = data.embedding(embedding)
        of_row = vectors.texts.of_row
        looked = of_row[looked_at(rows[of_row[rows] >= 0], sample, seed)]
        if not len(looked):
            vectors = None
    columns = {c.key: c for c in data.columns.values()}
    wanted = [key for key in group_columns(data) if columns[key].role == "label" or columns[key].origin == "topics"]
    groups = {key: data.codes(key)[0] for key in wanted}
    ends = {f"reached {key}": len(np.unique(codes[rows][codes[rows] >= 0])) for key, codes in groups.items()}
    runs = runs_of(data, rows, progress=progress) if words else None
    return _Ground(vectors, looked, runs if runs and len(runs.mass) else None, groups, ends)


def _along(ground: _Ground, chosen: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """float32 (len(sizes), looked): similarity to the nearest after so many picks; NaN where none has a vector yet."""
    if ground.vectors is None:
        return np.zeros((len(sizes), 0), np.float32)
    of_row = ground.vectors.texts.of_row[chosen]
    nodes, first = np.unique(of_row, return_index=True)
    first = first[nodes >= 0]
    nodes = nodes[nodes >= 0][np.argsort(first)]
    reached = np.searchsorted(np.sort(first), sizes)
    found = np.full((len(sizes), len(ground.looked)), np.nan, np.float32)
    found[reached > 0] = nearest_along(ground.vectors, ground.looked, nodes, reached[reached > 0].tolist())
    return found


def _values(ground: _Ground, chosen: np.ndarray, near: np.ndarray, alike: float | None, seed: int) -> dict[str, float]:
    """Each figure of one choice by its name."""
    found: dict[str, float] = {}
    if ground.vectors is not None and alike is not None:
        last = near[-1].astype(np.float64)
        found |= {"within": float((last >= alike).mean()), "mean": float(last.mean())}
        found |= {"tenth": float(np.quantile(last, 0.1)), "least": float(last.min())}
        of_row = ground.vectors.texts.of_row
        some = looked_at(np.sort(chosen[of_row[chosen] >= 0]), VENDI_MOST, seed)
        found["different"] = vendi_of(ground.vectors.floats(of_row[some]))
    if ground.runs is not None:
        found["words"] = ground.runs.covered(chosen)
    for key, codes in ground.groups.items():
        there = codes[chosen]
        found[f"reached {key}"] = float(len(np.unique(there[there >= 0])))
    return found


def _titles(ground: _Ground, alike: float | None) -> list[tuple[str, str]]:
    """The figures that can be measured, in their order, with what they are called."""
    titles = []
    if ground.vectors is not None and alike is not None:
        titles += [
            ("within", f"Share of rows with a pick of similarity {alike:.3f} or more"),
            ("mean", "Mean similarity to the nearest pick"),
            ("tenth", "Similarity that nine rows in ten have to a pick"),
            ("least", "Least similarity of a row to its nearest pick"),
            ("different", "Effective number of different texts (Vendi score)"),
        ]
    titles += [(f"reached {key}", f"Values of {key} reached") for key in ground.groups]
    if ground.runs is not None:
        titles.append(("words", "Share of all words and runs of up to 3 words that the picks have too"))
    return titles


def _beside(name: str, title: str, values: Sequence[float], draws: int, end: int | None) -> Measured:
    """values: of the choice, of the random ones, then of the stratified ones."""
    least, most = (-1.0, 1.0) if name in SIMILARITIES else (0.0, 1.0 if name in SHARES else np.inf)
    chance, layers = band(values[1 : draws + 1], (least, most if end is None else end)), values[draws + 1 :]
    return Measured(
        name, title, values[0], chance, float(np.mean(layers)) if layers else None, verdict(values[0], chance), end
    )


def _curve(sizes: np.ndarray, similar: Sequence[np.ndarray], alike: float) -> tuple[Point, ...]:
    points = []
    for i, size in enumerate(sizes.tolist()):
        mean = [float(near[i].mean(dtype=np.float64)) for near in similar]
        within = [float((near[i] >= alike).mean()) for near in similar]
        if not np.isnan(mean[0]):
            points.append(Point(size, mean[0], within[0], band(mean[1:], (-1, 1)), band(within[1:], (0, 1))))
    return tuple(points)


def _strata(data: Dataset, embedding: str) -> str:
    """The column of the stratified choices where none is named: topics of the embedding, else what makes groups."""
    columns = {c.key: c for c in data.columns.values()}
    found = [key for key in group_columns(data) if columns[key].type == "category" or columns[key].role]
    topics = [key for key in found if columns[key].origin == "topics"]
    return next((key for key in topics if key.endswith(f"@{embedding}")), next(iter([*topics, *found]), ""))


def _stratified(data: Dataset, rows: np.ndarray, k: int, column: str, seed: int) -> list[np.ndarray]:
    """Several choices of k rows, drawn in proportion from each value of a column."""
    none = np.zeros(0, np.int64)
    return [
        select(data, Step("stratified", {"budget": k, "column": column, "seed": seed + i}).checked(), rows, none).rows
        for i in range(STRATIFIED_DRAWS)
    ]
