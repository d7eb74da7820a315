"""The map's colours offer agreement with neighbours where labels are: measured when asked for, told in words."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from engine.building import build, key_of, spec
from engine.dataset.dataset import Dataset
from tests.engine.small import corpus, embedded, mapped
from ui.explore import agreement, explore
from ui.frame import jobs, state
from ui.map.scatter import by_number

ENTRY = "agreement with neighbours: label"


def heaps(tmp_path: Path, *, graph: bool = True) -> Dataset:
    """Two heaps of ten texts; the last row of the first says what the second says."""
    labels = ["a"] * 9 + ["b"] * 11
    data = corpus(tmp_path, {"text": [f"text {i}" for i in range(20)], "label": labels, "n": list(range(20))})
    code = np.repeat([0, 1], 10)
    vectors = np.eye(8)[code] + np.random.default_rng(0).normal(0, 0.2, (20, 8))
    data = embedded(data, vectors / np.linalg.norm(vectors, axis=1, keepdims=True), graph=graph)
    return mapped(data, code, np.arange(20))


def test_the_entry_is_offered_where_labels_and_neighbours_are_and_never_first(tmp_path: Path) -> None:
    data = heaps(tmp_path)
    found = explore._colours(data, "flat@given")
    assert ENTRY in found and found[0] != ENTRY
    assert agreement.entries(data, "given") == [ENTRY]
    assert agreement.entries(heaps(tmp_path, graph=False), "given") == []
    assert agreement.label_of(data, ENTRY) == "label" and agreement.label_of(data, "label") == ""
    assert agreement.label_of(data, "agreement with neighbours: gone") == ""


def test_what_was_measured_is_the_colour_and_the_legend_says_what_it_means(tmp_path: Path) -> None:
    data = heaps(tmp_path)
    assert agreement.column_of(data, "given", "label") is None
    made = spec("signal", "label_agreement", {"embedding": "given", "label": "label"})
    data = build(data, {key_of(made): made})
    column = agreement.column_of(data, "given", "label")
    assert column is not None and data.numbers(column)[9] < 0.1 < 0.7 < data.numbers(column)[0]
    colour = agreement.in_words(by_number("d", column, data.numbers(column)), "label")
    assert colour.name == "Agreement of label with neighbours" and "Violet, on the left: hardly any" in colour.hint


def offered() -> None:
    """The offer, as a script of its own."""
    import streamlit as st

    from ui.explore import agreement

    agreement.offer(st.session_state["data"], "given", "label")


def test_choosing_it_offers_to_measure_with_what_it_takes_as_a_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)
    monkeypatch.setattr(jobs, "launch", lambda store, work, title: started.append((work, title)))
    page = AppTest.from_function(offered)
    page.session_state["data"] = heaps(tmp_path)
    page.run()
    assert "not measured yet" in page.info[0].value and page.button[0].label.startswith("Measure it (")
    page.button[0].click().run()
    assert [error.message for error in page.exception] == []
    ((work, title),) = started  # type: ignore[misc]
    assert title == "Agreement of label with neighbours"
    assert work["items"][0][1]["params"]["label"] == "label"
