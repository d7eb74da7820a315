"""Topics that a column does not already say, by k-means on what is left of the vectors."""

from typing import Annotated

import numpy as np

from engine.dataset import Graph, Vectors
from engine.registry import About, Bounds, CategoryColumn, Help
from engine.topics._kmeans import sorted_by_kmeans
from engine.topics.levels import LEVELS, finding

ABOUT = About(title="k-means, a column factored out", called="topics", values=LEVELS, cost=finding)


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
    (`engine.topics.residual`): whoever calls a member with a `column` takes it out first.
    """
    return sorted_by_kmeans(vectors, topics, areas, seed)
