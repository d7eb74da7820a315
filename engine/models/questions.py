"""Which rows to ask a person about next, so that few answers teach a classifier much."""

from collections.abc import Sequence

import numpy as np

from engine.dataset import Dataset, Vectors
from engine.errors import EngineError
from engine.models._corpus import FEW, turned
from engine.models._logistic import VECTORS, line
from indexes import kmeans

LOOKED_AT = 20_000
"""Of more texts so many, taken by chance, may be asked about."""
NEAR = 0.1
"""The share of texts nearest to the boundary that are asked about, at least 100."""
ROUNDS = 20
FIRST_LIKES = 2
PARTS = 10
"""So many parts at least is the corpus cut into for the first questions."""


def questions(
    data: Dataset,
    likes: Sequence[int] | np.ndarray,
    dislikes: Sequence[int] | np.ndarray,
    *,
    embedding: str,
    count: int = 5,
    seed: int = 0,
) -> np.ndarray:
    """The rows to judge next, the most telling first: int64, at most `count`, none of a text that was judged.

    likes, dislikes: rows judged so far. Before both are there: typical rows of parts of the corpus where nothing was
    judged yet, the largest part first; and after the first two likes, half of them their nearest. Then: the tenth of
    the texts nearest to the boundary between the two, in groups by meaning, the middle of each. The same answers and
    the same seed give the same questions. Ask about few at a time: each answer moves the boundary.
    Source: Zhdanov 2019 (diverse mini-batch active learning); Hacohen, Dekel, Weinshall 2022 (typical first).
    Raises `EngineError` for a row that is judged both ways.
    """
    if count < 1:
        raise EngineError(f"count = {count} asks nothing. Give 1 or more.")
    vectors = data.embedding(embedding)
    liked, other = (_nodes(vectors, rows) for rows in (likes, dislikes))
    if len(both := np.intersect1d(liked, other)):
        row = int(vectors.texts.first[both[0]])
        raise EngineError(f"The text of row {row:,} is both liked and not liked. Take one of the two back.")
    return vectors.texts.first[next_nodes(vectors, liked, other, count, seed)].astype(np.int64)


def next_nodes(vectors: Vectors, liked: np.ndarray, other: np.ndarray, count: int, seed: int) -> np.ndarray:
    """`questions` among distinct texts: int64, their numbers; liked, other: those judged so far."""
    judged = np.concatenate([liked, other])
    free = np.setdiff1d(np.arange(len(vectors.grid)), judged)
    if not len(free):
        return free
    if len(free) > LOOKED_AT:
        free = np.sort(np.random.default_rng(seed).permutation(free)[:LOOKED_AT])
    if len(liked) and len(other):
        return _near(vectors, liked, other, free, count, seed)[:count]
    alike = count // 2 if len(liked) <= FIRST_LIKES else 0
    nodes = np.concatenate([_alike(vectors, liked, free, alike), _typical(vectors, judged, free, count, seed)])
    return nodes[np.sort(np.unique(nodes, return_index=True)[1])][:count]


def _nodes(vectors: Vectors, rows: Sequence[int] | np.ndarray) -> np.ndarray:
    """The distinct texts of rows; those without a vector are passed over."""
    found = np.unique(vectors.texts.of_row[np.asarray(rows, np.int64)])
    return found[found >= 0].astype(np.int64)


def _alike(vectors: Vectors, liked: np.ndarray, free: np.ndarray, count: int) -> np.ndarray:
    """What is nearest to the middle of what is liked."""
    if not len(liked):
        return np.zeros(0, np.int64)
    middle = vectors.floats(liked).mean(axis=0)
    return free[np.argsort(-(vectors.floats(free) @ middle), kind="stable")[:count]]


def _typical(vectors: Vectors, judged: np.ndarray, free: np.ndarray, count: int, seed: int) -> np.ndarray:
    """The middle of each part of the corpus in which nothing was judged, the largest part first."""
    nodes = np.union1d(judged, free)  # in one order, so that the next questions go on with the same parts
    parts = kmeans(vectors.grid[nodes], min(max(PARTS, len(judged) + count), len(nodes)), seed=seed, rounds=ROUNDS)
    sizes = np.bincount(parts.labels, minlength=len(parts.centroids))
    sizes[parts.labels[np.isin(nodes, judged)]] = 0
    order = [part for part in np.argsort(-sizes, kind="stable").tolist() if sizes[part]]
    return np.array([_middle(nodes, parts.labels == part, parts.similarities) for part in order], np.int64)


def _near(
    vectors: Vectors, liked: np.ndarray, other: np.ndarray, free: np.ndarray, count: int, seed: int
) -> np.ndarray:
    """What lies nearest to the boundary, spread out."""
    known = np.concatenate([liked, other])
    sides = np.arange(len(known)) < len(liked)
    turn = turned(vectors) if len(known) < FEW else np.eye(vectors.grid.shape[1])
    found = line(vectors.floats(known) @ turn, sides, VECTORS)
    far = np.abs(found.margins(vectors.floats(free) @ turn))
    near = np.argsort(far, kind="stable")[: max(100, round(len(free) * NEAR), count)]
    nodes = free[near]
    if len(nodes) <= count:
        return nodes
    weights = 1 / (1 + np.exp(far[near]))
    groups = kmeans(vectors.grid[nodes], count, seed=seed, rounds=ROUNDS, weights=weights)
    chosen = [
        _middle(nodes, groups.labels == g, groups.similarities) for g in range(count) if (groups.labels == g).any()
    ]
    distance = {int(node): float(d) for node, d in zip(nodes, far[near], strict=True)}
    return np.array(sorted(chosen, key=lambda node: (distance[node], node)), np.int64)


def _middle(nodes: np.ndarray, inside: np.ndarray, similarities: np.ndarray) -> int:
    """Of the nodes of one group, the one nearest to its centre."""
    return int(nodes[np.argmax(np.where(inside, similarities, -2.0))])
