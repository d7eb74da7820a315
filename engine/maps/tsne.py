"""t-SNE: each text is drawn beside as many of its true neighbours as the plane allows."""

import os
from typing import TYPE_CHECKING, Annotated

import numpy as np

from engine.dataset import Graph, Vectors
from engine.errors import EngineError
from engine.maps.told import Told, nobody
from engine.registry import MEGABYTE, About, Bounds, Cost, Help, Load
from engine.vectors import principal_coordinates

if TYPE_CHECKING:
    import scipy.sparse

_FEWEST = 4
# The first rounds pull the large parts to their places, the next gather the groups, the last settle the neighbours.
# Twice as many keep 1 % more of the neighbours on 20,000 texts, and take more than twice as long.
_PULLING, _PULL, _PULLING_MOMENTUM = 125, 12.0, 0.5
_GATHERING, _GATHER = 150, 1.5
_SETTLING, _MOMENTUM = 100, 0.8
_START_SPREAD = 1e-4
# Up to so many, a tree is quicker than a grid; it runs on one thread, as its sums depend on their number.
_TREE_MOST = 5_000
# From so many on, threads are worth starting, and a round takes long enough to tell of every second one.
_LARGE, _TOLD_EVERY = 200_000, 10

KEPT = 0.46  # of 20,000 package descriptions


def _cost(load: Load) -> Cost:
    memory = 300 * MEGABYTE + load.texts * (load.dimension * 2 + 1_000)
    # 5 to 11 s of 20,000 texts, 16 s of 61,000, 439 s of a million: places of many lie further apart, on a larger grid.
    return Cost(3.0 + load.texts / 4_000 * (1 + load.texts / 1_300_000), memory, load.texts * 12)


ABOUT = About(title="t-SNE", needs={"graph": ""}, cost=_cost, kept=KEPT)


def tsne(
    vectors: Vectors,
    graph: Graph,
    progress: Told = nobody,
    *,
    n_neighbors: Annotated[int, Bounds(2, 30), Help("few: small groups stand out; many: the large picture")] = 15,
    exaggeration: Annotated[
        float, Bounds(1.0, 4.0), Help("1: points fill the room evenly; more: groups pull together, with gaps between")
    ] = 1.0,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
) -> np.ndarray:
    """Draw each text beside its neighbours (t-SNE with {n_neighbors} neighbours, exaggeration {exaggeration}).

    float32 (m, 2) over the distinct texts, on the shared neighbour graph: all neighbours of a text pull alike. The same
    map on any number of threads. It keeps more of the true neighbours than UMAP does; how far groups lie apart means as
    little. Texts without neighbours lie where PCA puts them. After van der Maaten and Hinton (2008) and Linderman and
    others (2019); optimised by openTSNE. Groups are gathered first, with exaggeration as Böhm and others (2022) advise.
    """
    width = graph.neighbours.shape[1]
    if n_neighbors > width and len(vectors.grid) >= _FEWEST:
        raise EngineError(
            f"n_neighbors = {n_neighbors} is more than the neighbour graph has: {width} a text. Give at most {width}."
        )
    start = principal_coordinates(vectors.grid, 2)
    others = np.asarray(graph.neighbours[:, :n_neighbors], dtype=np.int32)
    linked = np.zeros(len(start), dtype=bool)
    linked[others[others >= 0]] = True
    linked |= (others >= 0).any(axis=1)
    if len(start) < _FEWEST or linked.sum() < _FEWEST:
        return start
    nodes = np.flatnonzero(linked)
    if len(nodes) < len(start):
        number = np.cumsum(linked, dtype=np.int32) - 1
        others = np.where(others[nodes] >= 0, number[others[nodes]], -1)
    placed = _settled(_pulls(others), _close(start[nodes], seed), exaggeration, progress)
    if not np.isfinite(placed).all():
        raise EngineError("The map could not be laid out: some places are not numbers. Draw it with `pca` instead.")
    xy = start * np.float32(_wide(placed) / max(_wide(start), 1e-9))
    xy[nodes] = placed
    return np.ascontiguousarray(xy - xy.mean(axis=0, dtype=np.float64), dtype=np.float32)


def _pulls(others: np.ndarray) -> "scipy.sparse.csr_matrix":
    """How strongly each two nodes pull each other, all of them together 1: each node shares a unit among its others."""
    from scipy.sparse import csr_matrix

    m = len(others)
    there = others >= 0
    counts = there.sum(axis=1)
    starts = np.concatenate([[0], np.cumsum(counts)])
    share = np.repeat(1.0 / np.maximum(counts, 1), counts)
    one_way = csr_matrix((share, others[there], starts.astype(np.int32)), shape=(m, m))
    both = (one_way + one_way.T).tocsr()
    both.sort_indices()
    both.data /= 2.0 * np.count_nonzero(counts)
    return both


def _close(start: np.ndarray, seed: int) -> np.ndarray:
    """First places close together, with a little seeded noise, so that equal vectors do not stand on one spot."""
    noise = np.random.default_rng(seed).normal(scale=_START_SPREAD / 100, size=start.shape)
    return start / max(float(start[:, 0].std(dtype=np.float64)), 1e-9) * _START_SPREAD + noise


def _settled(pulls: "scipy.sparse.csr_matrix", start: np.ndarray, exaggeration: float, progress: Told) -> np.ndarray:
    """The places after all rounds: float64 (m, 2). `progress` is told of every few of them and may stop it."""
    from openTSNE import TSNEEmbedding
    from openTSNE.affinity import PrecomputedAffinities

    m = len(start)
    threads = len(os.sched_getaffinity(0)) if m >= _LARGE else 1
    total = _PULLING + _GATHERING + _SETTLING
    done = 0

    def told(rounds: int, error: float, places: np.ndarray) -> bool:
        progress("Drawing the map", done + rounds, total)
        return False

    places = TSNEEmbedding(
        np.asarray(start, dtype=np.float64),
        PrecomputedAffinities(pulls, normalize=False),
        negative_gradient_method="bh" if m <= _TREE_MOST else "fft",
        n_jobs=threads,
        callbacks=told,
        callbacks_every_iters=_TOLD_EVERY if m < _LARGE else 2,
    )
    for rounds, pull, momentum in (
        (_PULLING, _PULL, _PULLING_MOMENTUM),
        (_GATHERING, max(exaggeration, _GATHER), _MOMENTUM),
        (_SETTLING, exaggeration, _MOMENTUM),
    ):
        places = places.optimize(rounds, exaggeration=pull, momentum=momentum)
        done += rounds
    return np.asarray(places, dtype=np.float64)


def _wide(places: np.ndarray) -> float:
    return float(np.ptp(places, axis=0).max())
