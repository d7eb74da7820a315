"""Labels of other tools come back on the page Review: said in words first, then taken over, once."""

import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.dataset.dataset import Dataset
from engine.labels import Answer
from engine.marks import answer, answers, settled
from tests.engine.small import corpus
from ui.review import round_trip
from ui.review.labels import Reviewed


def back() -> None:
    """Half of the expander, as a script of its own."""
    import streamlit as st

    from ui.review import round_trip
    from ui.widgets.say import part

    with part():
        round_trip._back(st.session_state["data"], st.session_state["of"])
        round_trip._out(st.session_state["data"], st.session_state["of"], st.session_state["data"].rows())


def words(page: AppTest) -> str:
    assert [error.message for error in page.exception] == []
    return " ".join(e.value for kind in ("markdown", "error", "success", "warning", "caption") for e in page.get(kind))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dataset:
    monkeypatch.setattr(round_trip.state, "who", lambda: "1")
    monkeypatch.setattr(round_trip.state, "was_told", lambda: None)
    return corpus(tmp_path, {"text": ["w " * 3_000_000, "b", "c", "d"], "label": ["x", "y", "<b>*x*", "y"]})


def exported(*said: Answer) -> bytes:
    """As Label Studio exports the small form."""
    made = [{"winnow_key": a.key, "label": a.label, "annotator": a.who or None, "updated_at": a.at} for a in said]
    return json.dumps(made).encode()


def test_what_comes_back_is_said_then_taken_over_once_and_those_who_differ_wait(data: Dataset) -> None:
    a, b, c, _ = data.keys(data.rows())
    answer(data, np.array([1]), "label", "y", annotator="cy")
    page = AppTest.from_function(back, default_timeout=60)
    page.session_state["data"], page.session_state["of"] = data, Reviewed("label", "", "cy")
    page.run()
    assert page.code[0].language == "xml"
    at = "2026-01-02T10:00:00Z"
    file = exported(Answer(a, "y", "7", at), Answer(b, "x", "7", at), Answer(c, "Y!", ""), Answer("no", "x", "7"))
    page.file_uploader[0].upload("back.json", file).run()
    said = words(page)
    assert "**2** to take over, by 1 person" in said and "**2** left out" in said and "**1 row** where people" in said
    page.selectbox(key="review/trip/meant/label/Y!").select("y").run()
    page.text_input(key="review/trip/who").set_value("ann").run()
    page.button(key="review/trip/take").click().run()
    assert "3 answers are taken over" in words(page) and page.button(key="review/trip/take").disabled
    given = {(one.row, one.annotator): (one.label, one.at[:10]) for one in answers(data, "label")}
    assert (given[0, "7"], given[1, "7"]) == (("y", "2026-01-02"), ("x", "2026-01-02")) and (2, "ann") in given
    assert settled(data, "label").open.tolist() == [1]


@pytest.mark.parametrize(
    ("raw", "why"),
    [(exported(Answer("k", "x"))[:-9], "It may be cut off"), (exported(Answer("k", "x")), "another dataset")],
)
def test_a_file_that_does_not_belong_here_is_refused_in_words(data: Dataset, raw: bytes, why: str) -> None:
    page = AppTest.from_function(back, default_timeout=60)
    page.session_state["data"], page.session_state["of"] = data, Reviewed("label", "", "cy")
    page.run()
    page.file_uploader[0].upload("back.json", raw).run()
    assert why in words(page)
