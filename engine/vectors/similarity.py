"""Similarity of every row with a target, the same number on every machine, and targets made from examples."""

from collections.abc import Sequence

import numpy as np

from engine.dataset import Dataset, Vectors
from engine.errors import EngineError
from engine.store import digest_of
from indexes import GRID

BLOCK = 1 << 13


def similarity(vectors: Vectors, target: np.ndarray) -> np.ndarray:
    """Cosine of each node with a target on the grid: float32 (m,), -1 to 1, exact.

    target: int16 (d,), unit length in steps of 1/2048. Each product is a multiple of 2⁻²² and each sum fits a float32.
    """
    query = target.astype(np.float32) / np.float32(GRID)
    result = np.empty(len(vectors.grid), np.float32)
    for start in range(0, len(result), BLOCK):
        result[start : start + BLOCK] = vectors.floats(slice(start, start + BLOCK)) @ query
    return result


def similarity_of_rows(data: Dataset, vectors: Vectors, target: np.ndarray, name: str) -> np.ndarray:
    """The similarity of every row: float32 (n,), NaN for a row without text. Kept in memory under `name`."""
    return data._cache.get(
        f"similarity/{vectors.identity}/{name}", lambda: data.per_row(similarity(vectors, target), vectors.texts)
    )


def similarity_apart(data: Dataset, vectors: Vectors, more: np.ndarray, less: np.ndarray) -> np.ndarray:
    """How much more every row is like one target than like another: float32 (n,), -1 to 1, NaN without text.

    The similarity with the first, less twice what the second is nearer, and at least -1. So of rows that are like both,
    those stay in front that are nearer to the first; a difference of both targets would leave only what sets them
    apart, which is noise where they are alike. Exact, as each similarity is a multiple of 2⁻²².
    """

    def apart() -> np.ndarray:
        liked, unliked = (
            similarity_of_rows(data, vectors, target, digest_of(target.astype(int).tolist())).astype(np.float64)
            for target in (more, less)
        )
        return np.maximum(liked - 2 * np.maximum(unliked - liked, 0), -1).astype(np.float32)

    name = digest_of([target.astype(int).tolist() for target in (more, less)])
    return data.remembered(f"similarity apart/{vectors.identity}/{name}", apart)


def comparable(data: Dataset, embedding: str, identity: str, embedder: str, dimension: int) -> bool:
    """Whether vectors made elsewhere can be compared with an embedding: the very artefact, or the very model.

    identity: of the artefact that they were made with; embedder: the digest of its model, "" for none.
    """
    made = data.artefact("embedding", embedding)
    if dimension != data.embedding(embedding).grid.shape[1]:
        return False
    return identity == made.identity or bool(embedder) and embedder == made.origin.facts.get("embedder")


def target_between(
    vectors: Vectors, more: Sequence[int] | np.ndarray, less: Sequence[int] | np.ndarray = ()
) -> np.ndarray:
    """A target like some nodes, unlike others: mean of the first minus mean of the second, int16 (d,).

    Sums are over integers, so that the order of the examples does not matter. Raises `EngineError` when nothing is
    left.
    """
    if not len(more) and not len(less):
        raise EngineError("Give at least one example row to look for rows like it.")
    liked = vectors.grid[np.asarray(more, np.int64)].astype(np.int64).sum(axis=0)
    unliked = vectors.grid[np.asarray(less, np.int64)].astype(np.int64).sum(axis=0)
    whole = liked * max(len(less), 1) - unliked * max(len(more), 1)
    length = int((whole**2).sum()) ** 0.5
    if not length:
        raise EngineError("What is to be more and what is to be less cancel each other. Take one example away.")
    return np.rint(whole * (GRID / length)).astype(np.int16)
