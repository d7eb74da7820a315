"""The store: whole or not at all, also on a full disk and with several writers."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.dataset.record import Record, change_record, make_current, read_record
from engine.errors import Damaged, EngineError, writing
from engine.store.artefact_identity import Origin
from engine.store.files import new_array
from engine.store.spec import Spec
from engine.store.workspace import Store
from tests.engine.small import corpus


def test_two_that_change_the_record_at_once_lose_nothing(tmp_path: Path) -> None:
    store = corpus(tmp_path, {"text": ["a"]}).store
    reading = threading.Event()

    def second() -> None:
        reading.wait()
        make_current(store, "second", "2")

    other = threading.Thread(target=second, daemon=True)
    other.start()

    def first(record: Record) -> Record:
        reading.set()
        other.join(0.2)  # the other one waits until this one has written
        assert other.is_alive()
        return replace(record, current={"first": "1"})

    change_record(store, first)
    other.join()
    assert read_record(store).current == {"first": "1", "second": "2"}


def test_a_sidecar_that_is_deleted_while_they_are_listed_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = corpus(tmp_path, {"text": ["a"]}).store
    gone, kept = (store.publish(k, Origin(Spec("signal", k)), {"v": np.zeros(1)}) for k in "ab")
    paths = [kept.folder / "meta.json", gone.folder / "meta.json"]
    store.remove("signal", gone.identity)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(paths))
    assert [a.key for a in store.artefacts("signal")] == ["b"]


def test_an_array_on_a_full_disk_is_an_error_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int, start: int, size: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "posix_fallocate", full)
    with pytest.raises(EngineError, match="The disk is full"):
        new_array(tmp_path / "a.npy", (10, 4), np.int16)
    assert list(tmp_path.iterdir()) == []


def test_a_new_array_has_its_room_on_the_disk(tmp_path: Path) -> None:
    new_array(tmp_path / "a.npy", (1000, 100), np.float32)
    assert (tmp_path / "a.npy").stat().st_blocks * 512 >= 400_000


def test_what_numpy_says_of_a_full_disk_is_understood(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="The disk is full"), writing(tmp_path):
        raise OSError("1000000 requested and 224240 written")


def test_a_sidecar_with_what_this_version_does_not_know_is_said_not_passed_over(tmp_path: Path) -> None:
    store = Store(tmp_path / "a")
    store.folder.mkdir()
    made = store.publish("words", Origin(Spec("signal", "words")), {"values": np.zeros(2)})
    path = made.folder / "meta.json"
    path.write_text(path.read_text().replace("{", '{"later": 1,', 1))
    with pytest.raises(Damaged, match="later.*Restore it"):
        store.artefacts("signal")


def test_what_came_out_is_part_of_the_identity_where_it_is_no_function_of_what_was_asked(tmp_path: Path) -> None:
    store = corpus(tmp_path, {"text": ["a"]}).store
    asked = Origin(Spec("map", "umap", params={"mode": "fast"}, on="given"))
    first = store.publish("umap@given", asked, {"x": np.zeros(3)})
    assert store.made(asked) == first
    assert store.publish("umap@given", asked, {"x": np.ones(3)}) == first  # one that answers the same is kept
    store.remove("map", first.identity)
    assert store.made(asked) is None
    other = store.publish("umap@given", asked, {"x": np.ones(3)})
    assert other.identity != first.identity
    store.remove("map", other.identity)
    assert store.publish("umap@given", asked, {"x": np.zeros(3)}).identity == first.identity
    signal = Origin(Spec("signal", "words"))
    assert store.publish("words", signal, {"v": np.zeros(3)}).identity == signal.identity


def test_an_artefact_of_before_outcomes_were_counted_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = corpus(tmp_path, {"text": ["a"]}).store
    asked = Origin(Spec("map", "pca", on="given"))
    with monkeypatch.context() as then:
        then.setattr(Origin, "made", lambda self, outcome: self)
        old = store.publish("pca@given", asked, {"x": np.zeros(3)})
    assert store.made(asked) == old
    assert store.publish("pca@given", asked, {"x": np.zeros(3)}) == old
