"""Clean and info: what a workspace holds, and what it could do without."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.building.build import build
from engine.building.spec import spec
from engine.dataset.dataset import Dataset
from engine.dataset.identity import store_keys
from engine.dataset.info import bytes_words, disk_use, info, infos
from engine.dataset.record import change_record, make_current
from engine.dataset.unused import abandoned, clean, standing_on, unreferenced
from engine.opening.describe import choose_view
from engine.store.artefact_identity import Origin
from engine.store.spec import Spec
from engine.text.row_text import of_column
from tests.engine.small import corpus, embedded, with_signal


def age(*paths: Path) -> None:
    """Let files, and folders with all in them, be two hours old."""
    for path in (inner for p in paths for inner in (*p.rglob("*"), p)):
        os.utime(path, (time.time() - 7200, time.time() - 7200))


def test_what_is_in_use_is_not_listed(tmp_path: Path) -> None:
    data = embedded(with_signal(corpus(tmp_path, {"text": ["a", "b"]}), "s", np.array([1, 2])), np.eye(2))
    store_keys(data)
    assert unreferenced(data.store) == []


def test_what_an_earlier_revision_left_is_listed_and_deleted(tmp_path: Path) -> None:
    data = embedded(with_signal(corpus(tmp_path, {"text": ["a", "b"]}), "s", np.array([1, 2])), np.eye(2))
    change_record(data.store, lambda record: replace(record, fingerprint="f" * 32))
    found = unreferenced(data.store)
    assert {loose.what for loose in found} == {"s", "given", "graph@given", "texts"}
    assert all("earlier revision" in loose.why and loose.safe for loose in found)
    before = sum(disk_use(data.store).values())
    freed = clean(found)
    assert freed == sum(loose.bytes for loose in found) > 0
    assert sum(disk_use(data.store).values()) == before - freed
    assert unreferenced(data.store) == []


def test_a_replaced_signal_may_go_and_the_current_one_stays(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"]})
    made = [with_signal(data, "s", np.array([v, v]), version=v).added["s"] for v in (1, 2)]
    make_current(data.store, "s", made[1].identity)
    found = unreferenced(data.store)
    assert [(loose.path, loose.why) for loose in found] == [(made[0].folder, "replaced by a newer one")]
    clean(found)
    assert Dataset.load(data.store).numbers("s").tolist() == [2, 2]


def test_drafts_of_killed_runs_are_listed_once_they_are_old(tmp_path: Path) -> None:
    store = corpus(tmp_path, {"text": ["a"]}).store
    draft = store.draft("embedding")
    (draft / "grid.npy").write_bytes(b"12345")
    work = store.workbench("embedding", "abc")
    assert unreferenced(store) == []
    age(draft, work)
    found = {loose.path: loose for loose in unreferenced(store)}
    assert found[draft].bytes == 5 and found[draft].safe
    assert not found[work].safe and "go on from here" in found[work].why


def test_a_source_that_was_half_opened_is_listed_once_it_is_old(tmp_path: Path) -> None:
    draft = tmp_path / ".abc.opening"
    draft.mkdir()
    (draft / "rows.arrow").write_bytes(b"123")
    assert abandoned(tmp_path) == []
    age(draft)
    assert clean(abandoned(tmp_path)) == 3
    assert not draft.exists()


def test_a_source_that_is_still_being_read_is_not_listed_however_old_its_folder_is(tmp_path: Path) -> None:
    draft = tmp_path / ".abc.opening"
    draft.mkdir()
    (draft / "part-0.arrows").write_bytes(b"123")
    age(draft)
    (draft / "part-0.arrows").write_bytes(b"1234")
    assert abandoned(tmp_path) == []


def test_what_a_kill_left_beside_the_record_and_in_the_workspace_is_listed(tmp_path: Path) -> None:
    store = corpus(tmp_path, {"text": ["a"]}).store
    (store.folder / "refs").mkdir()
    left = [
        store.folder / ".dataset.json.1.tmp",
        store.folder / "refs" / ".a.json.1.tmp",
        store.folder / "rows-1.arrow",
    ]
    for path in left:
        path.write_bytes(b"12")
    (tmp_path / ".abc.gone").mkdir()
    assert unreferenced(store) == [] and abandoned(tmp_path) == []
    age(*left, tmp_path / ".abc.gone", store.folder / "rows.arrow")
    assert {loose.path for loose in unreferenced(store)} == set(left)
    assert [loose.path.name for loose in abandoned(tmp_path)] == [".abc.gone"]


def test_vectors_of_another_text_view_are_not_deleted_without_being_asked_for(
    open_rows: Callable[..., Dataset],
) -> None:
    lexical = spec("embedding", "lexical", {"dimensions": 8})
    data = open_rows([{"text": f"bread {i}", "title": f"stars {i}"} for i in range(9)], text="text")
    data = choose_view(build(data, {"words": lexical}), of_column("title"))
    assert not any(loose.safe for loose in unreferenced(data.store) if loose.what == "words")
    data = build(data, {"words": lexical})
    assert not any(loose.safe for loose in unreferenced(data.store) if loose.what == "words")


def test_vectors_that_wait_to_be_reused_are_not_deleted_without_being_asked_for(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a"]})
    origin = Origin(Spec("embedding", "sentence"), "earlier", facts={"embedder": "abc"})
    data.store.publish("minilm", origin, {"grid": np.zeros((1, 2), np.int16)})
    (waiting,) = unreferenced(data.store)
    assert not waiting.safe and "reused when you embed again" in waiting.why
    data.store.publish("minilm", replace(origin, rows=data.fingerprint), {"grid": np.zeros((1, 2), np.int16)})
    assert [(loose.safe, loose.why) for loose in unreferenced(data.store)] == [(True, "made for an earlier revision")]


def test_info_counts_bytes_by_kind(tmp_path: Path) -> None:
    data = with_signal(corpus(tmp_path, {"text": ["a", "b"]}), "s", np.array([1, 2]))
    found = info(data.store)
    assert (found.rows, dict(found.columns)) == (2, {"text": "text", "s": "integer"})
    assert found.added == {"signal": ("s",)}
    assert found.disk["rows"] == (data.store.folder / "rows.arrow").stat().st_size
    assert set(found.disk) == {"rows", "signal", "other"}
    assert [i.name for i in infos(tmp_path)] == [data.name]


def test_bytes_in_words() -> None:
    assert [bytes_words(b) for b in (0, 999, 1500, 2_340_000, 2e11)] == [
        "0 bytes",
        "999 bytes",
        "1.5 kB",
        "2.3 MB",
        "200 GB",
    ]


def test_an_embedding_is_removed_with_all_that_was_made_from_it_and_nothing_else(tmp_path: Path) -> None:
    data = embedded(with_signal(corpus(tmp_path, {"text": ["a", "b"]}), "s", np.array([1, 2])), np.eye(2))
    data = embedded(data, np.eye(2)[::-1], key="other")
    found = standing_on(data.store, "given")
    assert {loose.what for loose in found} == {"given", "graph@given"}
    clean(found)
    assert set(Dataset.load(data.store).added) == {"s", "other", "graph@other"}
