import numpy as np
import pytest

from indexes import Exact, blocks, empty_graph, knn_graph, to_grid
from tests.indexes.conftest import Build, by_whole_numbers, clumped_vectors


def test_graph_holds_the_nearest_of_every_row_but_itself(build: Build):
    vectors = clumped_vectors(90)
    neighbours, similarities = knn_graph(build(vectors), k=5, block_rows=32)
    rows, expected = by_whole_numbers(vectors, vectors, 5, exclude=np.arange(90))
    np.testing.assert_array_equal(neighbours, rows)
    np.testing.assert_array_equal(similarities, expected)
    assert neighbours.dtype == np.int32
    assert similarities.dtype == np.float32


def test_three_rows_with_k_30_leave_places_empty():
    neighbours, similarities = knn_graph(Exact(to_grid(np.eye(3))), k=30)
    assert neighbours[:, :3].tolist() == [[1, 2, -1], [0, 2, -1], [0, 1, -1]]
    assert neighbours.shape == similarities.shape == (3, 30)


@pytest.mark.parametrize("m", [0, 1])
def test_graph_of_no_or_one_row_has_no_neighbours(m: int):
    neighbours, _ = knn_graph(Exact(to_grid(np.eye(4)[:m])), k=2)
    assert neighbours.tolist() == [[-1, -1]] * m


def test_a_cancelled_graph_goes_on_where_it_stopped(tmp_path):
    vectors = clumped_vectors(100)
    whole = knn_graph(Exact(vectors), k=4, block_rows=30)
    into = empty_graph(100, 4)
    finished = np.zeros(len(blocks(100, block_rows=30)), dtype=bool)
    built: list[int] = []

    class Cancelled(Exception):
        pass

    def cancel_after_two(done: int, total: int) -> None:
        if done >= 60:
            raise Cancelled

    def keep(number: int) -> None:
        finished[number] = True
        built.append(number)

    with pytest.raises(Cancelled):
        knn_graph(
            Exact(vectors), k=4, into=into, finished=finished, on_block=keep, progress=cancel_after_two, block_rows=30
        )
    assert finished.tolist() == [True, True, False, False]
    knn_graph(Exact(vectors), k=4, into=into, finished=finished, on_block=keep, block_rows=30)
    assert built == [0, 1, 2, 3]
    np.testing.assert_array_equal(into[0], whole[0])
    np.testing.assert_array_equal(into[1], whole[1])


def test_progress_ends_at_all_rows():
    seen: list[tuple[int, int]] = []
    knn_graph(Exact(clumped_vectors(50)), k=2, block_rows=20, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (50, 50)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
