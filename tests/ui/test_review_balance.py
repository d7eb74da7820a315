"""The view Balance of Review: its tables, the cap that becomes a step, a budget dealt out, synthetic rows apart."""

import io
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from engine.dataset.dataset import Dataset
from engine.labels import synthetic, synthetic_file
from engine.marks import Desk, name_labels
from engine.recipe import draft
from engine.recipe.run import run
from tests.engine.small import corpus, embedded, mapped
from ui.frame import state
from ui.review.balance import page as view

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace of the test's own."""
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)


def heaps(tmp_path: Path) -> Dataset:
    """Forty rows of A in one heap, forty of B in another, four of C among those of A; 68 of 84 come from one source."""
    vectors = np.eye(32)[[0] * 40 + [1] * 40 + [0] * 4] + np.random.default_rng(0).normal(0, 0.12, (84, 32))
    labels = ["*A*"] * 40 + ["B"] * 40 + ["C"] * 4
    sources = ["web" if i % 10 < 8 else f"s{i % 10}" for i in range(84)]
    return embedded(
        corpus(tmp_path, {"label": labels, "source": sources}), vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    )


def drawn(data: Dataset, part: str, **said: object) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages/review.py"), default_timeout=60)
    page.session_state["who"], page.session_state["dataset"] = "somebody", data.name
    page.session_state["review/view"], page.session_state["review/balance/part"] = "Balance", part
    for key, value in said.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def words(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.warning, page.error)
    return " ".join(one.value for kind in kinds for one in kind)


def test_labels_stand_with_how_well_they_are_told_and_a_rare_one_among_others_warns(tmp_path: Path) -> None:
    page = drawn(heaps(tmp_path), view.CLASSES)
    table = page.dataframe[0].value.set_index("Label")
    assert table["Rows"].to_dict() == {"*A*": 40, "B": 40, "C": 4} and table.loc["B", "Can be told"] == "well"
    assert table.loc["C", "Can be told"] == "badly" and table.loc["C", "Most confused with"] == "*A*"
    assert (
        table.loc["C", "Weighing it up"] == "× 7: 3 gained, 7 lost (7 of “*A*”)"
        and table.loc["B", "Weighing it up"] == ""
    )
    assert "**3** labels" in words(page) and "1 can be told badly" in words(page)
    assert "would hurt others" in words(page) and "7 of “\\*A\\*”" in words(page)  # text of the corpus, no markup


def test_without_labels_or_vectors_it_says_the_way_out(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": list("aabbab")})
    assert "prepare the corpus on Open" in words(drawn(data, view.SYNTHETIC))
    name_labels(data.store, "kind", ["x", "y"], who="somebody")
    assert "make a column of the answers" in words(drawn(data, view.CLASSES, **{"review/label": "kind"}))


def test_a_cap_on_the_sources_becomes_a_step_that_can_be_changed_and_undone(tmp_path: Path) -> None:
    data = heaps(tmp_path)
    page = drawn(data, view.GROUPS, **{"review/balance/groups/column": "source"})
    # 68 of 84 from one source, 8 and 8 from the others: 40 % of what stays is 10 of 26.
    (share,) = page.slider
    page = share.set_value(40.0).run()
    assert not page.exception and [m.value for m in page.metric][0] == "81.0%"
    assert "At most **10** rows of each source: **26** of 84 stay, 58 go, from 1 group." in words(page)
    page = page.button(key="review/balance/groups/go").click().run()
    assert not page.exception and page.button(key="review/balance/groups/go").disabled
    page = page.slider[0].set_value(50.0).run()
    page = page.button(key="review/balance/groups/go").click().run()
    desk = Desk(data.store, "somebody")
    (step,) = (recipe := draft(desk).recipe).steps
    assert (step.do, step.params["column"], step.params["most"]) == ("at_most", "source", 16)
    assert len(run(data, recipe).rows) == 32
    desk.undo()
    assert draft(desk).recipe.steps[0].params["most"] == 10


def test_a_budget_is_dealt_out_when_asked(tmp_path: Path) -> None:
    page = drawn(heaps(tmp_path), view.BUDGET)
    assert "waits for the button" in words(page) and not page.dataframe
    page = page.button(key="review/balance/budget/go").click().run()
    assert not page.exception
    table = page.dataframe[0].value
    assert table["Group"].tolist() == ["*A*", "B"] and table["Labels so far"].tolist() == [40, 40]
    assert table["Told rightly now"][1] == 100 and "Not measured" in words(page) and "C 4" in words(page)
    assert table["Even"].tolist() == [250, 250] and table["By learning"].sum() <= 500
    assert (table["then, even"] >= table["Told rightly now"]).all()


def test_synthetic_rows_are_counted_and_go_out_as_a_file_of_their_own(tmp_path: Path) -> None:
    data = heaps(tmp_path)
    page = drawn(data, view.SYNTHETIC, **{"review/balance/synthetic/count/label/C": 12})
    assert page.selectbox(key="review/balance/synthetic/label/label").value == "C"  # the rarest first
    assert "no better than plain copies" in words(page) and "There is no map" in words(page)
    made = synthetic(data, "label", "C", "given", count=12)
    assert not made.crowded.any() and "**0%** of the synthetic rows lie on others' ground" in words(page)
    table = pq.read_table(io.BytesIO(synthetic_file(data, made)))
    assert table.num_rows == 12 and set(table["synthetic"].to_pylist()) == {True}
    assert Dataset.load(data.store).n == 84
    data = mapped(data, np.arange(84.0), np.arange(84.0))
    page = drawn(data, view.SYNTHETIC)
    assert "drawn between the places of the two rows" in words(page) and "There is no map" not in words(page)
