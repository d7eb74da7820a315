"""A row is always kept, never kept, or left to the steps; a judgement is evidence and changes neither."""

import numpy as np
import pytest

from engine import marks
from engine.marks import changing
from engine.marks.table import replay
from engine.recipe import ByHand, Recipe, by_hand_rows, carried, frozen, run, why
from tests.engine.small import corpus


def rows(*numbers):
    return np.array(numbers, np.int64)


@pytest.fixture
def data(tmp_path):
    return corpus(tmp_path, {"text": ["a", "b", "c", "d"]})


def decided(data):
    return tuple(found.tolist() for found in marks.verdicts(data))


def test_a_row_has_one_verdict_at_most(data):
    assert marks.always_keep(data, rows(0, 1)) == 2
    assert marks.never_keep(data, rows(1, 2)) == 2
    assert decided(data) == ([0], [1, 2])
    assert marks.of_rows(data, rows(1))[0].verdict == "drop"
    marks.undo(data)
    assert decided(data) == ([0, 1], [])
    assert marks.undecide(data, rows(0, 3)) == 1
    assert decided(data) == ([1], [])


def test_verdicts_stand_above_the_steps_as_they_are_now_or_as_they_were_frozen(data):
    marks.always_keep(data, rows(3))
    marks.never_keep(data, rows(0))
    saved = frozen(data, Recipe())
    assert run(data, saved).rows.tolist() == [1, 2, 3]
    marks.never_keep(data, rows(1))
    assert run(data, saved).rows.tolist() == [1, 2, 3]
    now = run(data, Recipe(), by_hand=marks.verdicts(data))
    assert now.rows.tolist() == [2, 3]
    assert [why(now, r).text for r in (0, 3)] == ["Dropped by hand.", "Kept by hand."]
    off = Recipe(by_hand=ByHand(on=False))
    assert run(data, off, by_hand=marks.verdicts(data)).rows.tolist() == [0, 1, 2, 3]
    assert frozen(data, off).by_hand.on is False and Recipe.from_json(frozen(data, off).json()) == frozen(data, off)


def test_a_live_run_and_the_frozen_one_share_their_stages(data):
    marks.never_keep(data, rows(0))
    live = by_hand_rows(data, Recipe(), marks.verdicts(data))
    kept = by_hand_rows(data, frozen(data, Recipe()))
    assert [a.tolist() for a in live] == [a.tolist() for a in kept] == [[], [0]]


def test_verdicts_that_came_with_a_recipe_are_taken_over_in_one_act(data):
    marks.always_keep(data, rows(0))
    marks.never_keep(data, rows(1))
    saved = frozen(data, Recipe())
    marks.undecide(data, rows(0))
    marks.always_keep(data, rows(1, 2))
    theirs = carried(data, saved)
    assert (theirs.keep.tolist(), theirs.drop.tolist(), len(theirs)) == ([0], [1], 2)
    assert marks.take_over(data, theirs.keep, theirs.drop) == 2
    assert decided(data) == ([0, 2], [1])
    assert len(carried(data, saved)) == 0
    marks.undo(data)
    assert decided(data) == ([1, 2], [])


def test_marks_of_older_files_become_verdicts_and_trash_is_never_kept(data):
    older = [("keep", 0), ("drop", 1), ("trash", 2), ("keep", 3), ("trash", 3)]
    marks.tag(data, rows(0), "good")
    with changing(data.store) as con:
        for kind, row in older:
            con.execute("INSERT INTO mark VALUES (?, '', ?, '')", [kind, data.keys(rows(row))[0]])
    assert decided(data) == ([0], [1, 2, 3])
    assert marks.of_rows(data, rows(0)) == [marks.RowMarks(("good",), "keep", "")]


def test_a_history_with_older_marks_is_replayed_as_verdicts(data):
    key = data.keys(rows(0))[0]
    lines = [[["trash", "", None, "", [key]]], [["keep", "", None, "", [key]], ["trash", "", "", None, [key]]]]
    with changing(data.store) as con:
        for changes in lines:
            marks.lanes.add(con, "marks", {"changes": changes}, "", "")
        assert replay(con) == 1
    assert decided(data) == ([0], [])


def test_judging_rows_decides_none(data):
    assert marks.judge(data, rows(0, 2), "audit", "good", who="ana") == 2
    assert marks.judge(data, rows(2), "audit", "bad") == 1
    found, said = marks.judgements(data, "audit")
    assert (found.tolist(), said) == ([0, 2], ["good", "bad"])
    assert decided(data) == ([], []) and run(data, Recipe(), by_hand=marks.verdicts(data)).rows.tolist() == [0, 1, 2, 3]
    assert marks.summary(data).judgements == (("audit", 2),)
    marks.undo(data)
    assert marks.judgements(data, "audit")[1] == ["good", "good"]
    marks.judge(data, rows(0, 2), "audit", "")
    assert marks.judgements(data, "audit")[0].tolist() == []
