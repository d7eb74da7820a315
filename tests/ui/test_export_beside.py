"""On the page Export a column of numbers becomes the weight of the rows; what cannot be one is said before writing."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.dataset.dataset import Dataset
from tests.engine.small import circle, corpus, embedded
from ui.export import write
from ui.frame import state

PAGE = Path(__file__).resolve().parents[2] / "pages" / "export.py"


def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: Dataset) -> AppTest:
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)
    monkeypatch.setenv("WINNOW_FOLDERS", str(tmp_path))
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    page.session_state["dataset"], page.session_state["who"] = data.name, "a-browser"
    page.run()
    assert [error.message for error in page.exception] == []
    return page


def test_a_weight_is_chosen_and_what_is_none_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"], "good": [0.5, None], "bad": [-1.0, 1.0]})
    page = shown(tmp_path, monkeypatch, data)
    page.selectbox(key="export/weight").select("bad").run()
    assert "cannot be a weight" in " ".join(error.value for error in page.error)
    page.selectbox(key="export/weight").select("good").run()
    assert "1 of 2 rows have no value" in " ".join(error.value for error in page.error)
    page.number_input(key="export/weight/missing").set_value(1.0).run()
    assert not page.error and page.dataframe[0].value["weight"].tolist() == ["0.5", "1.0"]


def test_soft_labels_are_offered_where_doubt_was_measured_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = ["a", "a", "a", "b", "b", "b"]
    data = embedded(corpus(tmp_path, {"label": labels}), circle([0, 2, 4, 90, 92, 94]))
    page = shown(tmp_path, monkeypatch, data)
    assert "export/soft" not in [box.key for box in page.selectbox]
    monkeypatch.setattr(write.engine.exporting, "can_be_soft", lambda data: {"label": ("given",)})
    page.run()
    page.selectbox(key="export/soft").select(("label", "given")).run()
    assert "'a'" in page.dataframe[0].value["soft_label"][0]
