"""Duplicates before they are a step: over which rows, in which order, what was judged, and the step of what is seen."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build
from engine.dataset.dataset import Dataset
from engine.look import duplicates
from engine.look.duplicates import Cap, Wish
from engine.marks import always_keep, keep_this, tell_apart, verdicts
from engine.recipe import Recipe, Run, Step, run
from tests.engine.small import corpus, with_pairs

ROWS = {"text": [f"text {i}" for i in range(8)], "length": [5, 3, 9, 1, 7, 2, 4, 6]}
FOUND = [(0, 1, 0.95), (0, 2, 0.75), (3, 4, 0.9), (5, 6, 0.72)]


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return with_pairs(corpus(tmp_path, ROWS), FOUND, lowest=0.7)


def ran(data: Dataset, *steps: Step) -> Run:
    return run(data, Recipe(steps=steps), by_hand=verdicts(data))


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def test_the_groups_are_those_of_the_rows_left_before_the_step_on_these_pairs(data: Dataset) -> None:
    on = duplicates.ground(ran(data), "made")
    assert (on.at, duplicates.groups_at(on, 0.7, Wish()).sizes) == (None, {0: 3, 3: 2, 5: 2})
    long = Step("number_range", {"column": "length", "low": 3.0}).checked()
    done = ran(data, long, duplicates.step_of(on, 0.7, Wish()))
    assert done.rows.tolist() == [0, 4, 6, 7]
    again = duplicates.ground(done, "made")
    assert again.at == 1 and again.rows.tolist() == [0, 1, 2, 4, 6, 7]
    assert duplicates.groups_at(again, 0.7, Wish()).sizes == {0: 3}


def test_groups_come_largest_first_or_with_the_least_similar_row_first_or_by_chance(data: Dataset) -> None:
    found = duplicates.groups_at(duplicates.ground(ran(data), "made"), 0.7, Wish())
    assert duplicates.ordered(found, "largest").tolist() == [0, 3, 5]
    assert duplicates.ordered(found, "most doubtful").tolist() == [5, 0, 3]
    assert sorted(duplicates.ordered(found, "random").tolist()) == [0, 3, 5]


def test_what_is_judged_of_a_group_moves_no_other_where_they_come_by_chance(tmp_path: Path) -> None:
    many = [(i, i + 1, 0.8) for i in range(0, 400, 2)]
    data = with_pairs(corpus(tmp_path, {"text": [f"text {i}" for i in range(400)]}), many, lowest=0.7)

    def order() -> list[int]:
        found = duplicates.groups_at(duplicates.ground(ran(data), "made"), 0.7, Wish())
        return duplicates.ordered(found, "random").tolist()

    before = order()
    assert before != sorted(before) and sorted(before) == list(range(0, 400, 2))
    tell_apart(data, before[10], rows(before[10] + 1))
    keep_this(data, before[20] + 1, rows(before[20]))
    assert order() == [*before[:10], *before[11:20], before[20] + 1, *before[21:]]


def test_the_curve_agrees_with_the_groups_at_every_threshold_whatever_stays(data: Dataset) -> None:
    always_keep(data, rows(1))
    on = duplicates.ground(ran(data), "made")
    for wish in (Wish(), Wish("length", "last"), Wish(most=2)):
        for threshold, gone, groups in duplicates.curve_of(on, wish):
            found = duplicates.groups_at(on, threshold, wish)
            assert (len(found.repeats), found.groups) == (gone, groups)


def test_what_was_judged_is_heeded_at_once_and_by_the_step(data: Dataset) -> None:
    tell_apart(data, 3, rows(4))
    keep_this(data, 1, rows(0))
    on = duplicates.ground(ran(data), "made")
    assert duplicates.groups_at(on, 0.7, Wish()).sizes == {1: 2, 5: 2}
    step = duplicates.step_of(on, 0.7, Wish())
    assert ran(data, step).rows.tolist() == [1, 2, 3, 4, 5, 7]
    assert duplicates.same_as(on, step, 0.7, Wish()) and not duplicates.same_as(on, step, 0.8, Wish())
    tell_apart(data, 5, rows(6))
    assert not duplicates.same_as(duplicates.ground(ran(data), "made"), step, 0.7, Wish())


def test_judged_pairs_give_the_precision_at_each_threshold(data: Dataset) -> None:
    tell_apart(data, 5, rows(6))
    keep_this(data, 0, rows(1, 2))
    on = duplicates.ground(ran(data), "made")
    found = [duplicates.right_at(on, t) for t in (0.7, 0.75, 0.9, 0.96)]
    assert [(p.right, p.of) for p in found] == [(2, 3), (2, 2), (1, 1), (0, 0)]
    assert found[3].words(0.96) == "No pair at 0.96 or above is judged yet."


def test_kinds_say_what_they_find_of_each_other(data: Dataset) -> None:
    data = with_pairs(data, [(0, 1, 0.8), (1, 7, 0.8)], lowest=0.5, key="other")
    (found,) = duplicates.overlaps(duplicates.ground(ran(data), "made"))
    assert (found.key, found.rows, found.both) == ("other", 2, 2)


def test_rows_that_were_not_compared_with_all_are_counted(data: Dataset, tmp_path: Path) -> None:
    assert duplicates.crowded(duplicates.ground(ran(data), "made")) == 0
    words = " ".join(f"word{i}" for i in range(60))
    texts = [words.replace("word30", f"number{i}") for i in range(90)]
    crowd = build(corpus(tmp_path, {"text": [*texts, "", "something else"]}), ["minhash"])
    assert duplicates.crowded(duplicates.ground(ran(crowd), "minhash")) == 90
    few = Step("dedup", {"pairs": "minhash"}).checked()
    assert duplicates.crowded(duplicates.ground(run(crowd, Recipe(steps=(few,))), "minhash")) == 90


def test_a_cap_stands_where_the_step_that_drops_all_repeats_would_and_is_told_from_it(tmp_path: Path) -> None:
    sources = {**ROWS, "source": ["web"] * 4 + ["book"] * 4}
    data = with_pairs(corpus(tmp_path, sources), FOUND, lowest=0.7)
    on = duplicates.ground(ran(data), "made")
    cap = Cap("source", 50.0)
    step = duplicates.step_of(on, 0.7, Wish(), cap)
    done = ran(data, step)  # web: rows 1 and 2 repeat 0, room for 2 beside 0 and 3; book: 4 repeats 3, 6 repeats 5
    assert done.rows.tolist() == list(range(8)) == duplicates.ground(done, "made").rows.tolist()
    again = duplicates.ground(done, "made")
    assert again.at == 0 and duplicates.same_as(again, step, 0.7, Wish(), cap)
    assert not duplicates.same_as(again, step, 0.7, Wish())
    assert not duplicates.same_as(again, step, 0.7, Wish(), Cap("source", 40.0))
    both = ran(data, step, duplicates.step_of(on, 0.7, Wish()))
    assert duplicates.ground(both, "made").at == 1  # the one that drops all of them is what the page is about
