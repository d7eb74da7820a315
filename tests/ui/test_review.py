"""Review in a browser: doubtful labels are measured, answered by keys, taken back, and become a column."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from engine.building import build, key_of, spec, with_corrected
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.labels import labelled, sure_labels, suspects
from engine.marks import Desk, answer, answers, label_set, settled
from engine.recipe import Recipe, Step, change_draft
from tests.engine.small import corpus, embedded
from tests.ui.served import rest
from ui.frame import state
from ui.reader.book import Act
from ui.review import answering, progress, queue
from ui.review.labels import Reviewed, wanted
from ui.review.labels import labelled as asked_about
from ui.review.work import Work

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace of the test's own."""
    monkeypatch.setattr(state, "WORKSPACE", tmp_path)
    monkeypatch.setenv("WINNOW_FOLDERS", str(tmp_path))


def planted(tmp_path: Path) -> Dataset:
    """Three heaps of forty rows; rows 3, 50 and 90 have the label of another heap."""
    code = np.repeat(np.arange(3), 40)
    vectors = np.eye(32)[code] + np.random.default_rng(0).normal(0, 0.12, (120, 32))
    labels = [f"c{c}" for c in code]
    for row, label in ((3, "c1"), (50, "c2"), (90, "c0")):
        labels[row] = label
    texts = [f"a text of heap {c}, number {i}" for i, c in enumerate(code)]
    data = corpus(tmp_path, {"text": texts, "label": labels})
    return embedded(data, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@pytest.mark.browser
@pytest.mark.slow
def test_doubtful_labels_are_answered_by_keys_taken_back_and_become_a_column(
    shared: tuple[Path, str], page: "Page"
) -> None:
    workspace, address = shared
    data = planted(workspace)
    page.goto(f"{address}/review?dataset={data.name}")
    rest(page)
    page.get_by_role("textbox", name="Your name").fill("ada")
    page.get_by_role("textbox", name="Your name").press("Enter")
    page.get_by_role("button", name="Look for doubtful labels").click()
    expect(page.get_by_text("Wrong · 3")).to_be_visible(timeout=60_000)
    rest(page)
    row = page.locator(".reader article.row").first
    expect(row).to_contain_text("most say")
    row.click()
    page.keyboard.press("2")  # the label that neighbours and probe say
    page.keyboard.press("1")  # it is right as it came
    page.keyboard.press("e")
    page.get_by_label("Label of row").fill("tpyo")
    page.get_by_label("Label of row").press("Enter")
    expect(page.get_by_text("No label is called")).to_be_visible()
    page.get_by_label("Label of row").press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_text("of 3 rows answered")).to_contain_text("1 corrected, 1 confirmed, 1 unsure")
    expect(page.get_by_text("of the labels looked at here are wrong")).to_contain_text("50.0%")
    page.locator(".reader article.row").first.click()
    page.keyboard.press("u")
    expect(page.get_by_text("of 3 rows answered")).to_contain_text("1 corrected, 1 confirmed, 0 unsure")
    rest(page)
    page.get_by_role("button", name="Make the corrected column").click()
    page.get_by_text("has all 2 answers").wait_for()
    rest(page)
    page.locator(".reader article.row").nth(2).click()
    page.keyboard.press("2")
    page.get_by_role("button", name="Take up 1 answer").click()
    page.get_by_text("has all 3 answers").wait_for()
    made = Dataset.load(data.store)
    assert [(a.annotator, a.label is not None) for a in answers(made, "label")] == [("ada", True)] * 3
    came, now = (made.strings(name, made.rows()) for name in ("label", "label (corrected)"))
    assert made.keys_of("edit") == ["label (corrected)"] and sum(a != b for a, b in zip(came, now, strict=True)) == 2


@pytest.mark.browser
@pytest.mark.slow
def test_two_people_are_served_other_rows_and_beside_the_queue_stands_what_speaks_for_each_label(
    shared: tuple[Path, str], chromium: "Browser"
) -> None:
    workspace, address = shared
    data = planted(workspace)
    of = {"embedding": "given", "label": "label"}
    measured = [spec("signal", name, of) for name in ("label_agreement", "label_doubt")]
    build(data, {key_of(one): one for one in measured})
    pages = {}
    for name in ("ada", "bo"):
        page = pages[name] = chromium.new_context(viewport={"width": 1440, "height": 1300}).new_page()
        page.goto(f"{address}/review?dataset={data.name}")
        rest(page)
        page.get_by_role("textbox", name="Your name").fill(name)
        page.get_by_role("textbox", name="Your name").press("Enter")
        rest(page)
    pages["ada"].locator("article.row").first.click()
    expect(pages["ada"].locator(".aside .pane")).to_have_count(2)
    expect(pages["ada"].locator(".aside .pane .like").first).to_contain_text("a text of heap")
    pages["ada"].get_by_role("radio", name="Unlabelled").click()  # drawn again: the other is there by now
    for page in pages.values():
        page.get_by_role("radio", name="Random audit").click()
        rest(page)
        expect(page.get_by_role("button", name="2 people")).to_be_visible()
    first = {
        name: [int(a.get_attribute("data-row") or -1) for a in page.locator("article.row").element_handles()[:5]]
        for name, page in pages.items()
    }
    assert first["ada"][0] == first["bo"][0]  # goes to both
    assert not set(first["ada"][1:]) & set(first["bo"][1:])
    for page, key in zip(pages.values(), "12", strict=True):
        page.locator("article.row").first.click()
        expect(page.locator(".aside .pad .choice").first).to_contain_text("c")
        expect(page.locator(".aside .pane")).to_have_count(0)  # of an audit nobody is led
        page.keyboard.press(key)
        page.locator("article.row").first.locator(".badge.answer").wait_for()
    expect(pages["bo"].get_by_text("1 where annotators differ")).to_be_visible()
    pages["bo"].get_by_role("button", name="Figures").click()
    expect(pages["bo"].get_by_text("Krippendorff")).to_contain_text("on 1 row")
    pages["bo"].keyboard.press("Escape")
    pages["bo"].get_by_role("radio", name="Where annotators differ").click()
    expect(pages["bo"].get_by_text("row to settle")).to_be_visible()


def drawn(data: Dataset, queue_name: str, **said: object) -> AppTest:
    """The page at a queue. said: what is in the session besides."""
    page = AppTest.from_file(str(ROOT / "pages/review.py"), default_timeout=60)
    page.session_state["who"], page.session_state["dataset"] = "somebody", data.name
    page.session_state["review/name"] = "ada"
    label = str(said.pop("label", "label"))
    page.session_state[f"review/queue/{label}"] = queue_name
    for key, value in said.items():
        page.session_state[key] = value
    page.run()
    assert not page.exception, page.exception
    return page


def words(page: AppTest) -> str:
    """All that the page says."""
    return " ".join(one.value for kind in (page.markdown, page.caption, page.info, page.success) for one in kind)


def test_what_to_label_next_and_what_a_probe_is_sure_of(tmp_path: Path) -> None:
    code = np.repeat(np.arange(2), 60)
    vectors = np.eye(32)[code] + np.random.default_rng(0).normal(0, 0.05, (120, 32))
    labels: list[str | None] = [f"c{c}" if i % 60 < 40 else None for i, c in enumerate(code)]
    data = corpus(tmp_path, {"text": [f"a text {i}" for i in range(120)], "label": labels})
    data = embedded(data, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    page = drawn(data, queue.NEXT, **{"review/budget": 10})
    assert "40 texts without a label" in words(page) and "of 10 rows answered" in words(page)
    page = drawn(data, queue.SURE)
    assert "sure of 40 rows without one" in words(page)
    button = next(b for b in page.button if b.label.startswith("Accept the other"))
    assert button.disabled
    free = np.array([i for i, label in enumerate(labels) if label is None])
    held = f"review/held/{data.fingerprint}/label/sure"
    first = sure_labels(data, embedding="given", codes=labelled(data, "label").told, classes=2).audit[:20]
    for row in first.tolist():
        answer(data, np.array([row]), "label", f"c{code[row]}", annotator="ada")
    page = drawn(data, queue.SURE, **{held: page.session_state[held]})
    button = next(b for b in page.button if b.label.startswith("Accept the other"))
    assert "**100%** of the first 20 are right" in words(page) and not button.disabled
    button.click().run()
    assert not page.exception
    told = [a for a in answers(data, "label") if a.annotator == "model, accepted by ada"]
    assert len(told) == 20 and all(a.label == f"c{code[a.row]}" for a in told)
    assert (labelled(data, "label").told >= 0).sum() == 100 and set(free.tolist()) >= {a.row for a in told}


def test_a_set_of_labels_is_begun_where_there_is_none(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": [f"a text {i}" for i in range(6)]})
    page = AppTest.from_file(str(ROOT / "pages/review.py"), default_timeout=60)
    page.session_state["who"], page.session_state["dataset"] = "somebody", data.name
    page.run()
    assert not page.exception and "Nothing is selected" in words(page)
    page.text_input(key="review/labels/name").set_value("kind")
    page.text_area(key="review/labels/said").set_value("x\ny\n")
    page.run()
    page.button(key="review/labels/begin").click().run()
    assert not page.exception and page.selectbox(key="review/label").value == "kind"
    assert label_set(data.store, "kind") == ("x", "y")
    page.session_state["review/queue/kind"] = queue.LACKING
    page.run()
    assert "of 6 rows answered" in words(page)


def test_without_a_cut_it_is_said_where_to_make_one_and_without_vectors_words_are_asked(
    tmp_path: Path,
) -> None:
    data = corpus(tmp_path, {"n": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "label": list("aabbab")})
    page = drawn(data, queue.CUT)
    assert "No step of the recipe cuts by a number" in words(page)
    cut = Step("number_range", {"column": "n", "low": 2.5}).checked()
    change_draft(Desk(data.store, "somebody"), Recipe(steps=(cut,)), "cut")
    assert "of 6 rows answered" in words(drawn(data, queue.CUT))
    page = drawn(data, queue.DOUBTED)
    assert "from the words of the other rows" in words(page) and page.button(key="review/measure")
    by_words = spec("signal", "label_doubt_by_words", {"label": "label"})
    assert wanted(data, Reviewed("label", "", "ada")) == {key_of(by_words): by_words}


def test_a_model_of_ones_own_doubts_where_its_probabilities_came_along(tmp_path: Path) -> None:
    label = ["ham" if i % 2 else "spam" for i in range(200)]
    spam = [0.9 if one == "spam" else 0.1 for one in label]
    spam[7] = 0.99
    data = corpus(tmp_path, {"label": label, "p_spam": spam, "p_ham": [1 - p for p in spam]})
    page = drawn(data, queue.DOUBTED)
    assert not page.toggle(key="review/own/label").value and "from the words of the other rows" in words(page)
    page.toggle(key="review/own/label").set_value(True).run()
    assert "what your model found likely" in words(page)
    own = spec("signal", "label_doubt_by_probabilities", {"label": "label", "probabilities": ["p_spam", "p_ham"]})
    for of in (Reviewed("label", "", "ada", own=own), Reviewed("label", "given", "ada", own=own, alone=True)):
        assert wanted(data, of) == {key_of(own): own} and of.near == ""
    build(data, {key_of(own): own})
    page = drawn(data, queue.DOUBTED, **{"review/own/label": True})
    assert "of 1 row answered" in words(page) and "knows them by heart" in page.warning[0].value
    work = Work(data, Reviewed("label", "", "ada", own=own), labelled(data, "label"), None)
    work = replace(work, data=Dataset.load(data.store))
    work = replace(work, found=suspects(work.data, "label", embedding="", own=key_of(own)))
    (why,) = answering.whys(work, settling=False, leads=True)(np.array([7]))
    assert why.startswith("your model: 1% for it, likeliest spam")


def test_an_audit_counts_from_its_first_row_on(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": list("aabbab") * 20})
    rows = np.random.default_rng(0).permutation(120)
    answer(data, rows[2:5], "label", "zzz", annotator="ada")  # answered elsewhere, as doubtful ones
    work = Work(data, Reviewed("label", "", "ada"), labelled(data, "label"), None)
    assert "in order" in progress.audited(work, rows, False, 0.04).words
    for row in rows[:2]:
        name = str(data.strings("label", np.array([row]))[0])
        answer(data, np.array([row]), "label", name, annotator="ada")
    work = Work(data, Reviewed("label", "", "ada"), labelled(data, "label"), None)
    said = progress.audited(work, rows, False, 0.04).words
    assert said.startswith("**60.0%** of the labels looked at are wrong") and "rows more until" in said


def test_in_the_queue_of_conflicts_an_answer_settles_and_is_no_third_opinion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = corpus(tmp_path, {"label": ["a", "b"]})
    row = np.array([0])
    for who, label in (("ada", "a"), ("bo", "b")):
        answer(data, row, "label", label, annotator=who)
    monkeypatch.setattr(answering.state, "who", lambda: "1")
    monkeypatch.setattr(answering.state, "was_told", lambda: None)
    work = Work(data, Reviewed("label", "", "bo"), labelled(data, "label"), None)
    assert settled(data, "label").open.tolist() == [0]
    assert [one.answer for one in answering._standing(work, True, row)] == [""]  # also of who took part
    answering._act(work, True, Act("answer", row, "b"))
    assert [one.answer for one in answering._standing(work, True, row)] == ["b"]
    assert settled(data, "label").labels == ("b",)
    assert [a.annotator for a in answers(data, "label")] == ["", "ada", "bo"]
    with pytest.raises(EngineError, match="Unsure settles nothing"):
        answering._act(work, True, Act("unsure", row))
    answering._act(work, True, Act("unanswer", row))
    assert settled(data, "label").open.tolist() == [0]


def test_answers_to_corrected_labels_are_about_the_labels_that_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = corpus(tmp_path, {"label": ["a", "b", "b"]})
    answer(data, np.array([1]), "label", "c", annotator="ada")
    data = with_corrected(data, "label")
    monkeypatch.setattr(answering.state, "who", lambda: "1")
    monkeypatch.setattr(answering.state, "was_told", lambda: None)
    of = Reviewed("label (corrected)", "", "ada", True, "label")
    on = asked_about(data, of)
    assert on.names == ("a", "b", "c") and on.came.tolist() == [0, 2, 1]
    work = Work(data, of, on, None)
    answering._act(work, False, Act("answer", np.array([2]), "a"))
    assert settled(data, "label").rows.tolist() == [1, 2] and not len(settled(data, of.label).rows)
    assert work.code(data.codes(of.label)[1].index("c")) == 2
