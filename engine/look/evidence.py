"""What to lay beside a selection before believing it: a random one, and rows from both sides of a cut."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset, Vectors
from engine.recipe import Run, dropped, rows_of

SAMPLE = 2000
# A sample drawn from the same stream as a selection would hold the very rows that were selected.
LOOK, CHANCE = 1_000_003, 1_000_033
BLOCK = 4096


@dataclass(frozen=True)
class Sides:
    """Examples on both sides of a cut.

    kept, dropped: int64 row numbers. kept_of, dropped_of: how many rows they stand for.
    """

    kept: np.ndarray
    dropped: np.ndarray
    kept_of: int
    dropped_of: int


@dataclass(frozen=True)
class Coverage:
    """How well some rows stand for all: the similarity of each row to the nearest selected one, over a sample.

    mean, least: of that similarity, -1 to 1. tenth: one row in ten is less similar than this. among: the mean
    similarity of two selected rows (lower is more diverse), None for fewer than two. sampled: how many rows were looked
    at.
    """

    mean: float
    tenth: float
    least: float
    among: float | None
    sampled: int


@dataclass(frozen=True)
class Beside:
    """A selection and a random one of the same size, measured on the same rows."""

    selection: Coverage
    random: Coverage


def sides(done: Run, at: int, *, k: int = 5, seed: int = 0) -> Sides:
    """Up to k random rows that stage `at` kept and k that it dropped, each in row order.

    at: index into `Run.stages`; 0 is the verdicts by hand.
    """
    rng = np.random.default_rng([seed, LOOK])
    kept, gone = rows_of(done.stages[at], done.data.n), dropped(done, at)
    return Sides(_some(np.sort(kept), k, rng), _some(gone, k, rng), len(kept), len(gone))


def near_cut(data: Dataset, rows: np.ndarray, column: str, cut: float, *, k: int = 5) -> Sides:
    """The k rows on each side that stand closest to a cut through a column of numbers, nearest first.

    kept: at or above the cut; dropped: below it. Rows without a value stand on neither side.
    """
    values = data.numbers(column, rows)
    above, below = np.flatnonzero(values >= cut), np.flatnonzero(values < cut)
    up = above[np.lexsort((rows[above], values[above]))]
    down = below[np.lexsort((rows[below], -values[below]))]
    return Sides(rows[up[:k]], rows[down[:k]], len(above), len(below))


def coverage(
    data: Dataset, selected: np.ndarray, rows: np.ndarray, embedding: str, *, seed: int = 0, sample: int = SAMPLE
) -> Coverage | None:
    """How well the selected rows stand for `rows` (what they were chosen from), measured on a random sample of those.

    None when nothing can be measured: no selected row, or no row, has a vector.
    """
    vectors = data.embedding(embedding)
    of_row = vectors.texts.of_row
    looked = looked_at(rows[of_row[rows] >= 0], sample, seed)
    chosen = np.unique(of_row[selected])
    chosen = chosen[chosen >= 0]
    if not len(looked) or not len(chosen):
        return None
    (near,) = nearest_along(vectors, of_row[looked], chosen, [len(chosen)])
    return Coverage(
        mean=float(near.mean(dtype=np.float64)),
        tenth=float(np.quantile(near, 0.1)),
        least=float(near.min()),
        among=_among(vectors, of_row[selected]),
        sampled=len(looked),
    )


def beside_random(
    data: Dataset, selected: np.ndarray, rows: np.ndarray, embedding: str, *, seed: int = 0, sample: int = SAMPLE
) -> Beside | None:
    """The coverage of a selection, and of as many rows drawn at random from the same `rows`."""
    drawn = as_many_random(rows, len(selected), seed=seed)
    ours = coverage(data, selected, rows, embedding, seed=seed, sample=sample)
    chance = coverage(data, drawn, rows, embedding, seed=seed, sample=sample)
    return Beside(ours, chance) if ours and chance else None


def as_many_random(rows: np.ndarray, k: int, *, seed: int = 0) -> np.ndarray:
    """k of the rows at random: what a choice is laid beside."""
    return np.random.default_rng([seed, CHANCE]).permutation(rows)[:k]


def looked_at(rows: np.ndarray, sample: int, seed: int) -> np.ndarray:
    """Up to so many of the rows at random, in their order: those that coverage is measured on."""
    return _some(rows, sample, np.random.default_rng([seed, LOOK]))


def _some(rows: np.ndarray, k: int, rng: np.random.Generator) -> np.ndarray:
    """Up to k of the rows at random, in their order."""
    return rows[np.sort(rng.permutation(len(rows))[:k])]


def nearest_along(vectors: Vectors, nodes: np.ndarray, chosen: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """float32 (len(sizes), len(nodes)): similarity of nodes to the nearest of the first so many chosen nodes.

    sizes: ascending, each from 1 to len(chosen). 1 for a node that is chosen itself.
    """
    there, near, found = vectors.floats(nodes), np.full(len(nodes), -np.inf, np.float32), []
    done = 0
    for size in sizes:
        for start in range(done, size, BLOCK):
            part = chosen[start : min(start + BLOCK, size)]
            near = np.maximum(near, (there @ vectors.floats(part).T).max(axis=1))
        near[np.isin(nodes, chosen[done:size])] = 1
        done = size
        found.append(np.minimum(near, 1))
    return np.array(found, np.float32).reshape(len(sizes), len(nodes))


def _among(vectors: Vectors, nodes: np.ndarray) -> float | None:
    """Mean similarity over all pairs of rows, from the sum of the vectors; a text that stands twice is a pair too."""
    nodes = nodes[nodes >= 0]
    if len(nodes) < 2:
        return None
    total, own = np.zeros(vectors.grid.shape[1]), 0.0
    for start in range(0, len(nodes), BLOCK):
        block = vectors.floats(nodes[start : start + BLOCK]).astype(np.float64)
        total += block.sum(axis=0)
        own += float((block * block).sum())
    return float((total @ total - own) / (len(nodes) * (len(nodes) - 1)))
