"""How much of each source repeats itself and others, on rows that can be counted by eye."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build
from engine.dataset.dataset import Dataset
from engine.look import redundancy, source_columns
from engine.look.duplicates import Cap, Wish, ground, groups_at, step_of
from engine.look.redundancy import redundancy_of
from engine.marks import tell_apart
from engine.recipe import Recipe, run
from tests.engine.small import corpus

COLUMNS = {
    "text": ["a", "a", "b", "a", "c", "b", "c", "", "c"],
    "source": ["web", "web", "web", "book", "book", "book", "web", "web", None],
}


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return build(corpus(tmp_path, COLUMNS), ["exact"])


def test_repeats_are_counted_by_source_and_by_the_source_of_the_row_that_stays(data: Dataset) -> None:
    found = redundancy(data, "exact", 1.0, "source")
    assert found.names == ("web", "book", "(missing)")
    assert found.rows.tolist() == [5, 3, 1]
    assert found.repeats.tolist() == [2, 2, 1]  # rows 1 and 6; 3 and 5; 8
    assert found.elsewhere.tolist() == [1, 2, 1]  # row 1 repeats its own source
    assert found.share.tolist() == pytest.approx([2 / 5, 2 / 3, 1])
    assert found.share_elsewhere.tolist() == pytest.approx([1 / 5, 2 / 3, 1])
    assert found.shared == (("web", "book", 1, 2), ("book", "(missing)", 0, 1))


def test_only_the_rows_looked_at_count_and_the_first_of_them_stays(data: Dataset) -> None:
    mask = np.ones(9, bool)
    mask[[0, 1]] = False
    found = redundancy(data, "exact", 1.0, "source", mask, most=1)
    assert found.rows.tolist() == [3, 3, 1] and found.repeats.tolist() == [1, 1, 1]
    assert found.shared == (("web", "book", 1, 1),)


def test_no_rows_and_no_repeats_are_nothing(data: Dataset) -> None:
    found = redundancy(data, "exact", 1.0, "source", np.zeros(9, bool))
    assert found.repeats.tolist() == [0, 0, 0] and found.share.tolist() == [0, 0, 0] and found.shared == ()


@pytest.mark.parametrize("percent", [0, 10, 34, 50, 67, 100])
def test_a_cap_drops_as_many_of_each_source_as_the_step_does(data: Dataset, percent: float) -> None:
    tell_apart(data, 8, np.array([2]))  # the row without a source is no repeat of its witness any more
    on = ground(run(data, Recipe()), "exact")
    found = redundancy_of(data, groups_at(on, 1.0, Wish()), "source")
    done = run(data, Recipe(steps=(step_of(on, 1.0, Wish(), Cap("source", percent)),)))
    codes, _ = data.codes("source")
    left = [int((codes[done.rows] == code).sum()) for code in (0, 1, -1)]
    assert (found.rows - found.beyond(percent)).tolist() == left


def test_no_repeat_without_a_source_may_stay_but_all_of_them_may_be_as_many_as_the_rows_that_are_none(
    data: Dataset,
) -> None:
    found = redundancy(data, "exact", 1.0, "source")  # repeats: 2 of 5, 2 of 3, 1 of 1
    assert [found.beyond(p).tolist() for p in (0, 25, 50, 100)] == [[2, 2, 1], [1, 2, 1], [0, 1, 1], [0, 0, 1]]


def test_the_column_that_says_where_a_row_is_from_comes_first(tmp_path: Path) -> None:
    named = {"text": ["a", "b"], "kind": ["x", "x"], "Source": ["web", "web"]}
    assert source_columns(corpus(tmp_path, named)) == ["Source", "kind"]
    assert source_columns(corpus(tmp_path, {"text": ["a"], "price": [1.5]})) == []
