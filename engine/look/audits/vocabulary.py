"""How much of a target's words a choice holds as it grows, beside random choices of each size."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.look.choices.chance import Band, Verdict, band, random_draws, verdict
from engine.look.choices.lines import Told, share
from engine.look.choices.runs_of_words import READ, runs_in_one, runs_in_texts
from engine.models import parts, said, word_hashes
from engine.progress import Progress, quiet

DRAWS, POINTS, LONGEST = 20, 24, 3
ENOUGH = 0.9
MISSING = 12
KINDS = {"words": "words", "runs": "runs of 2 and 3 words"}


@dataclass(frozen=True)
class Reached:
    """After so many picks: the share of the target's different words (types) and of all that it says (mass), 0 to 1.

    random_types, random_mass: of random choices of that size.
    """

    rows: int
    types: float
    mass: float
    random_types: Band
    random_mass: Band


@dataclass(frozen=True)
class Words:
    """Of the words of a target, or of its runs of words. types: how many different ones it has.

    all_types, all_mass: the shares that all rows together hold: no choice from them holds more. enough: after so many
    picks 90 % of that mass is reached; None where it is not. verdicts: whether the choice holds more types, and more
    mass, than random ones.
    """

    kind: str
    types: int
    all_types: float
    all_mass: float
    curve: tuple[Reached, ...]
    enough: int | None
    verdicts: tuple[Verdict, Verdict]

    @property
    def title(self) -> str:
        """What is counted, in words."""
        return KINDS[self.kind]

    @property
    def end(self) -> Reached:
        """The whole choice."""
        return self.curve[-1]


@dataclass(frozen=True)
class Vocabulary(Told):
    """A choice beside the words of a target. target: its name; texts: how many it has; inside: picks whose text is one
    of them: they hold its words because they are it. one_in: of so many different words one was looked at.

    missing: the most frequent words of the target that no pick has, with how often it says them.
    """

    target: str
    texts: int
    picks: int
    candidates: int
    inside: int
    one_in: int
    found: tuple[Words, ...]
    missing: tuple[tuple[str, int], ...]

    def of(self, kind: str) -> Words:
        """What was found of words, or of runs."""
        return next(one for one in self.found if one.kind == kind)

    def said(self, safe: Callable[[str], str]) -> Iterable[str]:
        """A line of Markdown for words, one for runs, one for what is missing."""
        return _lines(self, safe)


def vocabulary(
    data: Dataset,
    picks: np.ndarray,
    rows: np.ndarray,
    target: Sequence[str],
    *,
    name: str = "the target",
    longest: int = LONGEST,
    draws: int = DRAWS,
    seed: int = 0,
    progress: Progress = quiet,
) -> Vocabulary:
    """Count which words, and runs of up to `longest` words, of a target stand in the picks, one after another.

    picks: int64 in pick order; rows: int64, what they were chosen from. Case and punctuation do not count. Raises
    `EngineError` for nothing picked, and for a target that says nothing.
    """
    if not len(picks):
        raise EngineError("Nothing is picked, so no word is covered. Pick a row at least.")
    if draws < 3 or longest < 1:
        raise EngineError(f"draws is {draws}, longest {longest}. Give 3 draws or more, and runs of one word or more.")
    picks = np.array(list(dict.fromkeys(picks.tolist())), np.int64)
    rows = np.union1d(rows, picks)
    one_in = runs_in_one(data, rows, longest)
    kept = _kept(one_in)
    hashes, single, mass = _target(target, longest, kept)
    if not len(hashes):
        raise EngineError(f"{name} holds no word, so there is nothing to cover. Give texts with words.")
    place, of = _found(data, rows, hashes, longest, kept, progress)
    sizes = np.unique(np.geomspace(1, len(picks), POINTS).round().astype(np.int64))
    choices = [picks, *random_draws(rows, len(picks), draws, seed)]
    first = [_first(rows, chosen, place, of, len(hashes)) for chosen in choices]
    ever = np.zeros(len(hashes), bool)
    ever[of] = True
    found = [
        _words(kind, some, mass, ever, first, sizes)
        for kind, some in (("words", single), ("runs", ~single))
        if some.any()
    ]
    same = set(target)
    inside = sum(text in same for text in data.texts(picks))
    lacks = np.flatnonzero(single & (first[0] == len(picks)))
    lacks = lacks[np.argsort(-mass[lacks], kind="stable")][:MISSING]
    return Vocabulary(
        name,
        len(target),
        len(picks),
        len(rows),
        inside,
        one_in,
        tuple(found),
        _named(target, hashes[lacks], mass[lacks]),
    )


def _kept(one_in: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda hashes: (hashes >> np.uint64(16)) % np.uint64(one_in) == 0


def _target(
    texts: Sequence[str], longest: int, kept: Callable[[np.ndarray], np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The different runs of a target, ascending by hash; whether each is a single word; how often each stands there."""
    words, runs = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    for low, high in parts(texts):
        found = runs_in_texts(list(texts[low:high]), longest)[1]
        words.append(runs_in_texts(list(texts[low:high]), 1)[1])
        runs.append(found)
    hashes, mass = np.unique(np.concatenate(runs), return_counts=True)
    some = kept(hashes)
    hashes = hashes[some]
    return hashes, np.isin(hashes, np.concatenate(words)), mass[some].astype(np.int64)


def _found(
    data: Dataset, rows: np.ndarray, hashes: np.ndarray, longest: int, kept: Callable[[np.ndarray], np.ndarray],
    progress: Progress,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Which runs of the target stand in which rows, each once a row: place among the rows, number of the run."""
    places, numbers = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for start in range(0, len(rows), READ):
        progress("Reading words", start, len(rows))
        texts = data.texts(rows[start : start + READ])
        for low, high in parts(texts):
            place, run = runs_in_texts(texts[low:high], longest)
            at = np.minimum(np.searchsorted(hashes, run), len(hashes) - 1)
            there = hashes[at] == run
            cell = np.unique((place[there] + start + low) * len(hashes) + at[there])
            places.append(cell // len(hashes))
            numbers.append(cell % len(hashes))
    progress("Reading words", 1, 1)
    return np.concatenate(places), np.concatenate(numbers)


def _first(rows: np.ndarray, chosen: np.ndarray, place: np.ndarray, of: np.ndarray, runs: int) -> np.ndarray:
    """int64 (runs,): the place in the pick order of the first pick that has each; the number of picks for none."""
    order = np.full(len(rows), len(chosen), np.int64)
    order[np.searchsorted(rows, chosen)] = np.arange(len(chosen))
    found = np.full(runs, len(chosen), np.int64)
    np.minimum.at(found, of, order[place])
    return found


def _words(
    kind: str, some: np.ndarray, mass: np.ndarray, ever: np.ndarray, first: Sequence[np.ndarray], sizes: np.ndarray
) -> Words:
    """some: bool (runs,), those of this kind."""
    weight, whole = mass[some], int(mass[some].sum())
    types = np.array([[float((each[some] < size).mean()) for size in sizes] for each in first])
    heavy = np.array([[float(weight[each[some] < size].sum() / whole) for size in sizes] for each in first])
    bands = [(band(types[1:, i], (0, 1)), band(heavy[1:, i], (0, 1))) for i in range(len(sizes))]
    curve = tuple(
        Reached(size, float(types[0, i]), float(heavy[0, i]), *bands[i]) for i, size in enumerate(sizes.tolist())
    )
    most = float(weight[ever[some]].sum() / whole)
    order = np.argsort(first[0][some], kind="stable")
    reached = np.cumsum(weight[order]) / whole >= ENOUGH * most
    at = int(first[0][some][order][int(np.argmax(reached))])
    enough = at + 1 if reached.any() and at < sizes[-1] and most else None
    verdicts = (verdict(curve[-1].types, bands[-1][0]), verdict(curve[-1].mass, bands[-1][1]))
    return Words(kind, int(some.sum()), float(ever[some].mean()), most, curve, enough, verdicts)


def _named(texts: Sequence[str], wanted: np.ndarray, mass: np.ndarray) -> tuple[tuple[str, int], ...]:
    """The words of the target behind some hashes, with how often it says them."""
    left = {int(one): int(many) for one, many in zip(wanted, mass, strict=True)}
    names: dict[int, str] = {}
    for low, high in parts(texts):
        words = said(texts[low:high])
        hashes = word_hashes(words)
        for at in np.flatnonzero(np.isin(hashes, wanted)).tolist():
            names.setdefault(int(hashes[at]), str(words.words[at].as_py()))
    return tuple(sorted(((names[one], many) for one, many in left.items()), key=lambda one: (-one[1], one[0])))


def _lines(found: Vocabulary, safe: Callable[[str], str]) -> list[str]:
    written = [
        f"{found.picks:,} picks of {found.candidates:,} rows, beside {found.texts:,} texts of {safe(found.target)}."
    ]
    for one in found.found:
        end = one.end
        written.append(
            f"- {one.title}: {share(end.types)} of {one.types:,} different ones (random "
            f"{share(end.random_types.low)} to {share(end.random_types.high)}; all rows {share(one.all_types)}): "
            f"{one.verdicts[0]}. {share(end.mass)} of all that it says (random {share(end.random_mass.low)} to "
            f"{share(end.random_mass.high)}; all rows {share(one.all_mass)}): {one.verdicts[1]}."
            + (f" {one.enough:,} picks reach nine tenths of what all rows hold." if one.enough else "")
        )
    if found.missing:
        names = ", ".join(f"{safe(word)} ({many:,})" for word, many in found.missing)
        written.append(f"- Words of it that no pick has, and how often it says them: {names}.")
    if found.inside:
        written.append(f"- {found.inside:,} picks are texts of the target themselves.")
    if found.one_in > 1:
        written.append(f"- One in {found.one_in:,} different words was looked at.")
    return written
