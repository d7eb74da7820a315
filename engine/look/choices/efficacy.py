"""Whether a choice teaches more than random rows: a small probe learns from each and is asked about rows held out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look.choices.chance import Verdict
from engine.look.choices.lines import Told, number
from engine.look.choices.rivals import NONE, Copies, Probe, checked_pick, over_seeds, rivals_of, rows_held_out, told_by
from engine.models import Seen, perplexity, seen_meaning
from engine.progress import Progress, quiet
from engine.recipe import Step
from engine.store import digest_of

Measure = Literal["balanced accuracy", "accuracy"]
HELD, SEEDS = 0.2, 10
MOST_TAUGHT = 20_000
"""Rows that a probe learns from, at most; taken at random of more."""
STREAM = 1_000_117


@dataclass(frozen=True)
class Arm:
    """What was learned from some rows. scores: one a seed; mean, low, high: with the 95% interval of the mean.

    rows: how many were learned from, on average; words: of their texts, where words are learned.
    """

    name: str
    scores: tuple[float, ...]
    mean: float
    low: float
    high: float
    rows: float
    words: float | None = None


@dataclass(frozen=True)
class Trial:
    """A probe on the rows of a choice, beside rivals. gain: of the choice over random rows, mean with its 95% interval,
    seed by seed on the same rows held out; verdict: by whether that interval holds 0."""

    probe: str
    measure: str
    arms: tuple[Arm, ...]
    gain: float
    low: float
    high: float
    verdict: Verdict

    def arm(self, name: str) -> Arm:
        """What was learned from the choice, random, stratified, or everything."""
        return next(one for one in self.arms if one.name == name)


@dataclass(frozen=True)
class Efficacy(Told):
    """What a selector's choices teach. label: the column that is learned, "" for words. held_out: rows asked about.

    barred: rows that could not be picked because they are copies of a row held out, on average; remarks: what is to be
    known of it.
    """

    label: str
    seeds: int
    held_out: int
    barred: float
    trials: tuple[Trial, ...]
    remarks: tuple[str, ...]

    def said(self, safe: Callable[[str], str]) -> Iterable[str]:
        """Lines of Markdown: each probe, and whether random rows are as good."""
        return _lines(self, safe)


def efficacy(
    data: Dataset,
    step: Step,
    label: str,
    *,
    embedding: str,
    truth: str = "",
    rows: np.ndarray | None = None,
    keep: np.ndarray = NONE,
    probes: Sequence[Probe] = ("logistic", "nearest"),
    measure: Measure = "balanced accuracy",
    seeds: int = SEEDS,
    held: float = HELD,
    seed: int = 0,
    progress: Progress = quiet,
) -> Efficacy:
    """Let probes learn a label from a selector's choice, from random rows, stratified ones and all, and ask them.

    For each seed a share of the labelled rows is held out first; neither they nor copies of them (equal texts, and 0.95
    alike or more by the neighbour graph) can be picked or learned from. Then all rivals pick as many rows from the
    rest, and the same probe is asked about the rows held out. truth: the column of the labels that these truly have,
    left out where it is the same; a row without a true label is not asked about. rows: what may be picked from, None
    for all; keep: those kept by hand. held: 0 to 1. Intervals over seeds allow for splits that overlap (Nadeau, Bengio
    2003). Raises `EngineError` where there are too few labelled rows.
    """
    step = checked_pick(step, seeds, held)
    codes, names = data.codes(label)
    seen = seen_meaning(data, embedding)
    among = data.rows() if rows is None else np.unique(rows)
    labelled = among[(codes[among] >= 0) & seen.there[among]]
    if len(np.unique(codes[labelled])) < 2 or len(labelled) < 10:
        raise EngineError(
            f"{label!r} tells too little: {len(labelled):,} rows have a label and a vector. Choose another column of "
            "labels, or label rows of two kinds at least."
        )
    true = _as_codes(data, truth, names) if truth else codes
    copies = Copies.of(data, embedding)
    scores: dict[tuple[Probe, str], list[float]] = {}
    taught: dict[str, list[int]] = {}
    barred = []
    for at in range(seeds):
        progress("Learning from each choice", at, seeds)
        rng = np.random.default_rng([seed, STREAM, at])
        asked = rows_held_out(labelled, codes, held, rng)
        free = copies.without(among, asked)
        barred.append(len(among) - len(asked) - len(free))
        asked = asked[true[asked] >= 0]
        for name, learned in rivals_of(data, step, free, keep, label, seed + at, rng).items():
            learned = learned[(codes[learned] >= 0) & seen.there[learned]]
            if len(learned) > MOST_TAUGHT:
                learned = rng.permutation(learned)[:MOST_TAUGHT]
            taught.setdefault(name, []).append(len(learned))
            for probe in probes:
                told = _told(data, seen, probe, embedding, label, np.sort(learned), asked)
                scores.setdefault((probe, name), []).append(_right(told, true[asked], measure))
    progress("Learning from each choice", seeds, seeds)
    trials = tuple(
        _trial(probe, measure, {name: scores[probe, name] for name in taught}, taught, {}, held) for probe in probes
    )
    return Efficacy(label, seeds, len(asked), float(np.mean(barred)), trials, copies.remarks)


def efficacy_of_words(
    data: Dataset,
    step: Step,
    *,
    rows: np.ndarray | None = None,
    keep: np.ndarray = NONE,
    embedding: str = "",
    seeds: int = SEEDS,
    held: float = HELD,
    seed: int = 0,
    progress: Progress = quiet,
) -> Efficacy:
    """Let a model of words learn from a selector's choice, from random rows and from all; lower perplexity is better.

    For corpora without labels. Rows are held out as in `efficacy`. Beside as many random rows stand random rows of as
    many words, by which the verdict goes: longer texts teach more, and that is no merit of a choice. embedding: whose
    neighbour graph tells copies; left out, only equal texts are copies.
    """
    step = checked_pick(step, seeds, held)
    among = data.rows() if rows is None else np.unique(rows)
    copies = Copies.of(data, embedding)
    among = among[copies.text[among] >= 0]
    if len(among) < 10:
        raise EngineError(f"Only {len(among):,} rows have a text. Choose from more rows.")
    scores: dict[str, list[float]] = {}
    taught: dict[str, list[int]] = {}
    said: dict[str, list[int]] = {}
    barred = []
    for at in range(seeds):
        progress("Learning from each choice", at, seeds)
        rng = np.random.default_rng([seed, STREAM, at])
        asked = rows_held_out(among, np.zeros(data.n, np.int64), held, rng)
        free = copies.without(among, asked)
        barred.append(len(among) - len(asked) - len(free))
        learned_from = rivals_of(data, step, free, keep, "", seed + at, rng)
        texts = {name: data.texts(learned) for name, learned in learned_from.items()}
        words = {name: [len(text.split()) for text in each] for name, each in texts.items()}
        order = rng.permutation(len(texts["everything"]))[: MOST_TAUGHT * 10]
        length = np.cumsum([words["everything"][i] for i in order.tolist()])
        enough = order[: int(np.searchsorted(length, sum(words["choice"]))) + 1].tolist()
        texts["random, as many words"] = [texts["everything"][i] for i in enough]
        words["random, as many words"] = [words["everything"][i] for i in enough]
        for name, value in zip(texts, perplexity(list(texts.values()), data.texts(asked)), strict=True):
            scores.setdefault(name, []).append(value)
            taught.setdefault(name, []).append(len(texts[name]))
            said.setdefault(name, []).append(sum(words[name]))
    progress("Learning from each choice", seeds, seeds)
    trial = _trial("runs of words", "perplexity", scores, taught, said, held, "random, as many words")
    return Efficacy("", seeds, len(asked), float(np.mean(barred)), (trial,), copies.remarks)


def _told(
    data: Dataset, seen: Seen, probe: Probe, embedding: str, label: str, learned: np.ndarray, asked: np.ndarray
) -> np.ndarray:
    """What a probe tells, kept in memory: choices that are laid side by side have their rivals in common."""
    codes, names = data.codes(label)
    on = [data.artefact("embedding", embedding).identity, data.info(label).identity]
    rows = [sha256(some.tobytes()).hexdigest() for some in (learned, asked)]
    name = f"told/{digest_of([probe, *on, *rows])}"
    return data._cache.get(name, lambda: told_by(seen, probe, learned, codes, len(names), asked))


def _as_codes(data: Dataset, column: str, names: Sequence[str]) -> np.ndarray:
    """int64 (n,): the labels of a column as codes of others' names, -1 for a label that is not among them."""
    codes, own = data.codes(column)
    place = {name: code for code, name in enumerate(names)}
    return np.array([*(place.get(name, -1) for name in own), -1], np.int64)[codes]


def _right(told: np.ndarray, codes: np.ndarray, measure: Measure) -> float:
    right = (told == codes).astype(np.float64)
    if measure == "accuracy":
        return float(right.mean())
    size = np.bincount(codes)
    return float((np.bincount(codes, right)[size > 0] / size[size > 0]).mean())


def _trial(
    probe: str, measure: str, scores: Mapping[str, Sequence[float]], taught: Mapping[str, Sequence[int]],
    said: Mapping[str, Sequence[int]], held: float, rival: str = "random",
) -> Trial:  # fmt: skip
    arms = []
    for name, values in scores.items():
        words = float(np.mean(said[name])) if name in said else None
        arms.append(Arm(name, tuple(values), *over_seeds(values, held), float(np.mean(taught[name])), words))
    gain, low, high = over_seeds(np.subtract(scores["choice"], scores[rival]), held)
    sign = -1 if measure == "perplexity" else 1
    verdict: Verdict = "no better than random on this"
    if np.isnan(gain):
        verdict = "not measured"
    elif low > 0 or high < 0:
        verdict = "better than random" if sign * gain > 0 else "worse than random"
    return Trial(probe, measure, tuple(arms), gain, low, high, verdict)


def _lines(found: Efficacy, safe: Callable[[str], str]) -> list[str]:
    asked = f"{safe(found.label)} of" if found.label else "the words of"
    written = [f"Asked about {asked} {found.held_out:,} rows held out, {found.seeds} times."]
    for trial in found.trials:
        arms = ", ".join(f"{one.name} {number(round(one.mean, 4))}" for one in trial.arms)
        plainly = (
            ""
            if trial.verdict != "no better than random on this"
            else " As far as this tells, random rows are as good."
        )
        written.append(
            f"- {trial.probe}, {trial.measure}: {arms}. The choice over random: {trial.gain:+.4g} "
            f"({trial.low:+.4g} to {trial.high:+.4g}): {trial.verdict}.{plainly}"
        )
    return [*written, *found.remarks]
