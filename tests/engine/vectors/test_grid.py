"""The grid: unit vectors whose similarities are the same number everywhere."""

import numpy as np
import pytest

from engine.vectors.embedders.usable import first_bad, similarity
from indexes.grid import to_grid


def test_a_vector_is_brought_to_unit_length_and_counted_in_steps_of_one_in_2048() -> None:
    assert to_grid(np.array([[3.0, 4.0], [0.0, -2.0]])).tolist() == [[1229, 1638], [0, -2048]]


def test_half_a_step_rounds_to_the_even_number() -> None:
    # 0.6 and 0.8 of a unit vector are 1228.8 and 1638.4 steps; these rows are built to end on a half instead.
    half = np.array([[4.5 / 2048, np.sqrt(1 - (4.5 / 2048) ** 2)], [5.5 / 2048, np.sqrt(1 - (5.5 / 2048) ** 2)]])
    assert to_grid(half)[:, 0].tolist() == [4, 6]


def test_a_row_does_not_depend_on_the_rows_beside_it_or_on_its_scale() -> None:
    vectors = np.random.default_rng(0).standard_normal((50, 33)).astype(np.float32)
    together = to_grid(vectors)
    alone = np.concatenate([to_grid(v[None]) for v in vectors])
    assert np.array_equal(together, alone)
    assert np.array_equal(together, to_grid(vectors.astype(np.float64) * 2.0**900))
    assert np.array_equal(together, to_grid(vectors.astype(np.float64) * 2.0**-900))


def test_float16_and_whole_numbers_are_taken_too() -> None:
    assert to_grid(np.array([[3, 4]], np.float16)).tolist() == [[1229, 1638]]
    assert to_grid(np.array([[3, 4]], np.int32)).tolist() == [[1229, 1638]]


def test_no_vectors_give_no_vectors() -> None:
    assert to_grid(np.zeros((0, 5))).shape == (0, 5)


def test_similarity_in_float32_is_the_exact_sum_whatever_the_order() -> None:
    grid = to_grid(np.random.default_rng(1).standard_normal((40, 384)))
    whole = grid.astype(np.int64)
    expected = (whole @ whole.T).astype(np.float64) / 2048**2
    shuffled = grid[:, np.random.default_rng(2).permutation(384)]
    assert np.array_equal(similarity(grid, grid).astype(np.float64), expected)
    assert np.array_equal(similarity(shuffled, shuffled).astype(np.float64), expected)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[1.0, 2.0], [0.0, 0.0], [np.nan, 1.0]], (1, "is all zero, which has no direction")),
        ([[1.0, 2.0], [1.0, np.nan]], (1, "holds NaN")),
        ([[np.inf, 2.0]], (0, "holds an infinite value")),
        ([[1.0, 2.0]], None),
    ],
)
def test_the_first_row_without_a_direction_is_named(rows: list[list[float]], expected: tuple[int, str] | None) -> None:
    assert first_bad(np.array(rows)) == expected
