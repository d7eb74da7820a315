"""What selectors toward a target by vectors share: the pool without the examples, and what they all say of a choice.

Similarities on the grid are exact in float32, so blocks and threads change nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset, Picked, Vectors
from engine.recipe.selectors._nodes import LATER, Leaders, filled, leaders
from engine.recipe.selectors._progress import tell
from engine.recipe.selectors.target._examples import TINY, Wanted, wanted
from engine.registry import Amounts, Counted, Evidence, Figure, Json, Load, Remark

BLOCK = 8192
EXAMPLES_AT_ONCE = 1024
COPY = 0.98
"""Similarity from which a row is nearly an example."""
NARROW = 3
"""A budget that takes more than one in so many of the rows anywhere near leaves hardly a choice."""
START, AN_EXAMPLE, PRODUCTS_A_SECOND = 0.004, 3e-5, 4e10
"""Seconds, and numbers compared a second; measured on one core of a server of 2024."""

SAID: dict[str, Evidence] = {
    "tiny": Remark("The target has fewer than 20 different examples: they say little of what is wanted. Add some."),
    "narrow": Remark(
        "The pool is narrow: the budget takes more than a third of what is anywhere near the target, so that there was "
        "hardly a choice. Lower the budget, or choose from more rows."
    ),
    "examples_in_pool": Counted(
        "rows are examples themselves and were never to be picked",
        "row is an example itself and was never to be picked",
    ),
}
"""What every selector toward a target warns of."""

TOWARD: dict[str, Evidence] = {
    "covered": Figure(
        "Target covered",
        "Share of the examples that have a pick at least as similar as the most similar other example is",
        "{:.1%}",
    ),
    "covered_by_random": Figure(
        "Covered by random rows", "The same for as many random rows of those left: what chance gives", "{:.1%}"
    ),
    **SAID,
    "near_copies": Counted(
        "rows of the pool are nearly an example (similarity 0.98 or more): a likely leak",
        "row of the pool is nearly an example (similarity 0.98 or more): a likely leak",
    ),
    "near_copies_picked": Counted("of them are picked", "of them is picked"),
    "covered_by_set": Amounts("Covered of each target", "target", "share covered"),
    **LATER,
}
"""The same, and what vectors tell besides."""


@dataclass(frozen=True)
class Toward:
    """A target and the pool that is chosen from. rows: int64, the rows left without those that are examples.

    found: its distinct texts. best: float32 (l,), of each the similarity to the nearest example.
    """

    data: Dataset
    vectors: Vectors
    target: Wanted
    rows: np.ndarray
    found: Leaders
    best: np.ndarray
    examples_in_pool: int

    def blocks(self, size: int = BLOCK) -> Iterator[tuple[slice, np.ndarray]]:
        """The vectors of the pool, block by block: where, and float32 (b, d)."""
        for start in range(0, len(self.found.nodes), size):
            part = slice(start, start + size)
            yield part, self.vectors.floats(self.found.nodes[part])

    def done(self, picks: np.ndarray, budget: int, seed: int, notes: dict[str, Json], *, fill: bool = True) -> Picked:
        """The picks, int64 positions in the pool, with what is said of every choice toward a target.

        fill: whether the budget is filled up with what is left, repeats, and rows without a vector.
        """
        rows = self.found.rows[picks[:budget]]
        rest = np.setdiff1d(self.found.rows, rows)
        later = [("repeats", np.concatenate([rest, self.found.repeats])), ("without_vectors", self.found.bare)]
        picked = filled(rows, later if fill else [], budget, seed, {})
        chance = np.random.default_rng(0).permutation(self.rows)[: len(picked.rows)]
        distinct, of = distinct_examples(self.target)
        yard = nearest_other(distinct)
        ours, theirs = (covered(distinct, yard, self._of(some)) for some in (picked.rows, chance))
        reach = None if yard is None else float(np.quantile(yard, 0.1, method="lower"))
        near = 0 if reach is None else int((self.best >= reach).sum())
        said: dict[str, Json] = {
            "covered": None if ours is None else float(ours.mean()),
            "covered_by_random": None if theirs is None else float(theirs.mean()),
            "tiny": len(distinct) < TINY,
            "narrow": reach is not None and budget > 0 and NARROW * min(budget, len(rows)) > near,
            "examples_in_pool": self.examples_in_pool,
            "near_copies": int((self.best >= COPY).sum()),
            "near_copies_picked": int((self.best[picks[:budget]] >= COPY).sum()),
        }
        if ours is not None and len(self.target.sets) > 1:
            said["covered_by_set"] = {
                name: float(ours[of[:, at]].mean()) for at, name in enumerate(self.target.sets) if of[:, at].any()
            }
        return Picked(picked.rows, {**notes, **said, **picked.notes})

    def _of(self, rows: np.ndarray) -> np.ndarray:
        """int64: distinct texts of some rows."""
        nodes = np.unique(np.asarray(self.vectors.texts.of_row[rows], np.int64))
        vectors: np.ndarray = self.vectors.floats(nodes[nodes >= 0])
        return vectors


def toward_seconds(load: Load, times: float = 1.0) -> float:
    """About how long it takes to compare each row left with each example so many times, and to tell what is covered."""
    compared = (times * load.rows + 2 * load.picks) * load.examples * load.dimension
    return START + AN_EXAMPLE * load.examples + compared / PRODUCTS_A_SECOND


def toward(data: Dataset, embedding: str, ref: str, rows: np.ndarray, kept: np.ndarray) -> Toward:
    """A target and the pool left of some rows, int64 ascending: without rows that are examples themselves."""
    target = wanted(data, embedding, ref)
    vectors = data.embedding(embedding)
    left = rows[~np.isin(rows, target.rows)]
    found = leaders(vectors.texts, left, kept)
    pool = Toward(data, vectors, target, left, found, np.empty(0, np.float32), len(rows) - len(left))
    best = np.full(len(found.nodes), -np.inf, np.float32)
    for part, block in pool.blocks():
        tell(0, 1)
        for at in range(0, len(target.vectors), EXAMPLES_AT_ONCE):
            some = (block @ target.vectors[at : at + EXAMPLES_AT_ONCE].T).max(axis=1)
            best[part] = np.maximum(best[part], some)
    return Toward(data, vectors, target, left, found, best, len(rows) - len(left))


def distinct_examples(target: Wanted) -> tuple[np.ndarray, np.ndarray]:
    """Examples of different vectors, float32 (m, d), and which sets each belongs to, bool (m, sets)."""
    vectors, place = np.unique(target.vectors, axis=0, return_inverse=True)
    of = np.zeros((len(vectors), len(target.sets)), bool)
    of[place.reshape(-1), target.of] = True
    return vectors, of


def nearest_other(examples: np.ndarray) -> np.ndarray | None:
    """float32 (m,): of each example the similarity to the nearest other one; None where there is no other."""
    if len(examples) < 2:
        return None
    found = np.empty(len(examples), np.float32)
    for start in range(0, len(examples), EXAMPLES_AT_ONCE):
        part = examples[start : start + EXAMPLES_AT_ONCE] @ examples.T
        part[np.arange(len(part)), start + np.arange(len(part))] = -np.inf
        found[start : start + len(part)] = part.max(axis=1)
    return found


def covered(examples: np.ndarray, yard: np.ndarray | None, picks: np.ndarray) -> np.ndarray | None:
    """bool (m,): examples that have a pick, of float32 (p, d), at least as similar as a yardstick, float32 (m,)."""
    if yard is None:
        return None
    best = np.full(len(examples), -np.inf, np.float32)
    for start in range(0, len(picks), BLOCK):
        best = np.maximum(best, (examples @ picks[start : start + BLOCK].T).max(axis=1))
    return best >= yard


def by_turns(orders: list[np.ndarray], size: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The first k of several orders of positions 0…size-1, each in its turn giving its first that is not taken yet.

    Returns the positions and the order that each came from, int64 (at most k,). An order that ends is passed over.
    """
    taken, at = np.zeros(size, bool), [0] * len(orders)
    picks, turns = list[int](), list[int]()
    waiting = list(range(len(orders)))
    while waiting and len(picks) < k:
        for turn in list(waiting):
            order = orders[turn]
            while at[turn] < len(order) and taken[order[at[turn]]]:
                at[turn] += 1
            if at[turn] == len(order):
                waiting.remove(turn)
                continue
            if len(picks) == k:
                break
            picks.append(int(order[at[turn]]))
            turns.append(turn)
            taken[picks[-1]] = True
    return np.array(picks, np.int64), np.array(turns, np.int64)
