import numpy as np
import pytest

from indexes import to_grid
from tests.indexes.conftest import Build, by_whole_numbers, clumped_vectors, random_vectors


def _same(found, expected) -> None:
    rows, similarities = expected
    np.testing.assert_array_equal(found.rows, rows)
    np.testing.assert_array_equal(found.similarities, similarities)
    assert found.rows.dtype == np.int64
    assert found.similarities.dtype == np.float32


@pytest.mark.parametrize("k", [1, 5, 30])
def test_every_kind_gives_the_answer_of_whole_numbers(build: Build, k: int):
    vectors = clumped_vectors(300)
    queries = random_vectors(25, seed=1)
    _same(build(vectors).search(queries, k), by_whole_numbers(vectors, queries, k))


def test_a_row_never_finds_itself_when_it_is_excluded(build: Build):
    vectors = clumped_vectors(120)
    rows = np.arange(120)
    found = build(vectors).search(vectors, 6, exclude=rows)
    assert not (found.rows == rows[:, None]).any()
    _same(found, by_whole_numbers(vectors, vectors, 6, exclude=rows))


def test_ties_at_rank_k_go_to_the_lowest_row_numbers(build: Build):
    east, north = [1.0, 0.0], [0.0, 1.0]
    vectors = to_grid(np.array([north] + [east] * 40 + [north]))
    found = build(vectors).search(to_grid(np.array([east, north])), 3)
    assert found.rows.tolist() == [[1, 2, 3], [0, 41, 1]]
    assert found.similarities.tolist() == [[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]]


def test_among_many_equal_rows_each_finds_the_lowest_others(build: Build):
    vectors = np.repeat(to_grid(np.array([[0.6, 0.8]])), 50, axis=0)
    found = build(vectors).search(vectors, 2, exclude=np.arange(50))
    assert found.rows[:4].tolist() == [[1, 2], [0, 2], [0, 1], [0, 1]]
    assert found.rows[49].tolist() == [0, 1]


def test_coarse_vectors_with_many_ties_keep_the_order(build: Build):
    signs = np.where(np.random.default_rng(3).random((200, 9)) < 0.5, -1.0, 1.0)
    vectors = to_grid(signs)
    rows = np.arange(200)
    _same(build(vectors).search(vectors, 10, exclude=rows), by_whole_numbers(vectors, vectors, 10, exclude=rows))


def test_a_row_shorter_than_a_longer_copy_is_still_left_out(build: Build):
    # After rounding, a neighbour can be more similar to a row than the row to itself.
    vectors = np.array([[2047, 0], [2048, 0], [2048, 0]], dtype=np.int16)
    found = build(vectors).search(vectors, 1, exclude=np.arange(3))
    assert found.rows[:, 0].tolist() == [1, 2, 1]


def test_more_neighbours_than_rows_leaves_empty_places(build: Build):
    vectors = to_grid(np.array([[1.0, 0.0], [0.8, 0.6]]))
    found = build(vectors).search(vectors[:1], 4)
    assert found.rows.tolist() == [[0, 1, -1, -1]]
    assert found.similarities[0, 2:].tolist() == [0.0, 0.0]


def test_one_row_has_no_neighbour_but_itself(build: Build):
    vectors = to_grid(np.array([[1.0, 0.0]]))
    assert build(vectors).search(vectors, 2).rows.tolist() == [[0, -1]]
    assert build(vectors).search(vectors, 2, exclude=np.array([0])).rows.tolist() == [[-1, -1]]


def test_no_rows_and_no_queries_give_empty_answers(build: Build):
    nothing = np.empty((0, 4), dtype=np.int16)
    assert build(nothing).search(nothing, 3).rows.shape == (0, 3)
    assert build(nothing).search(to_grid(np.eye(4)), 2).rows.tolist() == [[-1, -1]] * 4
    assert build(to_grid(np.eye(4))).search(nothing, 3).rows.shape == (0, 3)


def test_search_within_rows_is_exact_and_finds_nothing_else(build: Build):
    vectors = clumped_vectors(300)
    within = np.array([250, 3, 77, 78, 79, 12])
    found = build(vectors).search(vectors[:20], 4, within=within, exclude=np.arange(20))
    _same(found, by_whole_numbers(vectors, vectors[:20], 4, within=within, exclude=np.arange(20)))
    assert set(found.rows.ravel().tolist()) <= set(within.tolist())


def test_one_thread_and_two_give_the_same_answer(build: Build):
    import faiss

    vectors = clumped_vectors(400)
    before = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(1)
        alone = build(vectors).search(vectors, 8, exclude=np.arange(400))
        faiss.omp_set_num_threads(2)
        together = build(vectors).search(vectors, 8, exclude=np.arange(400))
    finally:
        faiss.omp_set_num_threads(before)
    _same(alone, (together.rows, together.similarities))


def test_memory_mapped_vectors_are_searched_as_they_are(build: Build, tmp_path):
    vectors = clumped_vectors(100)
    np.save(tmp_path / "v.npy", vectors)
    mapped = np.load(tmp_path / "v.npy", mmap_mode="r")
    _same(build(mapped).search(vectors[:9], 5), by_whole_numbers(vectors, vectors[:9], 5))


def test_a_search_can_be_stopped_between_blocks(build: Build):
    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    with pytest.raises(Stop):
        build(clumped_vectors(50)).search(clumped_vectors(50), 2, tick=stop)


def test_float_vectors_are_refused(build: Build):
    with pytest.raises(ValueError, match="float64"):
        build(np.eye(3))
