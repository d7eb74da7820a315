"""What a trial of a choice is made of: rows held out with their copies, rivals that pick from the rest, a probe."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.dataset import Dataset, Graph, distinct_texts
from engine.errors import EngineError
from engine.models import COPIES, Seen, lines, nearest_scores
from engine.recipe import Step, select

Probe = Literal["logistic", "nearest"]
MOST_HELD = 5_000
"""Rows that are held out, at most."""
STRENGTH = 10.0
"""C of scikit-learn. At 1 few rows of many classes teach next to nothing (clinc150, 150 rows: 0.16 of the rows right,
0.43 at 10), and any choice that evens out the classes seems to win; at 100 movie-reviews are learned by heart."""
NONE = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Copies:
    """Which rows are copies of which: equal texts, and those that the neighbour graph says are 0.95 alike or more.

    text, node: int32 (n,), the distinct text and the node of each row, -1 for none.
    """

    text: np.ndarray
    node: np.ndarray
    near: Graph | None

    @staticmethod
    def of(data: Dataset, embedding: str) -> "Copies":
        node = data.embedding(embedding).texts.of_row if embedding else np.full(data.n, -1, np.int32)
        near = data.graph(embedding) if f"graph@{embedding}" in data.added else None
        return Copies(distinct_texts(data).of_row, node, near)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be known of them."""
        no_graph = (
            "There is no neighbour graph, so only equal texts were kept apart from the rows held out. "
            "Make it on Explore, or with `winnow map`."
        )
        return () if self.near is not None else (no_graph,)

    def without(self, rows: np.ndarray, asked: np.ndarray) -> np.ndarray:
        """The rows that are neither held out nor copies of one that is."""
        texts = np.zeros(int(self.text.max(initial=0)) + 2, bool)
        texts[self.text[asked]] = True
        texts[-1] = False
        nodes = np.zeros(int(self.node.max(initial=0)) + 2, bool)
        nodes[self.node[asked]] = True
        nodes[-1] = False
        if self.near is not None:
            there, alike = np.asarray(self.near.neighbours), np.asarray(self.near.similarity) >= COPIES
            alike &= there >= 0
            mine = nodes[: len(there)]
            reached = there[mine][alike[mine]]
            held_near = (nodes[np.maximum(there, 0)] & alike).any(axis=1)
            nodes[: len(there)] |= held_near
            nodes[reached] = True
        barred = texts[self.text[rows]] | nodes[self.node[rows]] | np.isin(rows, asked)
        return rows[~barred]


def checked_pick(step: Step, seeds: int, held: float) -> Step:
    """The step, that it picks; raises `EngineError` for one that does not, or a trial that cannot be."""
    step = step.checked()
    if not step.selects:
        raise EngineError(f"The step {step.do!r} does not pick rows with a budget. Choose a selector.")
    if seeds < 2 or not 0 < held < 1:
        raise EngineError(f"seeds is {seeds}, held is {held:g}. Give 2 seeds or more, and a share between 0 and 1.")
    return step


def rows_held_out(rows: np.ndarray, codes: np.ndarray, held: float, rng: np.random.Generator) -> np.ndarray:
    """A share of the rows, of each code in proportion and of each with two rows at least one; int64 ascending."""
    order = rng.permutation(rows)
    order = order[np.argsort(codes[order], kind="stable")]
    kinds, start, size = np.unique(codes[order], return_index=True, return_counts=True)
    share = held * min(1.0, MOST_HELD / max(held * len(rows), 1.0))
    take = np.minimum(np.maximum(np.round(share * size), 1), size - 1).astype(np.int64)
    place = np.arange(len(order)) - np.repeat(start, size)
    return np.sort(order[place < np.repeat(take, size)])


def rivals_of(
    data: Dataset, step: Step, free: np.ndarray, keep: np.ndarray, label: str, seed: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """The rows of each rival by name: the choice first."""
    if not len(free):
        raise EngineError("Nothing is left to pick from once the rows held out and their copies are apart. Hold fewer.")
    pins = np.intersect1d(keep, free)
    seeded = replace(step, params={**step.params, "seed": seed}) if "seed" in step.params else step
    chosen = np.concatenate([pins, select(data, seeded, free, pins).rows])
    if not len(chosen):
        raise EngineError("The selector picks nothing here, so nothing can be learned. Give it a larger budget.")
    found = {"choice": chosen, "random": rng.permutation(free)[: len(chosen)]}
    if label:
        layers = Step("stratified", {"budget": len(chosen), "column": label, "shares": "equal", "seed": seed}).checked()
        found["stratified"] = select(data, layers, free, NONE).rows
    return {**found, "everything": free}


def told_by(
    seen: Seen, probe: Probe, learned: np.ndarray, codes: np.ndarray, classes: int, asked: np.ndarray
) -> np.ndarray:
    """int64: the label that a probe tells each row held out; -1 where nothing was learned."""
    assert seen.vectors is not None
    if not len(learned):
        return np.full(len(asked), -1)
    if probe == "nearest":
        return nearest_scores(seen.vectors, learned, codes[learned], classes, asked).argmax(axis=1)
    fitted = lines(seen.vectors(learned), codes[learned], classes, STRENGTH)
    return np.asarray(fitted.scores(seen.vectors(asked)).argmax(axis=1))


def over_seeds(values: Sequence[float] | np.ndarray, held: float) -> tuple[float, float, float]:
    """The mean over seeds and where it lies in 95 of 100 trials; wider than of independent ones, as splits overlap."""
    from scipy.stats import t

    found = np.asarray(values, np.float64)
    n, middle = len(found), float(found.mean())
    half = float(t.ppf(0.975, n - 1) * found.std(ddof=1) * np.sqrt(1 / n + held / (1 - held)))
    return middle, middle - half, middle + half
