"""Vectors small enough to check by whole numbers, and every kind of index over them."""

from collections.abc import Callable

import numpy as np
import pytest

from indexes.exact import Exact
from indexes.grid import GRID, to_grid
from indexes.ivf import Ivf, build_ivf
from indexes.tiles import CpuTiles
from indexes.torch_gpu import TorchTiles

Build = Callable[[np.ndarray], Exact | Ivf]

# Small tiles, so that a few hundred rows already cross their edges. The lists are all looked through: then inverted
# lists owe the same answer as exact search.
KINDS: dict[str, Build] = {
    "exact": Exact,
    "exact-small-tiles": lambda vectors: Exact(vectors, tiles=CpuTiles(vectors, query_rows=7, base_rows=16)),
    "exact-torch": lambda vectors: Exact(vectors, tiles=TorchTiles(vectors, device="cpu")),
    "ivf-all-lists": lambda vectors: build_ivf(vectors, nprobe=1_000_000),
}


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def build(request: pytest.FixtureRequest) -> Build:
    """Builds one kind of index; a new kind gets every test by joining the list."""
    return request.param


def random_vectors(m: int, d: int = 24, *, seed: int = 0) -> np.ndarray:
    """Unit vectors on the grid, int16 (m, d)."""
    return to_grid(np.random.default_rng(seed).normal(size=(m, d)))


def clumped_vectors(m: int, d: int = 24, *, clumps: int = 20, spread: float = 0.5, seed: int = 0) -> np.ndarray:
    """Unit vectors around `clumps` directions, int16 (m, d)."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(clumps, d))
    return to_grid(middles[rng.integers(clumps, size=m)] + spread * rng.normal(size=(m, d)))


def by_whole_numbers(
    vectors: np.ndarray,
    queries: np.ndarray,
    k: int,
    *,
    within: np.ndarray | None = None,
    exclude: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """The defined answer by integer arithmetic: rows int64 (q, k) with -1, similarities float32 (q, k) with 0."""
    levels = queries.astype(np.int64) @ vectors.astype(np.int64).T
    allowed = np.arange(len(vectors)) if within is None else np.unique(within)
    rows = np.full((len(queries), k), -1, dtype=np.int64)
    similarities = np.zeros((len(queries), k), dtype=np.float32)
    for query in range(len(queries)):
        candidates = allowed if exclude is None else allowed[allowed != exclude[query]]
        order = sorted(candidates.tolist(), key=lambda row: (-levels[query, row], row))[:k]
        rows[query, : len(order)] = order
        similarities[query, : len(order)] = levels[query, order] / GRID**2
    return rows, similarities
