import numpy as np

from engine.dataset.typed_artefacts import DistinctTexts, Graph, Vectors
from engine.topics import TOPICS
from engine.topics.residual import factor_out, without_column
from indexes import to_grid
from tests.engine.small import corpus, embedded


def _two_ways(each: int = 10) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors that say two things: a language (strongly, first two values) and a subject (weakly, last two)."""
    rng = np.random.default_rng(0)
    language = np.repeat([0, 1], 2 * each)
    subject = np.tile(np.repeat([0, 1], each), 2)
    values = np.concatenate([3 * np.eye(2)[language], np.eye(2)[subject]], axis=1)
    return values + 0.05 * rng.normal(size=values.shape), language, subject


def test_without_the_language_the_subject_is_what_topics_are_about():
    values, language, subject = _two_ways()
    grid = to_grid(values)
    nodes = DistinctTexts("n", np.arange(40, dtype=np.int32), np.arange(40), np.ones(40, np.int32))
    nothing = Graph("g", np.empty((40, 0), np.int32), np.empty((40, 0), np.float32), {})

    def same_groups(grid: np.ndarray, truth: np.ndarray) -> bool:
        topic, _ = TOPICS["kmeans"].function(Vectors("v", "v", grid, nodes, {}), nothing, topics=2)
        return len({(int(a), int(b)) for a, b in zip(topic, truth, strict=True)}) == 2

    assert same_groups(grid, language)
    left = factor_out(grid, language)
    assert same_groups(left, subject)
    assert left.dtype == np.int16


def test_small_groups_are_taken_together_and_keep_their_texts():
    grid = to_grid(np.eye(6))
    left = factor_out(grid, np.arange(6))
    assert (np.abs(left).sum(axis=1) > 0).all()


def test_a_vector_that_is_its_groups_mean_has_nothing_left():
    grid = to_grid(np.tile([0.6, 0.8], (8, 1)))
    assert factor_out(grid, np.zeros(8, np.int64)).tolist() == [[0, 0]] * 8


def test_no_vectors_and_no_values_are_no_trouble():
    assert factor_out(np.empty((0, 3), np.int16), np.empty(0, np.int64)).shape == (0, 3)
    grid = to_grid(np.random.default_rng(0).normal(size=(9, 3)))
    assert factor_out(grid, np.full(9, -1)).shape == (9, 3)


def test_a_node_belongs_to_the_group_of_its_first_row(tmp_path):
    values, language, _ = _two_ways(5)
    data = embedded(corpus(tmp_path, {"language": ["de" if i else "en" for i in language]}), values)
    vectors = data.embedding("given")
    np.testing.assert_array_equal(without_column(data, vectors, "language").grid, factor_out(vectors.grid, language))
