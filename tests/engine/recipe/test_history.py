"""Recipes keep every change of theirs, and nobody saves over another."""

import sqlite3
from dataclasses import replace

import pytest

from engine.errors import EngineError, NotFound, Stale
from engine.marks import log
from engine.marks.file import changing
from engine.recipe import history
from engine.recipe.recipe import Recipe, Step
from engine.store.workspace import Store


@pytest.fixture
def store(tmp_path):
    (tmp_path / "corpus").mkdir()
    return Store(tmp_path / "corpus")


def cut(low):
    return Recipe(name="r").with_step(Step("number_range", {"column": "words", "low": low}))


def test_a_saved_recipe_comes_back_with_its_revision(store):
    revision = history.save(store, "long texts", cut(10))
    found = history.load(store, "long texts")
    assert found.recipe == replace(cut(10), name="long texts")
    assert (found.revision, found.undo, found.redo) == (revision, 0, 0)
    assert history.names(store) == ["long texts"]


def test_a_stale_save_is_refused_and_a_copy_keeps_both(store):
    start = history.save(store, "r", cut(1))
    history.save(store, "r", cut(2), start)
    with pytest.raises(Stale, match="as a copy"):
        history.save(store, "r", cut(3), start)
    assert history.save_copy(store, "r", cut(3)) == "r (2)"
    assert history.load(store, "r").recipe.steps[0].params["low"] == 2
    assert history.load(store, "r (2)").recipe.steps[0].params["low"] == 3


def test_an_unchanged_recipe_makes_no_new_line(store):
    start = history.save(store, "r", cut(1))
    assert history.save(store, "r", cut(1), start) == start


def test_undo_of_a_saved_recipe_stops_at_its_first_state(store):
    start = history.save(store, "r", cut(1))
    history.save(store, "r", cut(2), start)
    back = history.undo(store, "r")
    assert (back.recipe.steps[0].params["low"], back.undo, back.redo) == (1, 0, 1)
    with pytest.raises(EngineError, match="nothing to undo"):
        history.undo(store, "r")
    assert history.redo(store, "r").recipe.steps[0].params["low"] == 2


def test_a_removed_recipe_is_gone_from_the_list_and_undo_brings_it_back(store):
    history.save(store, "r", cut(1))
    history.remove(store, "r")
    assert history.names(store) == []
    with pytest.raises(NotFound):
        history.load(store, "r")
    assert history.undo(store, "r").recipe.steps[0].params["low"] == 1


@pytest.mark.parametrize("name", ["<b>x</b>", "نص", "🐼", "a/b", "% _ '", "\ud83d"])
def test_any_name_keeps_its_recipe(store, name):
    history.save(store, name, cut(1))
    assert len(history.names(store)) == 1
    assert history.load(store, history.names(store)[0]).recipe.steps[0].params["low"] == 1


def test_a_nameless_recipe_is_refused(store):
    with pytest.raises(EngineError, match="needs a name"):
        history.save(store, "  ", cut(1))


def test_lanes_do_not_touch_each_other(store):
    log.log(store, "topics/a", {"rename": [1, "x"]}, "renamed 1")
    log.log(store, "topics/a", {"merge": [1, 2]}, "merged 1 and 2")
    log.log(store, "topics/b", {"rename": [3, "y"]}, "renamed 3")
    log.undo(store, "topics/a")
    assert log.replayed(store, "topics/a") == [{"rename": [1, "x"]}]
    assert log.replayed(store, "topics/b") == [{"rename": [3, "y"]}]
    assert log.depths(store, "topics/a") == (1, 1)


def test_a_line_of_history_can_be_neither_changed_nor_deleted(store):
    log.log(store, "a", {}, "one")
    for statement in ("UPDATE log SET words = 'two'", "DELETE FROM log"):
        with pytest.raises(sqlite3.IntegrityError, match="only added to"), changing(store) as con:
            con.execute(statement)
    assert [e.words for e in log.lines(store, "a")] == ["one"]
