"""Rows of other datasets like a few examples: the nearest by the same model, and never a copy."""

import numpy as np
import pytest

import engine
from engine.errors import EngineError
from engine.look import elsewhere
from engine.recipe import examples_ref
from tests.engine.small import circle, corpus, embedded


def at(folder, texts, degrees, *, model="m"):
    return embedded(corpus(folder, {"text": texts}), circle(degrees), graph=False, model=model)


def test_the_nearest_of_other_datasets_come_without_copies_and_say_where_from(tmp_path):
    mine = at(tmp_path, ["north", "east"], [90, 0])
    # 0.95 is the cosine of 18.2°. One row is an example word by word, two lie nearer to one than that.
    one = at(tmp_path, ["north", "nearly", "up", "down"], [112, 80, 60, 270])
    two = at(tmp_path, ["right", "top", "left", "up"], [-25, 95, 180, 60])
    other = at(tmp_path, ["x"], [90], model="another")
    bare = corpus(tmp_path, {"text": ["y"]})
    wanted = examples_ref(mine, "two directions", {}, rows={"n": np.array([0]), "e": np.array([1])}, embedding="given")
    found = elsewhere(mine, wanted, [one, other, two, bare], most=4, by="nearest")
    assert [(h.text, h.dataset, h.example, h.wanted) for h in found.found] == [
        ("right", two.name, "east", "e"),  # 25° off
        ("up", one.name, "north", "n"),  # 30° off, and the same text in the other set does not come again
        ("down", one.name, "east", "e"),  # as near as "left", which is of a later set
        ("left", two.name, "north", "n"),
    ]
    assert found.found[0].similarity == pytest.approx(np.cos(np.radians(25)), abs=1e-3)
    assert [(h.text, h.dataset) for h in found.copies] == [("top", two.name), ("nearly", one.name)]
    assert [one.texts for one in found.searched] == [4, 0, 4, 0]
    assert "are of another model" in found.searched[1].why_not and "It has no vectors" in found.searched[3].why_not
    with_copies = elsewhere(mine, wanted, [one, two], most=3, by="nearest", copies=True)
    assert [h.text for h in with_copies.found] == ["top", "nearly", "north"]
    with pytest.raises(EngineError, match="winnow embed"):
        elsewhere(mine, wanted, [other, bare])


def test_by_the_mean_a_row_between_the_examples_of_a_target_comes_before_one_beside_a_single_one(tmp_path):
    mine = at(tmp_path, ["a", "b", "far"], [0, 60, 180])
    other = at(tmp_path, ["between", "beside", "alone"], [30, -20, 205])
    wanted = examples_ref(mine, "two", {}, rows={"pair": np.array([0, 1]), "single": np.array([2])}, embedding="given")
    found = elsewhere(mine, wanted, [other])
    # The single one, 25° off; between, 30° off both; beside, 20° and 80°: 0.91, 0.87, 0.56.
    assert [(h.text, h.wanted) for h in found.found] == [("alone", "single"), ("between", "pair"), ("beside", "pair")]
    nearest = elsewhere(mine, wanted, [other], by="nearest")
    assert [h.text for h in nearest.found] == ["beside", "alone", "between"]


@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
def test_what_was_found_opens_as_a_dataset_that_says_where_each_row_is_from(tmp_path, kind):
    mine, other = at(tmp_path, ["north"], [90]), at(tmp_path, ["up", "down"], [60, 270])
    wanted = examples_ref(mine, "north", {}, rows={"n": np.array([0])}, embedding="given")
    file = tmp_path / f"found.{kind}"
    file.write_bytes(elsewhere(mine, wanted, [other]).written(kind))
    data = engine.open([file], tmp_path / "ws", options=engine.opening.SourceOptions(text="text"))
    assert data.texts(data.rows()) == ["up", "down"]
    assert data.strings("source_dataset", data.rows()) == [other.name] * 2
    assert data.strings("source_key", data.rows()) == other.keys(other.rows())
