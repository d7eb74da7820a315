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
    assert Selection().rows(data).tolist() == []
    assert Selection().sentence() == "Nothing is selected."


def test_sets_are_put_together(data):
    some = Selection().to(at_least(4))
    assert some.rows(data).tolist() == [4, 5]
    assert selection.added(some, listed_step(data, np.array([0]))).rows(data).tolist() == [0, 4, 5]
    assert selection.subtracted(some, at_least(5)).rows(data).tolist() == [4]
    assert selection.intersected(some, listed_step(data, np.array([0, 5]))).rows(data).tolist() == [5]
    assert selection.inverted(some).rows(data).tolist() == [0, 1, 2, 3]
    assert selection.inverted(selection.inverted(some)).step == some.step
    assert selection.cleared(some).rows(data).tolist() == []


def test_nothing_stays_nothing_and_its_opposite_is_everything(data):
    nothing = Selection()
    assert selection.subtracted(nothing, at_least(1)) == nothing
    assert selection.intersected(nothing, at_least(1)) == nothing
    everything = selection.inverted(nothing)
    assert everything.rows(data).tolist() == [0, 1, 2, 3, 4, 5]
    assert selection.inverted(everything).rows(data).tolist() == []
    assert selection.subtracted(everything, at_least(2)).rows(data).tolist() == [0, 1]


def test_steps_added_after_a_subtraction_count(data):
    some = selection.subtracted(Selection().to(at_least(2)), at_least(4))
    some = selection.added(some, listed_step(data, np.array([5])))
    assert some.rows(data).tolist() == [2, 3, 5]
    assert selection.subtracted(some, at_least(3)).rows(data).tolist() == [2]


def test_a_selection_is_among_the_rows_that_the_draft_leaves_at_the_moment_of_asking(data):
    some = Selection().to(at_least(3))
    left = np.array([True, True, True, True, False, True])
    assert some.rows(data, left).tolist() == [3, 5]
    assert selection.inverted(some).rows(data, left).tolist() == [0, 1, 2]
    assert some.to(some.step, left=False).rows(data, left).tolist() == [3, 4, 5]
    with pytest.raises(EngineError, match="No neighbour is left"):  # row 4 is near, and not left
        selection.grown(data, some, "given", left=left)


def test_what_a_selection_is_among_stands_in_no_step_of_it(data):
    some = Selection().to(at_least(4))
    assert selection.as_step(some) == at_least(4).checked()
    assert selection.subtracted(some, listed_step(data, np.array([5]))).step.steps[1].params["do"] == "drop"


def test_a_selection_grows_to_its_neighbours(data):
    some = Selection().to(Step("number_range", {"column": "n", "low": 2, "high": 3}))
    assert selection.grown(data, some, "given").rows(data).tolist() == [1, 2, 3, 4]
    assert selection.grown(data, some, "given", least=0.9998).rows(data).tolist() == [2, 3, 4]
    assert selection.grown(data, Selection().to(at_least(5)), "given", nearest=1).rows(data).tolist() == [
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
    again = selection.load(data.store, "big & <b>bold</b>")
    assert again.rows(data).tolist() == [5]
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
    assert some.rows(data).tolist() == [4, 5]
