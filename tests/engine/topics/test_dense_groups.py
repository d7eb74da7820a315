import numpy as np
import pytest

from engine.dataset.typed_artefacts import Graph
from engine.topics._kmeans import topics_for
from engine.topics.dense_groups import dense_groups
from indexes import Exact, knn_graph, to_grid


def _clumps(*sizes: int) -> Graph:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(size=16) + 0.1 * rng.normal(size=(size, 16)) for size in sizes])
    return Graph("g", *knn_graph(Exact(to_grid(values)), k=15), {})


def test_dense_groups_are_counted_and_small_ones_are_not():
    graph = _clumps(30, 30, 30, 6)
    assert dense_groups(graph, least=20, neighbours=5) == 3
    assert dense_groups(graph, least=100, neighbours=5) == 0


def test_hdbscan_finds_as_many_leaves():
    from hdbscan import HDBSCAN

    rng = np.random.default_rng(3)
    values = np.concatenate([rng.normal(size=8) + rng.uniform(0.05, 0.4) * rng.normal(size=(40, 8)) for _ in range(7)])
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    graph = Graph("g", *knn_graph(Exact(to_grid(values)), k=len(values) - 1), {})
    finder = HDBSCAN(min_cluster_size=8, min_samples=5, cluster_selection_method="leaf", core_dist_n_jobs=1)
    assert dense_groups(graph, least=8, neighbours=5) == finder.fit(values).labels_.max() + 1


@pytest.mark.parametrize(("clumps", "topics"), [(4, 8), (12, 12), (30, 15)])
def test_topics_are_as_many_as_dense_groups_from_half_the_root_to_the_root(clumps: int, topics: int):
    assert topics_for(240, _clumps(*[20] * clumps)) == topics
