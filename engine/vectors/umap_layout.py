"""UMAP's layout of a neighbour graph that is there already: no second neighbour search, no copy of the vectors."""

from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from engine.dataset import Graph
from engine.errors import EngineError
from engine.vectors.principal_axes import principal_coordinates

if TYPE_CHECKING:
    import scipy.sparse

Mode = Literal["fast", "exact"]
_FEWEST = 4
_SPREAD = 1.0
# Few points need more rounds to settle, many are drawn well after fewer; measured on 63,666 texts.
_ROUNDS = ((10_000, 500), (200_000, 200))
_ROUNDS_BEYOND = 100
# Below this, starting the threads takes longer than the work, and one thread repeats itself as well.
_WORTH_THREADS = 4096


def lay_out(
    grid: np.ndarray,
    graph: Graph,
    *,
    dimensions: int,
    n_neighbors: int,
    min_dist: float,
    seed: int,
    mode: Mode,
    rounds: int = 0,
) -> np.ndarray:
    """Coordinates of the nodes, float32 (m, dimensions), laid out by UMAP on the shared graph, starting from PCA.

    grid: int16 (m, d). n_neighbors counts the node itself. mode "exact" runs on one thread and repeats itself, "fast"
    on all threads and does not. rounds: how often every place is moved, 0 for as often as so many nodes need. With
    fewer than 4 nodes the principal axes are the answer. Nodes without neighbours, and parts of the graph without a way
    to each other, stay near the place that PCA gave them. Raises EngineError when the graph has too few neighbours a
    node.
    """
    m = len(grid)
    start = principal_coordinates(grid, dimensions)
    if m < _FEWEST:
        return start
    if n_neighbors > graph.neighbours.shape[1] + 1:
        raise EngineError(
            f"n_neighbors = {n_neighbors} is more than the neighbour graph has: {graph.neighbours.shape[1]} a text and "
            f"the text itself. Give at most {graph.neighbours.shape[1] + 1}."
        )
    from sklearn.utils import check_random_state
    from umap.umap_ import find_ab_params, simplicial_set_embedding

    _keep_compiled()
    curve = find_ab_params(_SPREAD, min_dist)
    placed, _ = simplicial_set_embedding(
        data=start,
        graph=_fuzzy(graph, min(n_neighbors, m)),
        n_components=dimensions,
        initial_alpha=1.0,
        a=curve[0],
        b=curve[1],
        gamma=1.0,
        negative_sample_rate=5,
        n_epochs=rounds or next((rounds for most, rounds in _ROUNDS if m <= most), _ROUNDS_BEYOND),
        init=_apart(start, seed),
        random_state=check_random_state(seed),
        metric="euclidean",
        metric_kwds={},
        densmap=False,
        densmap_kwds={},
        output_dens=False,
        parallel=mode == "fast" and m >= _WORTH_THREADS,
    )
    if not np.isfinite(placed).all():
        raise EngineError("The map could not be laid out: some places are not numbers. Draw it with `pca` instead.")
    return np.ascontiguousarray(placed - placed.mean(axis=0), dtype=np.float32)


@cache
def _keep_compiled() -> None:
    """umap compiles its loops anew in each process, for some 6 seconds. Here they are kept on disk, as ours are.

    Not the loop that runs on all threads: numba would keep it under the name of the one that runs on one.
    """
    from umap import layouts, umap_

    one_thread = layouts._nb_optimize_layout_euclidean_single_epoch
    for loop in (umap_.smooth_knn_dist, umap_.compute_membership_strengths, one_thread):
        loop.enable_caching()


def _fuzzy(graph: Graph, n_neighbors: int) -> "scipy.sparse.coo_matrix":
    """The graph as UMAP weighs it, the node itself in column 0, distance = 1 - similarity."""
    from sklearn.utils import check_random_state
    from umap.umap_ import fuzzy_simplicial_set

    m = len(graph.neighbours)
    others = np.asarray(graph.neighbours[:, : n_neighbors - 1], dtype=np.int32)
    near = np.maximum(1.0 - np.asarray(graph.similarity[:, : n_neighbors - 1], dtype=np.float32), 0.0)
    # An empty place takes part in no edge, but its distance is averaged: the last true one stands in for it.
    furthest = np.where(others >= 0, near, 0.0).max(axis=1, initial=0.0)
    near = np.where(others >= 0, near, furthest[:, None])
    weighed, _, _ = fuzzy_simplicial_set(
        X=near,
        n_neighbors=n_neighbors,
        random_state=check_random_state(0),
        metric="precomputed",
        knn_indices=np.concatenate([np.arange(m, dtype=np.int32)[:, None], others], axis=1),
        knn_dists=np.concatenate([np.zeros((m, 1), dtype=np.float32), near], axis=1).astype(np.float32),
    )
    return weighed.tocoo()


def _apart(start: np.ndarray, seed: int) -> np.ndarray:
    """First places scaled to 0…10, with a little seeded noise, so that equal vectors do not stand on one spot."""
    low, high = start.min(axis=0), start.max(axis=0)
    wide = np.where(high > low, high - low, 1.0)
    noise = np.random.default_rng(seed).normal(scale=1e-3, size=start.shape)
    return ((start - low) / wide * 10.0 + noise).astype(np.float32)
