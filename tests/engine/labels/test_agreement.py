"""Agreement of people: published examples, and intervals that hold the truth."""

import numpy as np
import pytest

from engine.labels import cohen_kappa, krippendorff_alpha, ratings_of
from engine.labels.answered.agreement import between

# Krippendorff (2011), four observers and twelve units; 0 stands for nothing said. Nominal alpha is 0.743.
FOUR = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]


def counted(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = [(a, b) for a, row in enumerate(table) for b, count in enumerate(row) for _ in range(count)]
    first, second = np.array(pairs).T
    return first, second


TABLES = [([[20, 5], [10, 15]], 0.4), ([[45, 15], [25, 15]], 0.1304), ([[25, 35], [5, 35]], 0.2593)]


@pytest.mark.parametrize(("table", "kappa"), TABLES)
def test_kappa_is_that_of_published_tables(table: list[list[int]], kappa: float) -> None:
    found = cohen_kappa(*counted(table))
    assert found.value == pytest.approx(kappa, abs=1e-4) and found.low < kappa < found.high


def test_alpha_is_that_of_the_published_table_with_missing_labels() -> None:
    found = krippendorff_alpha(np.array(FOUR).T - 1)
    assert found.value == pytest.approx(0.743, abs=5e-4) and found.rows == 11
    assert found.low < found.value < found.high <= 1


def test_where_one_label_was_given_chance_gives_it_too_and_nothing_is_known() -> None:
    one = np.zeros(5, int)
    assert np.isnan(cohen_kappa(one, one).value) and np.isnan(krippendorff_alpha(np.stack([one, one], 1)).value)
    assert np.isnan(krippendorff_alpha(np.array([[0, -1], [-1, 1]])).value)  # no row in common
    both = krippendorff_alpha(np.array([[0, 0], [1, 1], [0, 0]]))
    assert both.value == 1 and both.observed == 1


def test_the_later_label_of_a_person_counts_and_two_without_a_row_in_common_are_left_out() -> None:
    said = [("a", "Ann", "x"), ("a", "Ann", "y"), ("a", "Bob", "y")]
    said += [("b", "Ann", "x"), ("b", "Bob", "x"), ("c", "Cy", "x")]
    table = ratings_of(said)
    assert table.code.tolist() == [[1, 1, -1], [0, 0, -1], [-1, -1, 0]]
    assert [(b.first, b.second, b.agreement.value) for b in between(table)] == [("Ann", "Bob", 1.0)]


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for seed in range(200):
        truth = rng.integers(0, 3, 120)
        # Each is right with 0.7, else says any of the three: kappa is 0.7².
        said = [np.where(rng.random(120) < 0.7, truth, rng.integers(0, 3, 120)) for _ in range(2)]
        found = cohen_kappa(said[0], said[1], draws=300, seed=seed)
        held += found.low <= 0.49 <= found.high
    assert held >= 180


def test_few_rows_on_which_all_agree_say_little() -> None:
    same = np.array([0, 1, 0, 1])
    few, many = cohen_kappa(same, same), cohen_kappa(np.tile(same, 100), np.tile(same, 100))
    assert few.value == many.value == few.high == 1
    assert few.low == pytest.approx((0.025 ** (1 / 4) - 0.5) / 0.5) and many.low > 0.98
    never = cohen_kappa(same, 1 - same)
    assert never.value == -1 == never.low and never.high == pytest.approx((1 - 0.025 ** (1 / 4) - 0.5) / 0.5)
