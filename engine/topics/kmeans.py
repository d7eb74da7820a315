"""Topics of similar size, by k-means."""

from typing import Annotated

import numpy as np

from engine.dataset import Graph, Vectors
from engine.registry import About, Bounds, Help
from engine.topics._kmeans import sorted_by_kmeans
from engine.topics.levels import LEVELS, finding

ABOUT = About(title="k-means", called="topics", values=LEVELS, cost=finding, version=2)


def kmeans(
    vectors: Vectors,
    graph: Graph,
    *,
    topics: Annotated[int, Bounds(0, 5000), Help("how many topics; 0 = from the texts")] = 0,
    areas: Annotated[int, Bounds(0, 200), Help("how many areas above them; 0 = from the number of topics")] = 0,
    weigh_repeats: Annotated[bool, Help("count a text as often as it occurs, instead of once")] = False,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Sort every text into one of {topics} topics of similar size (k-means).

    Topic and area, int32 (m,) each, no noise. The same on every machine. Centres are fitted on at most 1,000 texts a
    topic, 256 where that would be more than 200,000 in all, drawn by the seed; every text is then sorted in. Areas join
    topics by Ward's method. Where no number of topics is given, it is that of the dense groups in the graph, from half
    the square root of the texts to the root.
    """
    return sorted_by_kmeans(vectors, topics, areas, seed, graph=graph, weigh_repeats=weigh_repeats)
