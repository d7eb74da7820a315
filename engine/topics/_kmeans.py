"""What the k-means members share: how many topics suit a corpus, and texts sorted into them."""

from math import sqrt

import numpy as np

from engine.dataset import Graph, Vectors
from engine.topics.dense_groups import dense_groups
from engine.topics.levels import MOST_FITTED, two_levels

_MOST_TOPICS = 1000
_SAMPLE_A_TOPIC, _LEAST_SAMPLE_A_TOPIC = 1000, 256
# A dense group has at least 20 texts, and in a large corpus an eighth of its square root: a sixteenth of the mean topic
# when there are half the root of them.
_LEAST_OF_A_GROUP, _LEAST_SHARE_OF_ROOT = 20, 0.125
_NEIGHBOURS_OF_A_GROUP = 15


def topics_for(m: int, graph: Graph | None = None) -> int:
    """How many topics suit m texts: as many as there are dense groups, from half the square root of m to the root.

    Without a graph half the root. At least 2 (if there are 4 texts), at most 1,000.
    """
    least, most = (max(2 if m >= 4 else 1, min(_MOST_TOPICS, round(sqrt(m) * share))) for share in (0.5, 1.0))
    if graph is None or least == most:
        return least
    few = max(_LEAST_OF_A_GROUP, round(sqrt(m) * _LEAST_SHARE_OF_ROOT))
    groups = dense_groups(graph, least=few, neighbours=_NEIGHBOURS_OF_A_GROUP)
    return max(least, min(most, groups))


def sorted_by_kmeans(
    vectors: Vectors, topics: int, areas: int, seed: int, *, graph: Graph | None = None, weigh_repeats: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Topic and area of each text, int32 (m,) each; topics, areas: 0 = from the texts, and from the number of topics.

    graph: of these vectors, to tell how many topics there are.
    """
    import indexes

    m = len(vectors.grid)
    wanted = topics or topics_for(m, graph)
    means = indexes.kmeans(
        vectors.grid,
        max(1, min(wanted, m)),
        seed=seed,
        sample=min(_SAMPLE_A_TOPIC * wanted, max(MOST_FITTED, _LEAST_SAMPLE_A_TOPIC * wanted)),
        weights=np.asarray(vectors.texts.count, dtype=np.int64) if weigh_repeats else None,
        tiles_for=lambda rows: indexes.tiles_on(indexes.gpu_seen(), rows),
    )
    return two_levels(vectors.grid, means.labels, areas)
