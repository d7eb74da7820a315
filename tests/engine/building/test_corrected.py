"""Corrected cells become a column beside the original; what stands on the cell as it was is known as stale."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine import export, replay, verify
from engine.building import (
    build,
    correctable,
    corrected_column,
    in_question,
    lacks,
    on_the_text,
    reads_corrected,
    spec,
    stale,
    with_corrected,
)
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting import read_file
from engine.marks import answer, correct, restore
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe import Recipe, Step, run

NAME = "text (corrected)"


def opened(folder: Path, lines: str = "a,one fish,1\nb,too,2\nc,three,3\n", **options: object) -> Dataset:
    (folder / "s.csv").write_text("id,text,stars\n" + lines)
    how = SourceOptions(text="text", id="id", **options)  # type: ignore[arg-type]
    return open_source(folder / "s.csv", folder / "w", name="s", options=how)


def cells(data: Dataset, column: str) -> list[object]:
    return data.column(column).to_pylist()


def test_corrections_become_a_column_of_the_same_type_and_the_original_stays(tmp_path: Path) -> None:
    data = opened(tmp_path)
    correct(data, 1, "text", "two", by="ada")
    correct(data, 2, "stars", "5", by="ada")
    assert corrected_column(data, "text") is None and lacks(data, "text") == 1
    data = with_corrected(with_corrected(data, "text"), "stars")
    assert (cells(data, NAME), cells(data, "text")) == (["one fish", "two", "three"], ["one fish", "too", "three"])
    assert (cells(data, "stars (corrected)"), data.info("stars (corrected)").type) == ([1, 2, 5], "integer")
    assert lacks(data, "text") == 0 and correctable(data)[NAME] == "text"
    correct(data, 0, "text", "")
    restore(data, 1, "text")
    assert lacks(data, "text") == 2  # one more, one taken back
    data = with_corrected(data, "text")
    assert cells(data, NAME) == [None, "too", "three"] and list(data.added).count(NAME) == 1
    restore(data, 0, "text")
    assert [(one.column, one.cells) for one in in_question(data)] == [("stars", 1), ("text", 0)]
    assert cells(with_corrected(data, "text"), NAME) == ["one fish", "too", "three"]
    with pytest.raises(EngineError, match="No cell of 'id' is corrected"):
        with_corrected(data, "id")


def test_what_stands_on_a_corrected_cell_is_stale_until_it_is_measured_on_the_new_one(tmp_path: Path) -> None:
    data = opened(tmp_path)
    data = build(data, ["characters", "lexical"])
    shout = spec("edit", "replace", {"pattern": "o", "by": "0"}, on="text")
    data = build(data, {"shout": shout})
    keys, all_rows = ["characters", "shout", "stars", "text"], data.rows()
    assert stale(data, all_rows, keys) == [[], [], []]
    correct(data, 1, "text", "two", by="ada")
    correct(data, 0, "stars", "4", by="ada")  # on which nothing stands
    assert stale(data, all_rows, keys) == [[], ["characters", "shout"], []]
    again = on_the_text(data)
    assert set(again) == {"characters", "lexical"}
    data = build(reads_corrected(with_corrected(data, "text"), "text"), again)
    assert data.texts(all_rows) == ["one fish", "two", "three"] and cells(data, "characters") == [8, 3, 5]
    assert stale(data, all_rows, keys) == [[], ["shout"], []]
    restore(data, 1, "text")  # taken back: what was measured on the corrected text is stale now, what was not is not
    assert stale(data, all_rows, keys) == [[], ["characters"], []]


def test_a_recipe_takes_the_corrections_along_and_a_replay_gives_the_same_cells(tmp_path: Path) -> None:
    data = opened(tmp_path)
    correct(data, 2, "stars", "5")
    correct(data, 1, "text", "two fish", by="ada")
    data = reads_corrected(with_corrected(with_corrected(data, "stars"), "text"), "text")
    step = Step("text", {"find": "fish"}).checked()
    made = export(run(data, Recipe(steps=(step,))), tmp_path / "out", format="jsonl")
    out = [json.loads(line) for line in (tmp_path / "out" / "data.jsonl").read_text().splitlines()]
    assert [(row["text"], row[NAME]) for row in out] == [("one fish", "one fish"), ("too", "two fish")]
    bodies = [json.loads(ref.read_text()) for ref in (tmp_path / "out" / "refs").iterdir()]
    (body,) = [one for one in bodies if one["column"] == "text"]
    assert (body["kind"], body["keys"], body["values"], body["by"]) == ("cells", ["b"], ["two fish"], ["ada"])
    assert body["at"][0].endswith("+00:00")
    recipe = tmp_path / "out" / "recipe.json"
    again = replay(recipe, [tmp_path / "s.csv"], tmp_path / "again")
    assert again.rows.digest == made.rows.digest
    assert (tmp_path / "again" / "data.jsonl").read_bytes() == (tmp_path / "out" / "data.jsonl").read_bytes()
    assert read_file(tmp_path / "out").recipe.edits[NAME].on == "text"
    # On other rows those that are here are taken over; the corrections of the others are passed over.
    (tmp_path / "t.csv").write_text("id,text,stars\nx,a fish,1\n")
    there = replay(recipe, [tmp_path / "t.csv"], tmp_path / "there")
    assert there.rows.kept == 1
    passed = "Corrections passed over in text (corrected): 1, of rows that are not here."
    assert passed in (tmp_path / "there" / "README.md").read_text()
    assert verify(tmp_path / "there").ok


def test_a_source_that_changed_keeps_the_column_without_the_rows_that_are_gone(tmp_path: Path) -> None:
    data = opened(tmp_path)
    correct(data, 1, "text", "two", by="ada")
    correct(data, 2, "stars", "5")
    answer(data, np.array([1]), "stars", "4", annotator="ada")
    data = with_corrected(with_corrected(data, "text"), "stars")
    assert cells(data, "stars (corrected)") == [1, 4, 5]
    data = opened(tmp_path, "c,three,many\na,one fish,1\n")
    assert cells(data, NAME) == ["three", "one fish"] and data.added[NAME].notes["gone"] == 1
    assert cells(data, "stars (corrected)") == ["5", "1"] and lacks(data, "stars") == 0


def test_an_export_that_masks_a_column_does_not_let_its_corrections_out(tmp_path: Path) -> None:
    data = opened(tmp_path)
    correct(data, 1, "text", "write to ada.lovelace@firma-meier.de", by="ada")
    data = with_corrected(data, "text")
    with pytest.raises(EngineError, match="the corrections of 'text' .* as they were typed"):
        export(run(data, Recipe()), tmp_path / "out", mask={"kinds": {"emails": "[EMAIL]"}})


def test_corrections_of_another_column_are_refused(tmp_path: Path) -> None:
    data = opened(tmp_path)
    correct(data, 1, "text", "two")
    made = with_corrected(data, "text").added[NAME].spec
    with pytest.raises(EngineError, match="of the column 'text', not 'stars'"):
        build(data, {"x": spec("edit", made.member, made.params, on="stars")})
    assert np.array_equal(data.rows(), [0, 1, 2])
