"""The page Open: what it guesses and shows is what it asks for; datasets renamed, deleted and brought back on it."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.jobs import datasets
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from tests.engine.small import corpus
from ui.frame import jobs, state
from ui.frame.page import PAGES

ROOT = Path(__file__).resolve().parent.parent.parent
CHAT = [{"role": "user", "content": "Where is it?"}, {"role": "assistant", "content": "Here."}]


@pytest.fixture(autouse=True)
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], str, SourceOptions]]:
    """A workspace of the test's own; and what the page asks to open, instead of a job."""
    found: list[tuple[list[str], str, SourceOptions]] = []
    monkeypatch.setattr(state, "WORKSPACE", tmp_path / "w")
    monkeypatch.setenv("WINNOW_FOLDERS", str(tmp_path))
    monkeypatch.setattr(jobs, "open_source", lambda paths, name, options: found.append((list(paths), name, options)))
    return found


def shown(name: str = "open", **held: object) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=60)
    for key, value in held.items():
        page.session_state[key.replace("__", "/")] = value
    return run(page)


def run(page: AppTest) -> AppTest:
    page.run()
    assert [error.message for error in page.exception] == []
    return page


def press(page: AppTest, label: str) -> AppTest:
    next(b for b in page.button if b.label == label and not b.disabled).click()
    return run(page)


def words(page: AppTest, *kinds: str) -> str:
    return "\n".join(element.value for kind in kinds for element in page.get(kind))


def pick(page: AppTest, label: str):
    return next(box for box in page.selectbox if box.label == label)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "notes.csv"
    path.write_text("nr,text,label\n" + "".join(f"{i},a text of words {i},{'ab'[i % 2]}\n" for i in range(20)))
    return path


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with a chat in one file and a pair in another."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "chats.jsonl").write_text(json.dumps({"conversation": CHAT}) + "\n")
    (folder / "pairs.jsonl").write_text(json.dumps({"prompt": "Where is it?", "completion": "Here."}) + "\n")
    return folder


def test_what_is_guessed_stands_in_the_form_with_its_reason_and_is_what_opens(table: Path, asked) -> None:
    page = shown(picker__typed=str(table))
    assert [pick(page, label).value for label in ("Column", "Id", "Label", "Date")] == ["text", "nr", "label", "(none)"]
    assert "they count up" in pick(page, "Id").help
    assert "2 different values" in pick(page, "Label").help
    assert [t.value for t in page.get("text")][:3] == [f"a text of words {i}" for i in range(3)]
    press(page, "Open")
    paths, name, options = asked[0]
    data = open_source(paths, state.WORKSPACE, name=name, options=options)
    assert (data.texts(data.rows()[:1]), data.id_column()) == (["a text of words 0"], "nr")
    assert data.info("label").role == "label"


def test_each_guess_can_be_changed(table: Path, asked) -> None:
    page = shown(picker__typed=str(table))
    pick(page, "Label").select("(none)")
    run(page)
    pick(page, "Column").select("label")
    run(page)
    assert [t.value for t in page.get("text")][:3] == ["a", "b", "a"]
    press(page, "Open")
    options = asked[0][2]
    assert (options.view.columns, options.id, dict(options.roles)) == (("label",), "nr", {"text": "label"})


def test_chats_and_pairs_are_shown_and_opened_as_chats(mixed: Path, asked) -> None:
    page = shown(picker__typed=str(mixed))
    assert next(t for t in page.toggle if t.label == "Make every row a chat").value
    whole = "User: Where is it?\n\nAssistant: Here."
    assert [t.value for t in page.get("text")] == [whole, whole]
    press(page, "Open")
    data = open_source(asked[0][0], state.WORKSPACE, options=asked[0][2])
    assert data.texts(data.rows()) == [whole, whole]
    assert data.text_view.columns == ("messages",)


def test_without_chats_what_has_no_text_is_said_with_the_way_out(mixed: Path) -> None:
    page = shown(picker__typed=str(mixed))
    next(t for t in page.toggle if t.label == "Make every row a chat").set_value(False)
    run(page)
    said = words(page, "warning").replace("\\", "")
    assert "pairs.jsonl: none of the 1 rows looked at has a text" in said
    assert "Make every row a chat" in said


def test_nothing_opens_before_a_file_is_chosen_and_one_without_text_says_why(tmp_path: Path) -> None:
    assert next(b for b in shown().button if b.label == "Open").disabled
    (tmp_path / "n.csv").write_text("a,b\n1,2\n")
    page = shown(picker__typed=str(tmp_path / "n.csv"))
    assert "Without any, a source cannot be opened" in words(page, "warning")


def test_sizes_have_units_and_signs_between_their_digits(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\n" + "a text of words\n" * 100_000)
    page = shown(picker__typed=str(tmp_path / "a.csv"))
    assert "1.6 MB" in words(page, "markdown").replace("\\", "")


def test_a_dataset_is_renamed_deleted_and_brought_back_on_the_page(tmp_path: Path) -> None:
    name = corpus(tmp_path / "w", {"text": ["one", "two"]}).store.folder.name
    page = shown(dataset=name)
    page.session_state[f"known/{name}/menu"] = True
    run(page)
    next(t for t in page.text_input if t.label == "Name" and t.value == name).set_value("kept")
    run(page)
    press(page, "Rename")
    assert [s.folder.name for s in state.stores()] == ["kept"]
    assert page.session_state["dataset"] == "kept"
    page.session_state["known/kept/menu"] = True
    run(page)
    assert "drafts, saved recipes" in words(page, "caption")
    press(page, next(b.label for b in page.button if b.label.startswith("Delete, ")))
    assert state.stores() == []
    press(page, "Bring back")
    assert [s.folder.name for s in state.stores()] == ["kept"]


@pytest.mark.parametrize("name", PAGES)
def test_whoever_looks_at_a_dataset_that_somebody_deleted_is_told(name: str, tmp_path: Path) -> None:
    store = corpus(tmp_path / "w", {"text": ["one", "two"]}).store
    corpus(tmp_path / "w" / "more", {"text": ["other"]})
    page = shown(name, dataset=store.folder.name)
    datasets.delete(store)
    run(page)
    assert "is no longer here" in words(page, "warning")
    run(page)
    assert "is no longer here" not in words(page, "warning")
