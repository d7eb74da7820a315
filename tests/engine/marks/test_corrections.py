"""Corrections of single cells: checked against the column, replaced, taken away, undone; what came stays."""

import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from engine.dataset import Dataset, cell_texts, typed_cells
from engine.dataset.typed_cell import _value
from engine.errors import EngineError, NotFound
from engine.marks import (
    LONGEST_CELL,
    Corrected,
    Desk,
    correct,
    corrected,
    corrections,
    corrections_at,
    restore,
)
from tests.engine.small import corpus


def values(data: Dataset, column: str) -> dict[int, str | None]:
    return {one.row: one.value for one in corrections(data, column)}


def test_a_correction_is_replaced_taken_away_and_undone_and_what_came_stays(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["one", "too", "three", ""]})
    assert correct(data, 1, "text", "twoo", by=" ada ", who="tab")
    assert correct(data, 1, "text", "<b>two</b> \U0001f600\0 ولد\n\ud800", by="bo", who="tab")
    (one,) = corrections(data, "text")
    assert (one.row, one.value, one.by) == (1, "<b>two</b> \U0001f600 ولد\n?", "bo") and one.at.endswith("+00:00")
    assert not correct(data, 1, "text", one.value, by="cy")  # said already, by bo
    assert [sorted(at) for at in corrections_at(data, np.array([0, 1]))] == [[], ["text"]]
    desk = Desk(data.store, "tab")
    assert desk.undo().words == "“text” of row 1 corrected"
    assert values(data, "text") == {1: "twoo"} and corrections(data, "text")[0].by == "ada"
    desk.redo()
    assert correct(data, 1, "text", "too")  # as it came
    assert not values(data, "text") and not restore(data, 1, "text") and not correct(data, 3, "text", None)
    assert correct(data, 0, "text", "") and values(data, "text") == {0: None}
    assert corrected(data) == [Corrected("text", 1, 0, ())] and data.texts(data.rows())[0] == "one"


def test_a_value_has_to_fit_its_column_and_is_kept_in_the_columns_own_words(tmp_path: Path) -> None:
    day = datetime.date(2024, 6, 30)
    columns = {"n": [1, 2], "x": [0.5, 1.0], "yes": [True, False], "day": [day, day], "tags": [["a"], ["b", "c"]]}
    data = corpus(tmp_path, columns)
    said = {"n": " 07 ", "x": "3.0", "yes": "NO", "day": "2024-07-01", "tags": '["b", "ü"]'}
    kept = {"n": "7", "x": "3", "yes": "false", "day": "2024-07-01", "tags": '["b","ü"]'}
    for column, text in said.items():
        assert correct(data, 0, column, text) and values(data, column) == {0: kept[column]}, column
        assert typed_cells(data, column, [kept[column]])[0] is not None
    assert cell_texts(data, "tags", np.array([1])) == ['["b","c"]']
    for column, text, words in [
        ("n", "2.5", "not a whole number"), ("n", "9" * 30, "whole number"), ("x", "nan", "not a number"),
        ("x", "1_0", "not a number"), ("yes", "maybe", "not true or false"), ("day", "30.6.2024", "not a date"),
        ("tags", "a, b", "not a list"), ("tags", "[1", "not a list"), ("tags", "[" * 100_000, "not a list"),
    ]:  # fmt: skip
        with pytest.raises(EngineError, match=words):
            correct(data, 1, column, text)
        assert 1 not in values(data, column)
    with pytest.raises(EngineError, match="200,001 characters; 200,000 is the most"):
        correct(data, 1, "text", "x" * (LONGEST_CELL + 1))
    with pytest.raises(NotFound, match="column"):
        correct(data, 1, "nmae", "x")


def test_a_field_that_a_type_has_no_place_for_and_a_zone_too_many_are_refused() -> None:
    turn = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
    assert _value(turn, '[{"role": "user"}]', "chat").as_py() == [{"role": "user", "content": None}]
    moment = pa.timestamp("us", "Europe/Berlin")
    assert _value(moment, "2024-07-01 12:00", "t").as_py().isoformat() == "2024-07-01T12:00:00+02:00"
    for kind, text in ((turn, '[{"who": "user"}]'), (pa.timestamp("us"), "2024-07-01T12:00Z"), (pa.int8(), "300")):
        with pytest.raises(EngineError, match="is not"):
            _value(kind, text, "c")
