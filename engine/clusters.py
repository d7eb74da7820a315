"""Clusters: vectors and their graph become a topic and an area a node."""

from math import sqrt
from typing import Annotated, Literal

import numpy as np

from engine.areas import area_of_topics, areas_for, directions, numbered, topic_sums
from engine.axes import principal_coordinates
from engine.dataset import Graph, Vectors
from engine.layout import lay_out
from engine.registry import Bounds, CategoryColumn, Help, Registry

_MOST_TOPICS = 400
_SAMPLE_A_TOPIC = 1000


def kmeans(
    vectors: Vectors,
    graph: Graph,
    *,
    topics: Annotated[int, Bounds(0, 5000), Help("how many topics; 0 = from the number of texts")] = 0,
    areas: Annotated[int, Bounds(0, 200), Help("how many areas above them; 0 = from the number of topics")] = 0,
    weigh_repeats: Annotated[bool, Help("count a text as often as it occurs, instead of once")] = False,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Sort every text into one of {topics} topics of similar size (k-means).

    Topic and area, int32 (m,) each, no noise. The same on every machine. Centres are fitted on at most 1,000 texts a
    topic, drawn by the seed; every text is then sorted in. Areas join topics by Ward's method. The graph is not used.
    """
    import indexes

    m = len(vectors.grid)
    wanted = topics or topics_for(m)
    means = indexes.kmeans(
        vectors.grid,
        max(1, min(wanted, m)),
        seed=seed,
        sample=_SAMPLE_A_TOPIC * wanted,
        weights=np.asarray(vectors.nodes.count, dtype=np.int64) if weigh_repeats else None,
        tiles_for=lambda rows: indexes.tiles_on(indexes.gpu_seen(), rows),
    )
    return _two_levels(vectors.grid, means.labels, areas)


def kmeans_without(
    vectors: Vectors,
    graph: Graph,
    *,
    column: CategoryColumn,
    topics: Annotated[int, Bounds(0, 5000), Help("how many topics; 0 = from the number of texts")] = 0,
    areas: Annotated[int, Bounds(0, 200), Help("how many areas above them; 0 = from the number of topics")] = 0,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Find {topics} topics that {column} does not already say (k-means on what is left of the vectors without it).

    Topic and area, int32 (m,) each, no noise. The vectors come without the mean of their group in the column
    (`engine.factor`): whoever calls a member with a `column` takes it out first.
    """
    return kmeans(vectors, graph, topics=topics, areas=areas, seed=seed)


def hdbscan(
    vectors: Vectors,
    graph: Graph,
    *,
    min_size: Annotated[int, Bounds(0, 1_000_000), Help("the fewest texts of a topic; 0 = from their number")] = 0,
    min_samples: Annotated[int, Bounds(1, 500), Help("few: more topics; many: more texts stay outside")] = 10,
    space: Annotated[
        Literal["umap", "pca"], Help("reduced to 5 dimensions by UMAP on the graph (clearer), or by PCA (quicker)")
    ] = "umap",
    mode: Annotated[
        Literal["fast", "exact"], Help("of UMAP: fast is not repeatable; exact uses one thread and is")
    ] = "exact",
    areas: Annotated[int, Bounds(0, 200), Help("how many areas above the topics; 0 = from their number")] = 0,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Find dense groups of at least {min_size} texts and leave the rest outside (HDBSCAN).

    Topic and area, int32 (m,) each; -1 is noise and stays noise. Each distinct text counts once. Topics may differ much
    in size. After Campello, Moulavi and Sander (2013), by hdbscan; run in 5 dimensions.
    """
    m = len(vectors.grid)
    size = min_size or max(5, int(sqrt(m) / 2))
    labels = np.full(m, -1, dtype=np.int64)
    if m >= max(2 * size, min_samples + 1):
        from hdbscan import HDBSCAN

        if space == "umap":
            reduced = lay_out(vectors.grid, graph, dimensions=5, n_neighbors=15, min_dist=0.0, seed=seed, mode=mode)
        else:
            reduced = principal_coordinates(vectors.grid, 5)
        finder = HDBSCAN(min_cluster_size=size, min_samples=min_samples, core_dist_n_jobs=1)
        labels = finder.fit_predict(reduced.astype(np.float64)).astype(np.int64)
    return _two_levels(vectors.grid, labels, areas)


def topics_for(m: int) -> int:
    """How many topics suit m texts: half the square root, at least 2 (if there are 4 texts), at most 400."""
    return min(_MOST_TOPICS, max(2 if m >= 4 else 1, round(sqrt(m) / 2)))


def _two_levels(grid: np.ndarray, labels: np.ndarray, areas: int) -> tuple[np.ndarray, np.ndarray]:
    """Topic and area of each node, numbered by size, from cluster labels."""
    topics = int(labels.max(initial=-1)) + 1
    centres = directions(topic_sums(grid, labels, topics=topics))
    return numbered(labels, area_of_topics(centres, areas or areas_for(topics)))


CLUSTERS = Registry("clusters", [kmeans, hdbscan, kmeans_without])
