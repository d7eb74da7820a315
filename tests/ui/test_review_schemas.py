"""Labels of two sets are brought together in a table, and the joined column is made beside the one that came."""

from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.dataset.dataset import Dataset
from tests.engine.labels.test_schemas import two_sets
from tests.engine.small import corpus
from ui.frame import state

PAGE = Path(__file__).resolve().parent.parent.parent / "pages/review.py"


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace of the test's own."""
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)


def drawn(data: Dataset, **said: object) -> AppTest:
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["who"], page.session_state["dataset"] = "somebody", data.name
    page.session_state["review/view"] = "Schemas"
    for key, value in said.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def test_the_table_is_edited_and_becomes_a_column_that_can_be_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = two_sets(tmp_path)
    page = drawn(data, **{"review/schemas/way/label": "One column, of several sources"})
    (table,) = [frame.value for frame in page.dataframe]
    assert set(table["Label"]) == {"cat", "dog", "cow", "oak", "elm", "fir"} and set(table["Choice"]) == {"part of"}
    assert dict(zip(table["Label"], table["Becomes"], strict=True))["elm"] == "tree"
    assert set(table["How"]) == {"meaning of 10"} and set(table["Interval"]) == {"72 to 100%"}  # ten of ten, Wilson
    page.button(key="review/schemas/make").click().run()
    assert not page.exception
    made = Dataset.load(data.store)
    assert set(made.strings("label as wide", made.rows())) == {"beast", "tree"}
    assert made.strings("label", np.arange(2)) == ["cat", "dog"]
    page.button(key="review/schemas/away").click().run()
    assert "label as wide" not in Dataset.load(data.store).columns

    drawn_table = st.data_editor

    def edited(table: dict[str, list[str]], **more: object) -> object:
        drawn_table(table, **more)  # type: ignore[call-overload]
        other = {"cow": ("none", "beast"), "elm": ("same", "beast")}
        rows = [other.get(x, (c, b)) for x, c, b in zip(table["Label"], table["Choice"], table["Becomes"], strict=True)]
        return table | {"Choice": [c for c, _ in rows], "Becomes": [b for _, b in rows]}

    monkeypatch.setattr(st, "data_editor", edited)
    page.radio(key="review/schemas/rest").set_value("go missing").run()
    assert "**5** labels become **2**; 1 go missing" in " ".join(one.value for one in page.markdown)
    page.button(key="review/schemas/make").click().run()
    made = Dataset.load(data.store)
    assert made.strings("label as wide", np.arange(6)) == ["beast", "beast", None, "tree", "beast", "tree"]
    assert made.strings("label as wide", np.array([60])) == ["beast"]  # the other set has its own words


def test_what_lacks_for_two_sets_is_said_with_the_way_there(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": list("aabbab"), "text": [f"a text {i}" for i in range(6)]})
    assert "Prepare the corpus on Open" in " ".join(one.value for one in drawn(data).info)
