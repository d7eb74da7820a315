"""A dataset as a whole: renamed with everything, deleted with a way back, and never under a running job."""

import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.dataset.dataset import Dataset
from engine.dataset.unused import abandoned, clean
from engine.errors import EngineError, NotFound
from engine.jobs import datasets, jobs
from engine.jobs.files import Order, Process, State, write_order, write_process, write_state
from engine.marks import Desk, marks
from engine.opening.open import open_source
from engine.recipe import change_draft, draft
from engine.recipe.recipe import Recipe, Step
from engine.store.workspace import Store
from engine.store.workspace import datasets as known


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "notes.csv"
    path.write_text("text,n\none text,1\ntwo texts,2\n")
    return open_source(path, tmp_path / "w").store


def names(workspace: Path) -> list[str]:
    return [s.folder.name for s in known(workspace)]


def running(store: Store) -> None:
    """A job whose process is this very one."""
    folder = store.jobs_folder / "20260101-000000-abcdef"
    write_order(folder, Order({"do": "build"}, "Build the map"))
    write_state(folder, State(started="2026-01-01T00:00:00+00:00"))
    write_process(folder, Process(psutil.Process().pid, psutil.Process().create_time()))


def test_a_renamed_dataset_keeps_marks_recipe_and_rows(store: Store, tmp_path: Path) -> None:
    data = Dataset.load(store)
    marks.tag(data, np.array([1]), "good")
    step = Step("number_range", {"column": "n", "low": 2.0}).checked()
    change_draft(Desk(store, "a"), Recipe(steps=(step,)), "cut")
    renamed = datasets.rename(store, "other notes")
    again = Dataset.load(renamed)
    assert (names(tmp_path / "w"), again.name, again.record.name) == (["other notes"],) + ("other notes",) * 2
    assert marks.of_rows(again, np.array([1]))[0].tags == ("good",)
    assert draft(Desk(renamed, "a")).recipe.steps == (step,)
    assert open_source(tmp_path / "notes.csv", tmp_path / "w").name == "other notes"


@pytest.mark.parametrize("name", ["../out", ".hidden", "", "a/b"])
def test_a_name_that_no_dataset_can_have_is_refused(name: str, store: Store) -> None:
    with pytest.raises(EngineError, match="cannot be the name"):
        datasets.rename(store, name)


def test_a_name_that_is_taken_is_refused_and_its_own_is_nothing_to_do(store: Store, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("text\nanother\n")
    open_source(tmp_path / "b.csv", tmp_path / "w")
    with pytest.raises(EngineError, match="already something called 'b'"):
        datasets.rename(store, "b")
    assert datasets.rename(store, "notes").folder == store.folder


def test_nothing_is_renamed_or_deleted_while_a_job_runs(store: Store) -> None:
    running(store)
    with pytest.raises(EngineError, match="'notes' cannot be renamed while 'Build the map' runs"):
        datasets.rename(store, "b")
    with pytest.raises(EngineError, match="cannot be deleted while"):
        datasets.delete(store)
    assert store.folder.exists()


def test_a_deleted_dataset_is_out_of_sight_and_comes_back_whole(store: Store, tmp_path: Path) -> None:
    marks.note(Dataset.load(store), np.array([0]), "look here")
    gone = datasets.delete(store)
    assert (names(tmp_path / "w"), gone.name, gone.rows) == ([], "notes", 2)
    assert [one.folder for one in datasets.deleted(tmp_path / "w")] == [gone.folder]
    back = datasets.restore(tmp_path / "w", gone)
    assert marks.of_rows(Dataset.load(back), np.array([0]))[0].note == "look here"
    assert datasets.deleted(tmp_path / "w") == []
    with pytest.raises(EngineError, match="back already"):
        datasets.restore(tmp_path / "w", gone)


def test_one_of_the_same_name_that_was_opened_since_keeps_it(store: Store, tmp_path: Path) -> None:
    gone = datasets.delete(store)
    open_source(tmp_path / "notes.csv", tmp_path / "w")
    time.sleep(0.01)
    datasets.delete(Store(tmp_path / "w" / "notes"))
    open_source(tmp_path / "notes.csv", tmp_path / "w")
    assert datasets.deleted_one(tmp_path / "w", "notes").at > gone.at
    back = datasets.restore(tmp_path / "w", gone)
    assert (back.folder.name, Dataset.load(back).record.name) == ("notes-2", "notes-2")


def test_cleaning_lists_the_deleted_and_empties_the_bin(store: Store, tmp_path: Path) -> None:
    gone = datasets.delete(store)
    loose = abandoned(tmp_path / "w")
    assert [(one.what, one.path) for one in loose] == [("notes", gone.folder)]
    assert clean(loose) == loose[0].bytes > 0
    assert datasets.deleted(tmp_path / "w") == []
    with pytest.raises(NotFound, match="No deleted dataset named 'notes'"):
        datasets.deleted_one(tmp_path / "w", "notes")


def test_what_somebody_else_has_just_deleted_is_said(store: Store) -> None:
    datasets.delete(store)
    with pytest.raises(NotFound, match="not a dataset"):
        datasets.rename(store, "b")
    with pytest.raises(NotFound, match="not a dataset"):
        datasets.delete(store)
    assert jobs.all_jobs(store) == [] and not store.folder.exists()


def test_who_still_has_it_open_is_told_and_writes_nothing_into_the_void(store: Store, tmp_path: Path) -> None:
    mine = Dataset.load(store)
    marks.tag(mine, np.array([0]), "good")
    renamed = datasets.rename(store, "other")
    for write in (
        lambda: marks.tag(mine, np.array([1]), "good"),
        lambda: Desk(store, "a").put({"draft": {}}, "cut"),
        lambda: store.write_ref("rows", {"keys": ["1"]}),
        lambda: store.draft("signal"),
    ):
        with pytest.raises(NotFound, match="'notes' is no longer there: somebody has renamed or deleted it"):
            write()
    assert names(tmp_path / "w") == ["other"] and not store.folder.exists()
    assert marks.rows_with(Dataset.load(renamed), "tag", "good").tolist() == [0]
