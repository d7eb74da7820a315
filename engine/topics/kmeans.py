"""Topics of similar size by k-means, and what a column does not already say."""

from math import sqrt
from typing import Annotated

import numpy as np

from engine.dataset import Graph, Vectors
from engine.registry import Bounds, CategoryColumn, Help
from engine.topics.levels import two_levels

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
    return two_levels(vectors.grid, means.labels, areas)


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


def topics_for(m: int) -> int:
    """How many topics suit m texts: half the square root, at least 2 (if there are 4 texts), at most 400."""
    return min(_MOST_TOPICS, max(2 if m >= 4 else 1, round(sqrt(m) / 2)))
