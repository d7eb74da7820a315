import numpy as np
import pytest

from engine.dataset.typed_artefacts import DistinctTexts, Graph, Vectors
from engine.topics import TOPICS
from engine.topics._kmeans import topics_for
from engine.topics.areas import area_of_topics, areas_for, numbered
from indexes import Exact, knn_graph, to_grid


def _given(values: np.ndarray, *, count: np.ndarray | None = None) -> tuple[Vectors, Graph]:
    grid = to_grid(values)
    m = len(grid)
    nodes = DistinctTexts(
        "n", np.arange(m, dtype=np.int32), np.arange(m), np.ones(m, np.int32) if count is None else count
    )
    return Vectors("given", "v", grid, nodes, {}), Graph("g", *knn_graph(Exact(grid), k=30), {})


# What a member must be told: the column has been taken out of the vectors before.
NEEDED = {"kmeans_without": {"column": "language"}}


def _clumps(clumps: int, each: int, *, spread: float = 0.2, d: int = 12) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.concatenate([rng.normal(size=d) + spread * rng.normal(size=(each, d)) for _ in range(clumps)])


@pytest.mark.parametrize("member", list(TOPICS))
@pytest.mark.parametrize("m", [0, 1, 2, 5, 40])
def test_every_node_gets_a_topic_and_an_area_or_is_noise(member: str, m: int):
    given = _given(np.random.default_rng(0).normal(size=(m, 6)).reshape(m, 6))
    topic, area = TOPICS[member].function(*given, **NEEDED.get(member, {}))
    assert topic.shape == area.shape == (m,)
    assert topic.dtype == area.dtype == np.int32
    assert ((topic >= 0) == (area >= 0)).all()
    present = np.unique(topic[topic >= 0])
    assert present.tolist() == list(range(len(present)))


@pytest.mark.parametrize("member", list(TOPICS))
def test_the_same_seed_gives_the_same_topics(member: str):
    given = _given(_clumps(4, 30))
    first, second = (TOPICS[member].function(*given, **NEEDED.get(member, {})) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_kmeans_finds_the_planted_clumps_and_leaves_nothing_out():
    topic, _ = TOPICS["kmeans"].function(*_given(_clumps(4, 25)), topics=4)
    assert [len(set(topic[i * 25 : (i + 1) * 25].tolist())) for i in range(4)] == [1, 1, 1, 1]
    assert len(set(topic.tolist())) == 4


@pytest.mark.parametrize("space", ["pca", "umap"])
def test_hdbscan_finds_dense_clumps_and_noise_stays_noise(space: str):
    rng = np.random.default_rng(5)
    values = np.concatenate([_clumps(2, 60, spread=0.05), rng.normal(size=(12, 12))])
    topic, area = TOPICS["hdbscan"].function(*_given(values), min_size=20, min_samples=5, space=space)
    assert set(topic[:60].tolist()) - {-1} != set(topic[60:120].tolist()) - {-1}
    assert topic.max() == 1
    assert ((topic == -1) == (area == -1)).all()
    if space == "pca":
        assert (topic[120:] == -1).sum() >= 6


def test_too_few_texts_for_one_dense_group_are_all_noise():
    topic, area = TOPICS["hdbscan"].function(*_given(_clumps(1, 8)), min_size=5)
    assert set(topic.tolist()) == set(area.tolist()) == {-1}


def test_repeats_count_only_when_asked():
    values = np.random.default_rng(2).normal(size=(60, 4))
    repeated = np.where(np.arange(60) < 5, 500, 1).astype(np.int32)
    plain, _ = TOPICS["kmeans"].function(*_given(values, count=repeated), topics=3)
    once, _ = TOPICS["kmeans"].function(*_given(values), topics=3)
    weighed, _ = TOPICS["kmeans"].function(*_given(values, count=repeated), topics=3, weigh_repeats=True)
    assert plain.tolist() == once.tolist()
    assert plain.tolist() != weighed.tolist()


def test_the_largest_area_and_topic_come_first():
    labels = np.array([0, 1, 1, 2, 2, 2, -1])
    topic, area = numbered(labels, np.array([1, 0, 1]))
    # Area 1 has labels 0 and 2 (four nodes), area 0 has label 1 (two nodes).
    assert topic.tolist() == [1, 2, 2, 0, 0, 0, -1]
    assert area.tolist() == [0, 1, 1, 0, 0, 0, -1]


def test_a_label_without_nodes_gets_no_number():
    topic, area = numbered(np.array([2, 2, 0]), np.array([0, 0, 1]))
    assert topic.tolist() == [0, 0, 1]
    assert area.tolist() == [0, 0, 1]


def test_near_topics_share_an_area():
    centres = np.array([[1.0, 0.0], [0.99, 0.1], [0.0, 1.0], [0.1, 0.99]])
    first, second, third, fourth = area_of_topics(centres, 2).tolist()
    assert first == second != third == fourth


@pytest.mark.parametrize(("m", "topics"), [(0, 1), (3, 1), (4, 2), (5_000, 35), (63_666, 126), (10_000_000, 1000)])
def test_the_number_of_topics_grows_with_the_texts(m: int, topics: int):
    assert topics_for(m) == topics


def test_areas_are_about_the_square_root_of_the_topics():
    assert [areas_for(t) for t in (0, 1, 9, 126, 1000)] == [1, 1, 3, 11, 24]
