"""What says nearly the same as a step that is bound to its corpus: made where the recipe is from, for anywhere else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from engine.building import models_of
from engine.dataset import ColumnInfo, Dataset, evenly
from engine.errors import EngineError
from engine.exporting.portability import portability
from engine.recipe import Recipe, Step, lacking, target_ref, verdict
from engine.registry import Json
from engine.store import digest_of, read
from engine.text import distinctive_terms
from engine.vectors import EMBEDDERS, similarity_of_rows, target_between

SAMPLE = 2_000
"""Texts of each side, inside a step and outside it, that its words are looked for in."""
MOST_WORDS = 12
LEAST_OVERLAP = 0.1
"""What shares fewer of a step's rows is no form of it."""


@dataclass(frozen=True)
class StandIn:
    """A portable form of one filter.

    of: digest of the filter that it stands in for. overlap: rows that both take on the corpus where the recipe is from,
    as a share of the rows that either takes. below, above: for a range of a number that hangs on all rows of a corpus,
    the shares of its rows under the low end and over the high end; `step` is then the range itself.
    """

    of: str
    step: Step
    overlap: float
    below: float | None = None
    above: float | None = None

    @property
    def by_share(self) -> bool:
        """Whether the step keeps the same share of rows, its ends to be found on the other corpus."""
        return self.below is not None or self.above is not None

    def json(self) -> dict[str, Json]:
        """As it stands in a recipe's file."""
        shares: dict[str, Json] = {"below": self.below, "above": self.above} if self.by_share else {}
        return {"of": self.of, "step": self.step.json(), "overlap": self.overlap, **shares}

    @staticmethod
    def from_json(value: Json) -> "StandIn":
        """Read one; raises `EngineError` for what does not fit."""
        if not isinstance(value, dict):
            raise EngineError(f"What stands in for a step is {value!r:.60}. It must be a JSON object.")
        step = Step.from_json(value.get("step"))
        found = read(StandIn, {**value, "step": Step("any of").json()}, "what stands in for a step")
        if step.selects or any(not 0 <= s <= 1 for s in (found.overlap, found.below or 0, found.above or 0)):
            raise EngineError(f"What stands in for a step must be a filter, its shares from 0 to 1: {value!r:.120}.")
        return replace(found, step=step)


def stand_ins(data: Dataset, recipe: Recipe) -> list[StandIn]:
    """Portable forms of all filters of a recipe that are bound to this corpus, the nearest form of each first."""
    found: dict[str, list[StandIn]] = {}
    for leaf, _ in (one for step in recipe.steps for one in step.leaves()):
        of = name_of(leaf)
        if of not in found and not leaf.selects and not lacking(data, leaf):
            made = [one for one in _of(data, leaf) if one.by_share or one.overlap >= LEAST_OVERLAP]
            found[of] = sorted(made, key=lambda one: -one.overlap)
    return [one for made in found.values() for one in made]


def name_of(leaf: Step) -> str:
    """What a filter is known by, whatever it is called and whether it is on."""
    return digest_of([leaf.do, dict(leaf.params)])


def _of(data: Dataset, leaf: Step) -> Iterator[StandIn]:
    if range_of_corpus(data, leaf):
        yield _by_share(data, leaf)
    if not _bound(data, leaf):
        return
    keep = verdict(data, leaf, data.rows()).keep
    inside = ~keep if leaf.params.get("do") == "drop" else keep
    if inside.any() and not inside.all():
        yield from _by_meaning(data, leaf, inside)
        yield from _by_words(data, leaf, inside)


def range_of_corpus(data: Dataset, leaf: Step) -> bool:
    """Whether a filter is a range of a number that depends on all the rows, such as density."""
    columns = [data.columns[key] for key in leaf.names("column") if key in data.columns]
    over_all = any(_over_all(c, data) for c in columns)
    return over_all and any(leaf.params.get(end) is not None for end in ("low", "high"))


def _over_all(column: ColumnInfo, data: Dataset) -> bool:
    """Whether a signal stands on vectors of all rows; a fitted model asks each row's vector alone."""
    made = data.added[column.thing].spec if column.origin == "signal" else None
    return bool(made and made.embedding and not models_of(made))


def _bound(data: Dataset, leaf: Step) -> bool:
    """Whether a filter may mean nothing elsewhere. One on vectors that mean the same everywhere does not."""
    if portability(leaf, data.columns) == "this corpus only":
        return True
    names = list(leaf.names("embedding"))
    return leaf.member.about.foreign is not None and not (names and all(_same_elsewhere(data, e) for e in names))


def _same_elsewhere(data: Dataset, embedding: str) -> bool:
    member = data.artefact("embedding", embedding).spec.member
    return member in EMBEDDERS and EMBEDDERS[member].about.portable == "portable"


def _by_share(data: Dataset, leaf: Step) -> StandIn:
    values = data.numbers(next(leaf.names("column")))
    values = values[~np.isnan(values)]
    low, high = (cast("float | None", leaf.params.get(end)) for end in ("low", "high"))
    below = None if low is None else round(float(np.mean(values < low)), 6)
    above = None if high is None else round(float(np.mean(values > high)), 6)
    return StandIn(name_of(leaf), replace(leaf, on=True, name=""), 1.0, below, above)


def _by_meaning(data: Dataset, leaf: Step, inside: np.ndarray) -> Iterator[StandIn]:
    """Rows at least so similar to the mean of the step's rows, by each model whose vectors mean the same elsewhere."""
    for embedding in data.keys_of("embedding"):
        if not _same_elsewhere(data, embedding):
            continue
        vectors = data.embedding(embedding)
        nodes = vectors.texts.of_row[np.flatnonzero(inside)]
        try:
            target = target_between(vectors, nodes[nodes >= 0])
        except EngineError:  # without text, or such that they cancel each other: they have no middle
            continue
        values = similarity_of_rows(data, vectors, target, digest_of(target.astype(int).tolist()))
        least, overlap = nearest_cut(values, inside)
        label = f"the middle of {leaf.params.get('label') or 'its rows'}"
        params: dict[str, Json] = {
            "embedding": embedding,
            "target": target_ref(data, embedding, target),
            "least": least,
            "label": label,
            "do": leaf.params.get("do", "keep"),
        }
        yield StandIn(name_of(leaf), Step("similar_to", params).checked(), overlap)


def nearest_cut(values: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """The least value that takes nearly the rows inside, and the overlap of both: float (n,), NaN takes part in none.

    >>> nearest_cut(np.array([0.9, 0.8, 0.2, 0.1]), np.array([True, True, False, False]))
    (0.5, 1.0)
    """
    order = np.argsort(-np.where(np.isnan(values), -np.inf, values), kind="stable")
    order = order[: int((~np.isnan(values)).sum())]
    both = np.cumsum(inside[order])
    shared = both / (np.arange(1, len(order) + 1) + inside.sum() - both)
    best = int(np.argmax(shared))
    low = values[order[min(best + 1, len(order) - 1)]]
    return round(float(values[order[best]] + low) / 2, 4), round(float(shared[best]), 4)


def _by_words(data: Dataset, leaf: Step, inside: np.ndarray) -> Iterator[StandIn]:
    """Rows with one of the words that set the step's rows apart, as many of them as bring it nearest."""
    some, others = (evenly(np.flatnonzero(side), SAMPLE) for side in (inside, ~inside))
    terms = distinctive_terms(data.texts(some), data.texts(others), limit=MOST_WORDS)
    finds = [f'"{term.text}"' if " " in term.text else term.text for term in terms]
    filters = [Step("text", {"find": find}).checked() for find in finds]
    within, without = ([verdict(data, one, side).keep for one in filters] for side in (some, others))
    chosen, overlap = _best(within, without, int(inside.sum()), int((~inside).sum()))
    if not chosen:
        return
    nest, verb = ("not", "Drop") if leaf.params.get("do") == "drop" else ("any of", "Keep")
    name = f"{verb} rows with {' or '.join(finds[i] for i in chosen)}"
    step = Step(nest, steps=tuple(filters[i] for i in chosen), name=name)
    yield StandIn(name_of(leaf), step.checked(), round(overlap, 4))


def _best(within: list[np.ndarray], without: list[np.ndarray], inside: int, outside: int) -> tuple[list[int], float]:
    """Which terms together take nearly the rows inside: each in turn that brings them nearer, by samples of both sides.

    within, without: for each term bool over the sampled rows of a side; inside, outside: how many rows a side has.
    """
    chosen: list[int] = []
    best = 0.0
    taken = [np.zeros(len(side[0]) if side else 0, bool) for side in (within, without)]
    while True:
        gains: list[tuple[float, int]] = []
        for i in range(len(within)):
            right = float(np.mean(taken[0] | within[i])) * inside
            wrong = float(np.mean(taken[1] | without[i])) * outside
            gains.append((right / (inside + wrong), i))
        gain, i = max(gains, default=(0.0, 0), key=lambda g: (g[0], -g[1]))
        if gain <= best:
            return chosen, best
        chosen.append(i)
        best, taken = gain, [taken[0] | within[i], taken[1] | without[i]]
