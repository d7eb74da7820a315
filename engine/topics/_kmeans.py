"""What the k-means members share: how many topics suit a corpus, and texts sorted into them."""

from math import sqrt

import numpy as np

from engine.dataset import Vectors
from engine.topics.levels import two_levels

_MOST_TOPICS = 400
_SAMPLE_A_TOPIC = 1000


def topics_for(m: int) -> int:
    """How many topics suit m texts: half the square root, at least 2 (if there are 4 texts), at most 400."""
    return min(_MOST_TOPICS, max(2 if m >= 4 else 1, round(sqrt(m) / 2)))


def sorted_by_kmeans(
    vectors: Vectors, topics: int, areas: int, seed: int, *, weigh_repeats: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Topic and area of each text, int32 (m,) each; topics, areas: 0 = from the number of texts."""
    import indexes

    m = len(vectors.grid)
    wanted = topics or topics_for(m)
    means = indexes.kmeans(
        vectors.grid,
        max(1, min(wanted, m)),
        seed=seed,
        sample=_SAMPLE_A_TOPIC * wanted,
        weights=np.asarray(vectors.texts.count, dtype=np.int64) if weigh_repeats else None,
        tiles_for=lambda rows: indexes.tiles_on(indexes.gpu_seen(), rows),
    )
    return two_levels(vectors.grid, means.labels, areas)
