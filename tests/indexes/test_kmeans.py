import numpy as np
import pytest

from indexes import assign, kmeans, to_grid
from indexes.kmeans import _fill_empty
from indexes.torch_gpu import TorchTiles
from tests.indexes.conftest import clumped_vectors


def test_two_clear_groups_are_found():
    vectors = to_grid(np.array([[1, 0.1], [0.1, 1], [1, -0.1], [-0.1, 1]]))
    means = kmeans(vectors, 2)
    first, second, third, fourth = means.labels.tolist()
    assert first == third != second == fourth
    assert sorted(means.centroids.tolist()) == [[0, 2048], [2048, 0]]


def test_similarity_is_that_to_the_own_centroid():
    vectors = clumped_vectors(200)
    means = kmeans(vectors, 7)
    products = vectors.astype(np.int64) @ means.centroids.astype(np.int64).T
    assert means.labels.tolist() == products.argmax(axis=1).tolist()
    np.testing.assert_array_equal(means.similarities, (products.max(axis=1) / 2048**2).astype(np.float32))


def test_planted_clumps_are_recovered():
    vectors = clumped_vectors(600, clumps=6, spread=0.15)
    labels = kmeans(vectors, 6, seed=1).labels
    truth = np.random.default_rng(0)
    truth.normal(size=(6, 24))
    planted = truth.integers(6, size=600)
    together = {(int(a), int(b)) for a, b in zip(planted, labels, strict=True)}
    assert len(together) == 6


def test_same_seed_gives_the_same_clusters_with_one_thread_two_or_torch():
    import faiss

    vectors = clumped_vectors(500)
    before = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(1)
        alone = kmeans(vectors, 12, seed=4)
        faiss.omp_set_num_threads(2)
        together = kmeans(vectors, 12, seed=4)
    finally:
        faiss.omp_set_num_threads(before)
    by_torch = kmeans(vectors, 12, seed=4, tiles_for=lambda rows: TorchTiles(rows, device="cpu"))
    for other in (together, by_torch):
        np.testing.assert_array_equal(alone.centroids, other.centroids)
        np.testing.assert_array_equal(alone.labels, other.labels)
    assert kmeans(vectors, 12, seed=5).labels.tolist() != alone.labels.tolist()


def test_every_point_is_used_unless_a_sample_is_asked_for():
    vectors = clumped_vectors(3000, d=4)
    assert kmeans(vectors, 2).fitted_on == 3000
    sampled = kmeans(vectors, 2, sample=100)
    assert sampled.fitted_on == 100
    assert len(sampled.labels) == 3000


def test_fewer_distinct_points_than_clusters_gives_fewer_clusters():
    vectors = to_grid(np.array([[1.0, 0.0]] * 5 + [[0.0, 1.0]] * 5))
    means = kmeans(vectors, 4)
    assert len(means.centroids) == 2
    assert sorted(set(means.labels.tolist())) == [0, 1]


@pytest.mark.parametrize("start", ["spread", "random"])
def test_no_cluster_is_empty(start):
    vectors = clumped_vectors(80, clumps=3, spread=0.05)
    means = kmeans(vectors, 40, start=start)
    assert np.bincount(means.labels, minlength=len(means.centroids)).min() >= 1


def test_an_emptied_cluster_takes_the_point_least_like_its_own_centroid():
    # Points 0 and 1 are alike, point 2 is far from the centroid it was given; cluster 1 has nobody.
    labels = _fill_empty(np.array([0, 0, 0]), np.array([0.9, 0.9, 0.1], dtype=np.float32), 2)
    assert labels.tolist() == [0, 0, 1]
    # The last point of a cluster is not taken away from it.
    labels = _fill_empty(np.array([0, 2, 2]), np.array([0.1, 0.8, 0.7], dtype=np.float32), 3)
    assert labels.tolist() == [0, 2, 1]


def test_as_many_clusters_as_asked_for_are_found_in_a_few_clumps():
    vectors = clumped_vectors(200, clumps=2, spread=0.3)
    assert [len(kmeans(vectors, 30, start="random", seed=seed).centroids) for seed in range(5)] == [30] * 5


def test_a_weight_counts_like_so_many_copies():
    few = to_grid(np.array([[1.0, 0.0], [0.0, 1.0]]))
    weighted = kmeans(few, 1, weights=np.array([3, 1]))
    copied = kmeans(few[[0, 0, 0, 1]], 1)
    np.testing.assert_array_equal(weighted.centroids, copied.centroids)
    assert weighted.centroids.tolist() == [[1943, 648]]


def test_no_points_give_no_clusters_and_one_point_gives_one():
    assert kmeans(np.empty((0, 3), dtype=np.int16), 4).labels.tolist() == []
    assert kmeans(to_grid(np.eye(3)[:1]), 4).labels.tolist() == [0]


def test_opposite_points_do_not_break_the_mean():
    vectors = to_grid(np.array([[1.0, 0.0], [-1.0, 0.0]]))
    means = kmeans(vectors, 1)
    assert means.labels.tolist() == [0, 0]
    assert np.abs(means.centroids.astype(int)).sum() == 2048


def test_equal_similarity_goes_to_the_lower_cluster():
    centroids = to_grid(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    labels, similarities = assign(to_grid(np.array([[1.0, 0.0]])), centroids)
    assert labels.tolist() == [0]
    assert similarities.tolist() == [1.0]
