"""Seeded spherical k-means on grid vectors, the same result on every machine and thread count."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from indexes.exact import Exact
from indexes.grid import GRID, check_grid, to_float
from indexes.tiles import CpuTiles, Tiles

_MEAN_SHIFT = 19
_BLOCK_ROWS = 16384
_SEEDING_ROWS_PER_CLUSTER = 64


@dataclass(frozen=True)
class Means:
    """Clusters of k-means: centroids int16 (c, d) on the grid, labels int64 (m,), similarity to the own centroid.

    similarities: float32 (m,). rounds: how often points were assigned. fitted_on: how many points the centroids are the
    means of. c is smaller than asked for when there are fewer distinct points.
    """

    centroids: np.ndarray
    labels: np.ndarray
    similarities: np.ndarray
    rounds: int
    fitted_on: int


def kmeans(
    vectors: np.ndarray,
    clusters: int,
    *,
    seed: int = 0,
    rounds: int = 25,
    sample: int | None = None,
    weights: np.ndarray | None = None,
    start: Literal["spread", "random"] = "spread",
    label_all: bool = True,
    tiles_for: Callable[[np.ndarray], Tiles] = CpuTiles,
    progress: Callable[[int, int], None] | None = None,
) -> Means:
    """Group the rows of grid vectors, int16 (m, d), around {clusters} centroids by similarity.

    Every point is used unless `sample` says how many drawn points the centroids are fitted on; all points are labelled
    then too, unless `label_all` is off and only the sample is. weights: a whole number a row, int64 (m,): how often it
    counts. start: "spread" draws far-apart first centroids (k-means++), "random" draws them evenly, quicker for
    thousands. An emptied cluster takes the point least like its own centroid; a cluster that stays empty (fewer
    distinct points than clusters) is left out. Centroids are rounded to the grid and means are taken over integers, so
    that no sum depends on its order. progress(round, rounds) may raise to cancel.
    """
    check_grid(vectors)
    m = len(vectors)
    if clusters < 1:
        raise ValueError(f"k-means needs at least 1 cluster, got {clusters}")
    if m == 0:
        empty = np.empty(0, dtype=np.int64)
        return Means(np.empty((0, vectors.shape[1]), dtype=np.int16), empty, empty.astype(np.float32), 0, 0)
    rng = np.random.default_rng(seed)
    chosen = (
        None if sample is None or sample >= m else np.sort(rng.choice(m, size=max(sample, clusters), replace=False))
    )
    points = vectors if chosen is None else np.asarray(vectors[chosen])
    counts = np.ones(m, dtype=np.int64) if weights is None else np.asarray(weights, dtype=np.int64)
    counts = counts if chosen is None else counts[chosen]
    centroids = _first_centroids(points, min(clusters, len(points)), rng, start)
    labels = np.full(len(points), -1, dtype=np.int64)
    done = 0
    for done in range(1, rounds + 1):
        before = labels
        labels, similarities = assign(points, centroids, tiles_for=tiles_for)
        labels = _fill_empty(labels, similarities, len(centroids))
        if progress is not None:
            progress(done, rounds)
        if np.array_equal(before, labels):
            break
        centroids = _means(points, labels, counts, centroids)
    labels, similarities = assign(vectors if label_all else points, centroids, tiles_for=tiles_for)
    used, labels = np.unique(labels, return_inverse=True)
    return Means(centroids[used], labels.astype(np.int64), similarities, done, len(points))


def assign(
    vectors: np.ndarray, centroids: np.ndarray, *, tiles_for: Callable[[np.ndarray], Tiles] = CpuTiles
) -> tuple[np.ndarray, np.ndarray]:
    """The most similar centroid of each row, int64 (m,), ties to the lower number, and that similarity, float32."""
    search = Exact(centroids, tiles=tiles_for(centroids))
    labels = np.empty(len(vectors), dtype=np.int64)
    similarities = np.empty(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        part = slice(start, start + _BLOCK_ROWS)
        found = search.search(np.asarray(vectors[part]), 1)
        labels[part], similarities[part] = found.rows[:, 0], found.similarities[:, 0]
    return labels, similarities


def _first_centroids(
    points: np.ndarray, clusters: int, rng: np.random.Generator, start: Literal["spread", "random"]
) -> np.ndarray:
    """First centroids, int16 (clusters, d): drawn evenly, or one after the other with odds of 1 - similarity."""
    if start == "random":
        return np.asarray(points[np.sort(rng.choice(len(points), size=clusters, replace=False))])
    pool_size = min(len(points), max(1024, _SEEDING_ROWS_PER_CLUSTER * clusters))
    pool = np.asarray(points[np.sort(rng.choice(len(points), size=pool_size, replace=False))])
    values = to_float(pool)
    picks = [int(rng.integers(pool_size))]
    nearest = values @ values[picks[0]]
    for _ in range(clusters - 1):
        odds = np.maximum(1.0 - nearest.astype(np.float64), 0.0)
        odds[picks] = 0.0
        reach = np.cumsum(odds)
        draw = rng.random()
        if reach[-1] > 0:
            picks.append(min(int(np.searchsorted(reach, draw * reach[-1], side="right")), pool_size - 1))
        else:
            picks.append(int(np.setdiff1d(np.arange(pool_size), picks)[0]))
        nearest = np.maximum(nearest, values @ values[picks[-1]])
    return pool[picks]


def _fill_empty(labels: np.ndarray, similarities: np.ndarray, clusters: int) -> np.ndarray:
    """Give each empty cluster the point least similar to its own centroid, never the last point of a cluster."""
    sizes = np.bincount(labels, minlength=clusters)
    empty = np.flatnonzero(sizes == 0)
    if len(empty) == 0:
        return labels
    labels = labels.copy()
    waiting = iter(empty)
    target = next(waiting, None)
    for row in np.lexsort((np.arange(len(labels)), similarities)):
        if target is None:
            break
        if sizes[labels[row]] > 1:
            sizes[labels[row]] -= 1
            labels[row] = target
            sizes[target] = 1
            target = next(waiting, None)
    return labels


def _means(points: np.ndarray, labels: np.ndarray, counts: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Mean directions of the clusters, rounded to the grid; a mean of zero length leaves the centroid as it was."""
    clusters, d = centroids.shape
    sums = np.zeros((clusters, d), dtype=np.int64)
    for start in range(0, len(points), _BLOCK_ROWS):
        part = labels[start : start + _BLOCK_ROWS]
        order = np.argsort(part, kind="stable")
        present, first = np.unique(part[order], return_index=True)
        weighted = points[start : start + _BLOCK_ROWS][order] * counts[start : start + _BLOCK_ROWS][order, None]
        sums[present] += np.add.reduceat(weighted, first, axis=0)
    sizes = np.maximum(np.bincount(labels, weights=counts, minlength=clusters), 1.0)
    # Means as integers of 1 / 2^30 at most: their squares then sum up exactly in int64, whatever the order.
    fine = np.rint(sums / sizes[:, None] * (1 << _MEAN_SHIFT)).astype(np.int64)
    length = np.sqrt(np.einsum("ij,ij->i", fine, fine).astype(np.float64))
    moved = length > 0
    result = centroids.copy()
    result[moved] = np.rint(fine[moved] / length[moved, None] * GRID).astype(np.int16)
    return result
