"""Clean and info: what a workspace holds, and what it could do without."""

import os
import time
from pathlib import Path

import numpy as np

from engine.clean import abandoned, clean, unreferenced
from engine.dataset import Dataset
from engine.info import bytes_words, disk_use, info, infos
from tests.engine.small import corpus, embedded, with_signal


def test_what_is_in_use_is_not_listed(tmp_path: Path) -> None:
    data = embedded(with_signal(corpus(tmp_path, {"text": ["a", "b"]}), "s", np.array([1, 2])), np.eye(2))
    data.keys(data.rows())
    assert unreferenced(data.store) == []


def test_what_an_earlier_revision_left_is_listed_and_deleted(tmp_path: Path) -> None:
    data = embedded(with_signal(corpus(tmp_path, {"text": ["a", "b"]}), "s", np.array([1, 2])), np.eye(2))
    data.store.write_record({**data.store.record(), "fingerprint": "f" * 32})
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
    column = {"key": "s", "type": "integer", "origin": "signal", "array": "s"}
    made = [
        data.store.publish(
            "columns", "s", {"rows": data.fingerprint, "v": v}, {"s": np.array([v, v])}, {"columns": [column]}
        )
        for v in (1, 2)
    ]
    data.store.write_record({**data.store.record(), "current": {"s": made[1].identity}})
    found = unreferenced(data.store)
    assert [(loose.path, loose.why) for loose in found] == [(made[0].folder, "replaced by a newer one")]
    clean(found)
    assert Dataset.load(data.store).numbers("s").tolist() == [2, 2]


def test_drafts_of_killed_runs_are_listed_once_they_are_old(tmp_path: Path) -> None:
    store = corpus(tmp_path, {"text": ["a"]}).store
    draft = store.draft("vectors")
    (draft / "grid.npy").write_bytes(b"12345")
    work = store.workbench("vectors", "abc")
    assert unreferenced(store) == []
    for path in (draft, work):
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    found = {loose.path: loose for loose in unreferenced(store)}
    assert found[draft].bytes == 5 and found[draft].safe
    assert not found[work].safe and "go on from here" in found[work].why


def test_a_source_that_was_half_opened_is_listed_once_it_is_old(tmp_path: Path) -> None:
    draft = tmp_path / ".abc.opening"
    draft.mkdir()
    (draft / "rows.arrow").write_bytes(b"123")
    assert abandoned(tmp_path) == []
    os.utime(draft, (time.time() - 7200, time.time() - 7200))
    assert clean(abandoned(tmp_path)) == 3
    assert not draft.exists()


def test_info_counts_bytes_by_kind(tmp_path: Path) -> None:
    data = with_signal(corpus(tmp_path, {"text": ["a", "b"]}), "s", np.array([1, 2]))
    found = info(data.store)
    assert (found.rows, dict(found.columns)) == (2, {"text": "text", "s": "integer"})
    assert found.added == {"columns": ("s",)}
    assert found.disk["rows"] == (data.store.folder / "rows.arrow").stat().st_size
    assert set(found.disk) == {"rows", "columns", "other"}
    assert [i.name for i in infos(tmp_path)] == [data.name]


def test_bytes_in_words() -> None:
    assert [bytes_words(b) for b in (0, 999, 1500, 2_340_000, 2e11)] == [
        "0 bytes",
        "999 bytes",
        "1.5 kB",
        "2.3 MB",
        "200 GB",
    ]
