"""Each browser has a desk: its draft, its selection, and one undo that takes back its own acts and nobody else's."""

from dataclasses import replace

import numpy as np
import pytest

from engine import marks
from engine.errors import EngineError, Stale
from engine.marks import Desk, lanes, log
from engine.recipe import Recipe, Step, change_draft, differences, draft, history, save_draft
from engine.store import Store
from tests.engine.small import corpus


@pytest.fixture
def data(tmp_path):
    return corpus(tmp_path, {"text": ["a", "b", "c", "d"]})


@pytest.fixture
def ana(data):
    return Desk(data.store, "ana")


@pytest.fixture
def ben(data):
    return Desk(data.store, "ben")


def rows(*numbers):
    return np.array(numbers, np.int64)


def cut(low):
    return Recipe(name="r").with_step(Step("number_range", {"column": "words", "low": low}))


def test_sixty_acts_are_taken_back_and_done_again_after_a_reload(data, ana):
    for i in range(60):
        change_draft(ana, cut(i), f"change {i}")
    for _ in range(60):
        Desk(Store(data.store.folder), "ana").undo()
    assert draft(ana).recipe == Recipe()
    for _ in range(55):
        Desk(Store(data.store.folder), "ana").redo()
    assert draft(ana).recipe == cut(54)
    assert (ana.undoable(), ana.redoable()) == ("change 54", "change 55")


def test_undo_at_the_beginning_says_so(ana):
    with pytest.raises(EngineError, match="nothing to undo"):
        ana.undo()
    with pytest.raises(EngineError, match="nothing to redo"):
        ana.redo()


def test_a_new_act_ends_what_could_be_done_again(ana):
    change_draft(ana, cut(1), "one")
    change_draft(ana, cut(2), "two")
    ana.undo()
    change_draft(ana, cut(3), "three")
    assert ana.redoable() is None
    assert [entry.words for entry in ana.acts()] == ["three", "one"]


def test_one_undo_takes_back_whatever_was_done_last(data, ana):
    change_draft(ana, cut(1), "added a step", more={"selection": None})
    ana.put({"selection": {"step": "s"}}, "selected")
    marks.tag(data, rows(0, 1), "good", who="ana")
    marks.never_keep(data, rows(2), who="ana")
    said = [ana.undo().sentence() for _ in range(4)]
    assert said == [
        "Taken back: 1 row never kept.",
        "Taken back: 2 rows tagged “good”.",
        "Taken back: selected.",
        "Taken back: added a step.",
    ]
    assert marks.of_rows(data, rows(0, 2)) == [marks.RowMarks(), marks.RowMarks()]
    assert ana.part("selection").value is None and draft(ana).recipe == Recipe()
    assert ana.redo().sentence() == "Done again: added a step."


def test_two_parts_that_change_in_one_act_come_back_in_one(ana):
    ana.put({"selection": "some"}, "selected")
    change_draft(ana, cut(1), "dropped them", more={"selection": None})
    ana.undo()
    assert ana.part("selection").value == "some" and draft(ana).recipe == Recipe()


def test_what_is_as_it_was_is_no_act(data, ana):
    ana.put({"selection": "some"}, "selected")
    ana.put({"selection": "some"}, "selected again")
    marks.tag(data, rows(0), "good", who="ana")
    marks.tag(data, rows(0), "good", who="ana")
    assert [entry.words for entry in ana.acts()] == ["1 row tagged “good”", "selected"]


def test_desks_do_not_touch_each_other(data, ana, ben):
    change_draft(ana, cut(1), "ana's")
    change_draft(ben, cut(2), "ben's")
    marks.tag(data, rows(0), "good", who="ana")
    ben.undo()
    assert draft(ana).recipe == cut(1) and draft(ben).recipe == Recipe()
    assert marks.rows_with(data, "tag", "good").tolist() == [0]
    assert ana.undoable() == "1 row tagged “good”" and ben.undoable() is None


def test_rows_that_another_changed_since_are_left_and_that_is_said(data, ana, ben):
    marks.always_keep(data, rows(0, 1, 2), who="ana")
    marks.never_keep(data, rows(1), who="ben")
    marks.undecide(data, rows(2), who="ben")
    said = ana.undo().sentence()
    assert said == (
        "Taken back: 3 rows always kept. 2 of 3 rows were changed by another window since: left as they are."
    )
    assert [found.tolist() for found in marks.verdicts(data)] == [[], [1]]
    assert ana.redo().left == 2
    assert [found.tolist() for found in marks.verdicts(data)] == [[0], [1]]


def test_a_verdict_that_another_gave_since_is_not_doubled_by_an_undo(data, ana, ben):
    marks.always_keep(data, rows(0), who="ben")
    marks.undecide(data, rows(0), who="ana")
    marks.never_keep(data, rows(0), who="ben")
    assert ana.undo().left == 1
    assert [found.tolist() for found in marks.verdicts(data)] == [[], [0]]


def test_a_shared_lane_that_another_changed_since_is_left(data, ana, ben):
    marks.share(data.store, "topics/a", {"name": "x"}, "renamed", "ana")
    marks.share(data.store, "topics/a", {"name": "y"}, "renamed again", "ben")
    taken = ana.undo()
    assert (taken.lane, taken.lane_left) == ("", True)
    assert taken.sentence() == "Taken back: renamed. Another window changed it again since: left as it is."
    assert ben.undo().lane == "topics/a"
    assert log.replayed(data.store, "topics/a") == [{"name": "x"}]
    assert ben.redo().lane == "topics/a"
    assert log.replayed(data.store, "topics/a") == [{"name": "x"}, {"name": "y"}]


def test_a_change_of_a_second_tab_is_refused(ana):
    change_draft(ana, cut(1), "one", 0)
    first = draft(ana).revision
    change_draft(ana, cut(2), "two", first)
    with pytest.raises(Stale, match="changed in another window"):
        change_draft(ana, cut(3), "three", first)
    assert draft(ana).recipe == cut(2)


def test_the_recipe_that_was_shared_before_becomes_the_first_draft_of_each(data, ana, ben):
    log.log(data.store, "working recipe", cut(7).json(), "made")
    assert draft(ana).recipe == draft(ben).recipe == cut(7)
    change_draft(ana, cut(8), "changed", draft(ana).revision)
    assert draft(ana).recipe == cut(8) and draft(ben).recipe == cut(7)
    ana.undo()
    assert draft(ana).recipe == cut(7)


def test_a_draft_knows_which_saved_recipe_it_stands_for(ana):
    change_draft(ana, cut(1), "saved as r", saved=("r", 5))
    change_draft(ana, cut(2), "changed")
    assert (draft(ana).saved, draft(ana).saved_revision) == ("r", 5)
    ana.undo()
    ana.undo()
    assert draft(ana).saved == ""


def test_saving_is_taken_back_as_any_act_and_saving_again_is_no_meeting(data, ana):
    save_draft(ana, cut(1), cut(1))
    change_draft(ana, cut(2), "changed")
    save_draft(ana, cut(2), cut(2))
    assert ana.undo().sentence() == "Taken back: saved as r."
    assert history.load(data.store, "r").recipe == cut(1) and draft(ana).recipe == cut(2)
    save_draft(ana, cut(2), cut(2))
    assert history.load(data.store, "r").recipe == cut(2)
    for _ in range(3):
        ana.undo()
    assert history.names(data.store) == [] and draft(ana).saved == ""
    ana.redo()
    assert history.load(data.store, "r").recipe == cut(1) and draft(ana).saved == "r"


def test_what_another_saved_since_stays_when_one_s_own_save_is_taken_back(data, ana, ben):
    revision = save_draft(ana, cut(1), cut(1))
    change_draft(ben, cut(1), "opened r", saved=("r", revision))
    save_draft(ben, cut(9), cut(9))
    with pytest.raises(Stale, match="changed elsewhere"):
        save_draft(ana, cut(2), cut(2))
    assert draft(ana).recipe == cut(1)
    assert ana.undo().sentence().endswith("Another window changed it again since: left as it is.")
    assert history.load(data.store, "r").recipe == cut(9)


def test_a_recipe_of_one_s_own_under_a_name_is_not_replaced_by_another_one(data, ana):
    save_draft(ana, cut(1), cut(1))
    change_draft(ana, replace(cut(2), name="other"), "opened other", saved=("other", 0))
    with pytest.raises(Stale):
        save_draft(ana, cut(2), cut(2))


def test_a_name_with_half_a_character_does_not_lock_the_draft(ana):
    change_draft(ana, replace(cut(1), name="\ud83d"), "named")
    assert draft(ana).recipe.name == "?"


def test_the_last_act_is_known_until_it_is_taken_back(data, ana):
    assert ana.last_act() is None
    marks.note(data, rows(0), "hm", who="ana")
    assert ana.last_act().words == "1 row noted"
    ana.undo()
    assert ana.last_act() is None


def test_two_recipes_are_told_apart_by_the_steps_that_differ():
    both = cut(1)
    mine = both.with_step(Step("text", {"find": "refund"}))
    theirs = both.with_step(Step("text", {"find": "zoo"}))
    assert [len(said) for said in differences(mine, theirs)] == [1, 1]
    assert "refund" in differences(mine, theirs)[0][0]
    assert differences(mine, mine) == ([], [])
    assert differences(mine.moved(1, 0), mine)[0] == ["the same steps in another order"]


def test_a_desk_of_before_is_read_by_its_lanes(data, ana):
    change_draft(ana, cut(1), "one")
    with marks.reading(data.store) as con:
        assert lanes.lanes(con, "desk/") == ["desk/ana"]
        assert lanes.lanes(con, "part/") == ["part/draft/ana"]
