"""Steps against another set and against another part: what goes, why, and that the set travels with the recipe."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset import TextSet
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting import RecipeFile, packed, refuse_foreign
from engine.recipe import Recipe, Step, overlaps_step, run, snapshots, whys
from tests.engine.small import corpus

ITEM = "which of these two trains arrives first at the station in the old town"
ROWS = [ITEM, "trains are late", f"Q: {ITEM.upper()}?!", None, ITEM.replace("station", "harbour"), "which of these two"]


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return corpus(tmp_path, {"text": ROWS, "split": ["test", "test", "train", "train", "train", None]})


def left(data: Dataset, step: Step) -> list[int]:
    return np.sort(run(data, Recipe(steps=(step,))).rows).tolist()


def test_rows_that_hold_an_item_go_and_the_reason_names_it_and_shows_the_words(data: Dataset) -> None:
    step = overlaps_step(data, TextSet.of("the exam", ["", "something else entirely, of no use here", ITEM]))
    assert left(data, step) == [1, 3, 5]
    whole, edited = whys(run(data, Recipe(steps=(step,))), np.array([2, 4]))
    assert "shares 14 words (in a row) with item 2 of the exam: “which of these two trains" in whole.text
    assert "shares 13 words (in pieces, 9 in a row) with item 2 of the exam" in edited.text
    assert left(data, overlaps_step(data, TextSet.of("the exam", [ITEM]), edited=False)) == [1, 3, 4, 5]


def test_the_step_runs_on_other_data_with_the_set_that_came_in_its_file(data: Dataset, tmp_path: Path) -> None:
    step = Step("not", steps=(overlaps_step(data, TextSet.of("the exam", [ITEM]), do="keep"),)).checked()
    file = RecipeFile.of_text(packed(data, Recipe(steps=(step,))).text())
    other = corpus(tmp_path, {"text": ["new", ITEM]})
    refuse_foreign(file.recipe, other)
    file.put_into(other.store)
    assert run(other, file.recipe).rows.tolist() == [0]


def test_a_set_of_a_part_is_not_judged_itself_and_needs_no_texts_beside_the_recipe(data: Dataset) -> None:
    step = Step("overlaps_part", {"by": "split", "values": ["test"]}).checked()
    assert left(data, step) == [0, 1, 3, 5]
    (reason,) = whys(run(data, Recipe(steps=(step,))), np.array([2]))
    assert "shares 14 words (in a row) with row 0" in reason.text
    assert left(data, Step("overlaps_part", {"by": "split", "values": ["no such part"]}).checked()) == [
        0,
        1,
        2,
        3,
        4,
        5,
    ]


def test_a_set_without_texts_and_one_too_large_are_refused_with_a_way_out(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EngineError, match="no text to compare with: all of its 3 rows are empty"):
        TextSet.of("the exam", ["", None, " \n"])
    monkeypatch.setattr(snapshots, "MOST_TEXTS", 10)
    with pytest.raises(EngineError, match="overlaps_part"):
        overlaps_step(data, TextSet.of("the exam", [ITEM]))


def test_a_set_from_a_file_that_does_not_say_the_row_of_each_text_is_refused(data: Dataset) -> None:
    ref = data.store.write_ref("texts", {"name": "the exam", "texts": [ITEM], "rows": []})
    with pytest.raises(EngineError, match="1 texts, but 0 rows"):
        run(data, Recipe(steps=(Step("overlaps", {"other": ref}).checked(),)))


def test_of_equal_texts_of_a_set_the_first_is_named() -> None:
    assert TextSet.of("a", ["x", None, "y", "x"]) == TextSet("a", ("x", "y"), (0, 2))
