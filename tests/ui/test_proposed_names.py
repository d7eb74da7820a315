"""Names from a model are offered only where an endpoint is switched on, and what they cost is said first."""

import numpy as np
from streamlit.testing.v1 import AppTest

from engine.building import build, spec
from engine.dataset.dataset import Dataset
from engine.store import Store
from engine.topics import Proposals
from tests.engine.small import circle, corpus, embedded
from ui.explore import proposed_names

KEY = "topics@given"


def _page(folder: str) -> None:
    from pathlib import Path

    from engine.dataset.dataset import Dataset
    from engine.store import Store
    from ui.explore.proposed_names import proposed_names

    proposed_names(Dataset.load(Store(Path(folder))), "topics@given")


def test_names_from_a_model_are_off_and_cost_is_said_first_and_each_is_taken(tmp_path, monkeypatch) -> None:
    data = embedded(
        corpus(tmp_path, {"text": ["apple pie", "apple tree", "car race", "car door"]}), circle([0, 1, 90, 91])
    )
    data = build(data, {"graph@given": spec("graph", on="given")})
    data = build(data, {KEY: spec("topics", "kmeans", {"topics": 2}, on="given")})
    page = AppTest.from_function(_page, args=(str(data.store.folder),))
    assert not page.run().toggle and not page.exception
    monkeypatch.setenv("WINNOW_NAMES_URL", "http://localhost:1/v1")
    monkeypatch.setenv("WINNOW_NAMES_MODEL", "small")
    number = int(np.asarray(data.topics(KEY).topic)[0])
    monkeypatch.setattr(
        proposed_names, "propose", lambda asked, to: Proposals({number: "<b>Fruit</b>"}, ("One failed.",))
    )
    page.run().toggle(key="tree/proposing").set_value(True).run()
    assert "1 request with " in page.caption[0].value and "the model small" in page.caption[0].value
    page.button(key="tree/propose").click().run()
    assert page.warning[0].value == "One failed\\."
    page.button(key=f"tree/take/{number}").click().run()
    assert Dataset.load(Store(data.store.folder)).topics(KEY).names[number] == "<b>Fruit</b>"
    assert not page.exception
