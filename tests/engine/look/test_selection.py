"""A selection is put together by hand, taken back, kept under a name, and becomes a step."""

import numpy as np
import pytest

from engine.errors import EngineError, NotFound
from engine.look import selection
from engine.look.selection import Selection
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from engine.recipe.snapshots import listed_step
from tests.engine.small import circle, corpus, embedded


@pytest.fixture
def data(tmp_path):
    return embedded(corpus(tmp_path, {"n": [0, 1, 2, 3, 4, 5]}), circle([0, 1, 3, 90, 91, 180]), k=1)


def at_least(low):
    return Step("number_range", {"column": "n", "low": low})


def test_nothing_is_selected_at_first(data):
    assert selection.rows(data, Selection()).tolist() == []
    assert Selection().sentence() == "Nothing is selected."


def test_sets_are_put_together(data):
    some = Selection().to(at_least(4))
    assert selection.rows(data, some).tolist() == [4, 5]
    assert selection.rows(data, selection.added(some, listed_step(data, np.array([0])))).tolist() == [0, 4, 5]
    assert selection.rows(data, selection.subtracted(some, at_least(5))).tolist() == [4]
    assert selection.rows(data, selection.intersected(some, listed_step(data, np.array([0, 5])))).tolist() == [5]
    assert selection.rows(data, selection.inverted(some)).tolist() == [0, 1, 2, 3]
    assert selection.inverted(selection.inverted(some)).step == some.step
    assert selection.rows(data, selection.cleared(some)).tolist() == []


def test_nothing_stays_nothing_and_its_opposite_is_everything(data):
    nothing = Selection()
    assert selection.subtracted(nothing, at_least(1)) == nothing
    assert selection.intersected(nothing, at_least(1)) == nothing
    everything = selection.inverted(nothing)
    assert selection.rows(data, everything).tolist() == [0, 1, 2, 3, 4, 5]
    assert selection.rows(data, selection.inverted(everything)).tolist() == []
    assert selection.rows(data, selection.subtracted(everything, at_least(2))).tolist() == [0, 1]


def test_steps_added_after_a_subtraction_count(data):
    some = selection.subtracted(Selection().to(at_least(2)), at_least(4))
    some = selection.added(some, listed_step(data, np.array([5])))
    assert selection.rows(data, some).tolist() == [2, 3, 5]
    assert selection.rows(data, selection.subtracted(some, at_least(3))).tolist() == [2]


def test_undo_and_redo_go_back_and_forth(data):
    some = selection.cleared(selection.added(Selection().to(at_least(4)), at_least(3)))
    back = selection.undone(some)
    assert selection.rows(data, back).tolist() == [3, 4, 5]
    assert selection.rows(data, selection.undone(back)).tolist() == [4, 5]
    assert selection.redone(selection.redone(selection.undone(selection.undone(some)))) == some
    with pytest.raises(EngineError, match="nothing to undo"):
        selection.undone(Selection())
    with pytest.raises(EngineError, match="nothing to redo"):
        selection.redone(some)


def test_selecting_the_same_again_is_no_change():
    some = Selection().to(at_least(4))
    assert some.to(at_least(4)) is some


def test_a_selection_grows_to_its_neighbours(data):
    some = Selection().to(Step("number_range", {"column": "n", "low": 2, "high": 3}))
    assert selection.rows(data, selection.grown(data, some, "given")).tolist() == [1, 2, 3, 4]
    assert selection.rows(data, selection.grown(data, some, "given", least=0.9998)).tolist() == [2, 3, 4]
    assert selection.rows(data, selection.grown(data, Selection().to(at_least(5)), "given", nearest=1)).tolist() == [
        4,
        5,
    ]
    with pytest.raises(EngineError, match="No neighbour is left"):
        selection.grown(data, Selection(), "given")


def test_a_selection_becomes_a_step(data):
    some = selection.inverted(Selection().to(at_least(4)))
    step = selection.as_step(some, "the small ones")
    assert run(data, Recipe(steps=(step,))).rows.tolist() == [0, 1, 2, 3]
    assert Step.from_json(step.json()) == step
    with pytest.raises(EngineError, match="Nothing is selected"):
        selection.as_step(Selection())


def test_a_selector_is_no_selection():
    with pytest.raises(EngineError, match="picks with a budget"):
        Selection().to(Step("random", {"budget": 2}))


def test_a_selection_is_kept_under_a_name(data):
    selection.save(data.store, "big & <b>bold</b>", Selection().to(at_least(4)))
    selection.save(data.store, "big & <b>bold</b>", Selection().to(at_least(5)))
    assert selection.saved(data.store) == ["big & <b>bold</b>"]
    again = selection.load(data.store, "big & <b>bold</b>", Selection().to(at_least(1)))
    assert selection.rows(data, again).tolist() == [5]
    assert selection.rows(data, selection.undone(again)).tolist() == [1, 2, 3, 4, 5]
    selection.forget(data.store, "big & <b>bold</b>")
    assert selection.saved(data.store) == []
    with pytest.raises(NotFound):
        selection.load(data.store, "big & <b>bold</b>")


def test_a_selection_on_what_is_not_there_says_so(data):
    with pytest.raises(NotFound, match="No column named 'm'"):
        Selection().to(Step("number_range", {"column": "m", "low": 1})).rows(data)


def test_a_mask_given_out_can_be_changed_without_harm(data):
    some = Selection().to(at_least(4))
    some.mask(data)[:] = True
    assert selection.rows(data, some).tolist() == [4, 5]
