"""Which columns tell each other, and what weights would undo it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look.choices.lines import Told, finite, number, p_words, share
from engine.look.choices.shifts import corrected
from engine.look.evidence import looked_at
from engine.models import FEW_WAVES, dependence_of, effective, features_of, hsic, independent_weights
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import plain

SAMPLE, SHUFFLES, FEWEST = 2_000, 200, 20
TOLD_FROM = 50_000
"""Rows that what weights leave is measured on, at most; taken at random of more."""
SURE = 0.05
HARDLY = 0.9
"""Share of a dependence that weights leave, from which they undo nothing to speak of."""


@dataclass(frozen=True)
class Tied:
    """Two columns, or a column and vectors. strength: 0 is what chance gives, at most 1: either tells the other.

    hsic: the criterion itself, of features of the rows; p: how likely chance alone gives as much, corrected for all
    pairs; rows: those with both values that were looked at.
    """

    a: str
    b: str
    rows: int
    hsic: float
    strength: float
    p: float

    @property
    def sure(self) -> bool:
        """Whether chance alone would hardly do that."""
        return self.p < SURE


@dataclass(frozen=True)
class Dependence(Told):
    """All pairs of some columns, the strongest first. sampled: rows that were looked at, of rows."""

    pairs: tuple[Tied, ...]
    sampled: int
    rows: int

    def said(self, safe: Callable[[str], str]) -> Iterable[str]:
        """A line of Markdown a pair."""
        return _lines(self, safe)


@dataclass(frozen=True)
class Undone(Told):
    """What weights do to the dependence of two columns. before, after: HSIC without and with them, of features that the
    weights were not made by where these are random. effective: as how many even rows the weighted ones count.

    weights: float64 (rows,), of mean 1. least, most: of them; zero: rows that weigh next to nothing.
    """

    a: str
    b: str
    rows: int
    before: float
    after: float
    effective: float
    least: float
    most: float
    zero: int
    weights: np.ndarray

    def json(self) -> dict[str, Json]:
        """All of it but the weights."""
        return {name: finite(plain(value)) for name, value in vars(self).items() if name != "weights"}

    def said(self, safe: Callable[[str], str]) -> Iterable[str]:
        """What it comes to, in a line of Markdown."""
        return [f"- {safe(self.a)} and {safe(self.b)}: {self.words()}"]

    def words(self) -> str:
        """What it comes to, in a sentence."""
        left = self.after / self.before if self.before > 0 else 1.0
        said = (
            f"Weights from {number(round(self.least, 3))} to {number(round(self.most, 3))} leave "
            f"{share(min(left, 1.0))} of the dependence; {self.rows:,} rows then count as {self.effective:,.0f} "
            f"({share(self.effective / self.rows)})."
        )
        return said if left < HARDLY else f"{said} So it cannot be undone: the one tells the other too well."


def dependence(
    data: Dataset,
    things: Sequence[str],
    *,
    rows: np.ndarray | None = None,
    sample: int = SAMPLE,
    shuffles: int = SHUFFLES,
    seed: int = 0,
    progress: Progress = quiet,
) -> Dependence:
    """Test each two of some columns, or embeddings, for any dependence, by HSIC beside rows that are dealt out anew.

    Columns of numbers count by rank; of others the 50 most frequent values are groups. Vectors and numbers go through
    64 random waves, which stand for a Gaussian kernel. rows: int64, None for all; of more than `sample` some at random.
    Raises `EngineError` for fewer than two columns.
    """
    things = list(dict.fromkeys(things))
    if len(things) < 2:
        raise EngineError("Dependence is between two things. Name two columns, or a column and an embedding.")
    whole = data.rows() if rows is None else np.unique(rows)
    looked = looked_at(whole, sample, seed)
    features = {thing: features_of(data, thing, looked, seed + i) for i, thing in enumerate(things)}
    found = []
    pairs = list(combinations(things, 2))
    for at, (a, b) in enumerate(pairs):
        progress("Testing pairs", at, len(pairs))
        there = ~np.isnan(features[a]).any(axis=1) & ~np.isnan(features[b]).any(axis=1)
        if there.sum() < FEWEST:
            found.append(Tied(a, b, int(there.sum()), float("nan"), float("nan"), float("nan")))
            continue
        value, strength, p = dependence_of(features[a][there], features[b][there], shuffles, seed + at)
        found.append(Tied(a, b, int(there.sum()), value, strength, p))
    progress("Testing pairs", 1, 1)
    sure = corrected([one.p for one in found])
    named = [Tied(one.a, one.b, one.rows, one.hsic, one.strength, p) for one, p in zip(found, sure, strict=True)]
    return Dependence(
        tuple(sorted(named, key=lambda one: -np.nan_to_num(one.strength, nan=-2.0))), len(looked), len(whole)
    )


def undone(
    data: Dataset, a: str, b: str, *, evenness: float = 0.1, seed: int = 0, progress: Progress = quiet
) -> Undone:
    """Weigh all rows that have both values so that two columns no longer tell each other, and say what that costs.

    The weights are those of the signal `independence_weight` with the same knobs.
    """
    if a == b:
        raise EngineError(f"{a!r} always tells itself. Choose two columns.")
    features = [features_of(data, thing, data.rows(), seed + i, FEW_WAVES) for i, thing in enumerate((a, b))]
    there = ~np.isnan(features[0]).any(axis=1) & ~np.isnan(features[1]).any(axis=1)
    if there.sum() < FEWEST:
        raise EngineError(f"Only {int(there.sum()):,} rows have both {a!r} and {b!r}. Choose other columns.")
    left, right = (side if there.all() else side[there] for side in features)
    weights = independent_weights(left, right, lambda done, total: progress("Weighing rows", done, total), evenness)
    rows = data.rows()[there]
    some = looked_at(rows, TOLD_FROM, seed)
    first, second = (features_of(data, thing, some, seed + 1_000 + i) for i, thing in enumerate((a, b)))
    held = weights[np.searchsorted(rows, some)]
    return Undone(
        a, b, len(rows), hsic(first, second), hsic(first, second, held), effective(weights), float(weights.min()),
        float(weights.max()), int((weights < 0.01).sum()), weights,
    )  # fmt: skip


def _lines(found: Dependence, safe: Callable[[str], str]) -> list[str]:
    of = f"{found.sampled:,} of {found.rows:,} rows, taken at random" if found.sampled < found.rows else "all rows"
    written = [f"Looked at {of}: 0 is what chance gives, 1 that either tells the other."]
    for one in found.pairs:
        if np.isnan(one.strength):
            said = f"only {one.rows:,} rows have both"
        else:
            said = f"{max(one.strength, 0.0):.3f} ({p_words(one.p)}{'' if one.sure else ', which chance does too'})"
        written.append(f"- {safe(one.a)} and {safe(one.b)}: {said}.")
    return written
