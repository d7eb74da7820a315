"""Which groups lose by a recipe, and the ways out, on rows that can be counted by eye."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset import Dataset
from engine.look import loss_columns, losses, own_cut, recipe_place, spared
from engine.look.losses import left_at
from engine.recipe import Recipe, Run, Step, run
from tests.engine.small import corpus, with_signal


def long_and_short(tmp_path: Path) -> Dataset:
    """Ten rows of `long` with scores 10 to 19, ten of `short` with 0 to 9, one without a group."""
    rows = {
        "text": [f"t{i}" for i in range(21)],
        "kind": ["short"] * 10 + ["long"] * 10 + [None],
        "score": list(range(20)) + [100],
    }
    return corpus(tmp_path, rows)


def cut_at(data: Dataset, low: float, high: float | None = None) -> Run:
    steps = (
        Step("missing", {"column": "text"}, on=False),
        Step("number_range", {"column": "score", "low": low, "high": high}),
    )
    return run(data, Recipe(steps=tuple(s.checked() for s in steps)))


def test_the_hardest_hit_group_comes_first_and_one_far_below_the_others_is_named(tmp_path: Path) -> None:
    data = long_and_short(tmp_path)
    done = cut_at(data, 8)
    found = losses(data, "kind", *left_at(done, 0))
    assert [(g.name, g.before, g.after) for g in found.groups] == [
        ("short", 10, 2),
        ("long", 10, 10),
        ("(missing)", 1, 1),
    ]
    assert found.kept == 13 / 21
    assert found.far_below() == []  # two of ten may be chance
    many = corpus(tmp_path, {"text": ["t"] * 60, "kind": ["short", "long"] * 30, "score": [0, 1] * 30})
    assert [g.name for g in losses(many, "kind", *left_at(cut_at(many, 1), 0)).far_below()] == ["short"]


def test_a_spared_group_stays_whole_and_the_others_are_judged_as_before(tmp_path: Path) -> None:
    data = long_and_short(tmp_path)
    done = cut_at(data, 15)
    short = losses(data, "kind", *left_at(done, 1)).groups[0]
    assert recipe_place(done, 1) == 1
    for at in (0, 1):
        again = run(data, spared(done, short, at))
        assert again.rows.tolist() == [*range(10), *range(15, 21)]
    twice = run(data, spared(again, losses(data, "kind", *left_at(again, 1)).groups[0], 1))
    assert len(twice.rows) == 21
    assert [s.do for s in twice.recipe.steps[1].steps] == ["number_range", "values", "values"]


def test_a_group_that_two_steps_drop_is_spared_by_both(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["t"] * 20, "kind": ["a", "b"] * 10, "x": [5, 15] * 10, "y": [1, 20] * 10})
    steps = tuple(Step("number_range", {"column": c, "low": low}).checked() for c, low in (("x", 10), ("y", 12)))
    done = run(data, Recipe(steps=steps))
    group = losses(data, "kind", *left_at(done, 0)).groups[0]
    assert (group.name, group.after) == ("a", 0)
    assert len(run(data, spared(done, group)).rows) == 20


def test_rows_without_a_group_can_be_spared_too(tmp_path: Path) -> None:
    data = long_and_short(tmp_path)
    done = cut_at(data, 0, 9)
    none = next(g for g in losses(data, "kind", *left_at(done, 0)).groups if g.name == "(missing)")
    assert run(data, spared(done, none)).rows.tolist() == [*range(10), 20]


def test_a_step_that_looks_at_other_rows_spares_nobody(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": list("abcd"), "kind": ["x", "x", "x", "y"]})
    done = run(data, Recipe(steps=(Step("at_most", {"column": "kind", "most": 1}).checked(),)))
    group = losses(data, "kind", *left_at(done, 0)).groups[0]
    assert (group.name, group.after) == ("x", 1)
    assert spared(done, group) == done.recipe


@pytest.mark.parametrize(("share", "stay"), [(0.5, 5), (0.3, 3), (1.0, 10)])
def test_a_cut_of_its_own_lets_a_group_keep_its_share_nearest_to_the_cut(
    tmp_path: Path, share: float, stay: int
) -> None:
    data = long_and_short(tmp_path)
    done = cut_at(data, 10)
    short = losses(data, "kind", *left_at(done, 1)).groups[0]
    step = own_cut(done, short, 1, share)
    rows = run(data, done.recipe.changed(recipe_place(done, 1), step)).rows
    assert rows.tolist() == [*range(10 - stay, 10), *range(10, 21)]


def test_a_step_that_was_widened_for_one_group_can_be_widened_for_another(tmp_path: Path) -> None:
    data = long_and_short(tmp_path)
    done = cut_at(data, 30)
    for name in ("short", "long"):
        group = next(g for g in losses(data, "kind", *left_at(done, 1)).groups if g.name == name)
        done = run(data, done.recipe.changed(1, own_cut(done, group, 1, 0.2)))
    assert done.rows.tolist() == [8, 9, 18, 19, 20]
    assert own_cut(done, group, 1, 0.2) is None


def test_a_group_that_keeps_its_share_gets_no_cut_of_its_own(tmp_path: Path) -> None:
    data = long_and_short(tmp_path)
    done = cut_at(data, 5)
    short = losses(data, "kind", *left_at(done, 1)).groups[0]
    assert own_cut(done, short, 1, 0.5) is None


def test_both_ends_of_a_range_are_widened_by_what_each_takes(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["t"] * 12, "kind": ["a"] * 12, "score": list(range(12))})
    done = run(data, Recipe(steps=(Step("number_range", {"column": "score", "low": 4, "high": 7}).checked(),)))
    step = own_cut(done, losses(data, "kind", *left_at(done, 1)).groups[0], 1, 0.5)
    assert run(data, Recipe(steps=(step,))).rows.tolist() == [3, 4, 5, 6, 7, 8]


def test_lengths_make_bands_of_equally_many_rows(tmp_path: Path) -> None:
    data = with_signal(corpus(tmp_path, {"text": [f"t{i}" for i in range(50)]}), "words", np.arange(1, 51))
    assert "words" in loss_columns(data)
    done = run(data, Recipe(steps=(Step("number_range", {"column": "words", "low": 11}).checked(),)))
    found = losses(data, "words", *left_at(done, 0))
    assert [(g.name, g.before, g.after) for g in found.groups][0] == ("words 1 to 9", 9, 0)
    assert sum(g.before for g in found.groups) == 50
    assert run(data, spared(done, found.groups[0])).rows.tolist() == [*range(9), *range(10, 50)]
