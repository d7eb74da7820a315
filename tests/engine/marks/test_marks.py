"""What people mark stays, by row key, through undo, other writers, a killed process and a damaged file."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import Damaged, EngineError
from engine.marks import marks
from engine.marks.file import changing
from engine.store.workspace import Store
from tests.engine.small import corpus

ROOT = Path(__file__).resolve().parents[3]


def rows(*numbers):
    return np.array(numbers, np.int64)


@pytest.fixture
def data(tmp_path):
    return corpus(tmp_path, {"text": ["a", "b", "c", "d"]})


def test_a_row_holds_several_tags(data):
    assert marks.tag(data, rows(0, 1), "good", colour="#00ff00") == 2
    assert marks.tag(data, rows(1, 2), "odd") == 2
    assert marks.tag(data, rows(1), "odd") == 0
    assert marks.of_rows(data, rows(1, 3)) == [marks.RowMarks(tags=("good", "odd")), marks.RowMarks()]
    assert marks.summary(data).tags == (marks.Tag("good", "#00ff00", 2), marks.Tag("odd", "", 2))
    assert marks.untag(data, rows(1), "good") == 1
    assert marks.rows_with(data, "tag", "good").tolist() == [0]


def test_notes_come_and_go(data):
    marks.note(data, rows(3), "look <script>again</script> 🐼")
    marks.note(data, rows(3), "better")
    assert marks.of_rows(data, rows(3))[0].note == "better"
    marks.undo(data)
    assert marks.of_rows(data, rows(3))[0].note == "look <script>again</script> 🐼"
    marks.note(data, rows(3), "")
    assert marks.rows_with(data, "note").tolist() == []


def test_undo_and_redo_survive_a_reload(data):
    for i in range(60):
        marks.tag(data, rows(i % 4), f"tag {i:02}")
    again = Dataset.load(Store(data.store.folder))
    for _ in range(60):
        marks.undo(again)
    assert marks.summary(again).tags == ()
    with pytest.raises(EngineError, match="nothing to undo"):
        marks.undo(again)
    for _ in range(60):
        marks.redo(Dataset.load(data.store))
    assert len(marks.summary(data).tags) == 60
    assert marks.changes(data)[0].words == "redo: 1 row tagged “tag 59”"


def test_renaming_a_tag_joins_it_with_the_other(data):
    marks.tag(data, rows(0, 1), "a", colour="red")
    marks.tag(data, rows(1, 2), "b")
    marks.rename_tag(data, "a", "b")
    assert marks.rows_with(data, "tag", "b").tolist() == [0, 1, 2]
    assert [t.name for t in marks.summary(data).tags] == ["b"]
    marks.undo(data)
    assert marks.rows_with(data, "tag", "a").tolist() == [0, 1]
    assert marks.rows_with(data, "tag", "b").tolist() == [1, 2]


def test_marks_follow_their_rows_into_an_edited_source(tmp_path):
    before = corpus(tmp_path, {"text": ["a", "b", "c"]})
    marks.tag(before, rows(1), "good")
    after = corpus(tmp_path, {"text": ["new", "c", "b", "more"]})
    after.store.marks_file.write_bytes(before.store.marks_file.read_bytes())
    assert marks.rows_with(after, "tag", "good").tolist() == [2]


def test_a_mark_on_a_row_that_is_gone_is_kept(tmp_path):
    before = corpus(tmp_path, {"text": ["a", "b"]})
    marks.tag(before, rows(0, 1), "good")
    after = corpus(tmp_path, {"text": ["b"]})
    after.store.marks_file.write_bytes(before.store.marks_file.read_bytes())
    assert marks.rows_with(after, "tag", "good").tolist() == [0]
    assert len(marks.keys_with(after, "tag", "good")) == 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<b>x</b>", "<b>x</b>"),
        ("  two\n words ", "two words"),
        ("a\0b", "ab"),
        ("نص", "نص"),
        ("👩‍🔬", "👩‍🔬"),
        ("\ud83d", "?"),
    ],
)
def test_any_name_makes_a_tag(data, given, kept):
    marks.tag(data, rows(0), given)
    assert marks.of_rows(data, rows(0))[0].tags == (kept,)


@pytest.mark.parametrize("name", ["", "  ", "\0", "x" * 201])
def test_what_is_no_name_is_refused(data, name):
    with pytest.raises(EngineError, match="name"):
        marks.tag(data, rows(0), name)


def test_a_change_that_fails_in_the_middle_leaves_nothing(data):
    marks.tag(data, rows(0), "good")
    with pytest.raises(ZeroDivisionError), changing(data.store) as con:
        con.execute("DELETE FROM mark")
        1 / 0  # noqa: B018
    assert marks.rows_with(data, "tag", "good").tolist() == [0]


WRITER = """
import sys
import numpy as np
from engine import marks
from engine.dataset import Dataset
from engine.store import Store
data = Dataset.load(Store(sys.argv[1]))
for i in range(int(sys.argv[3])):
    marks.tag(data, np.arange(4), f"{sys.argv[2]} {i:04}")
    print(i, flush=True)
"""


def writer(data, who, times):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data.store.folder), who, str(times)], cwd=ROOT, stdout=subprocess.PIPE
    )


def test_two_processes_write_at_once_and_nothing_is_lost(data):
    data.keys(data.rows())
    both = [writer(data, who, 40) for who in ("left", "right")]
    assert [p.wait() for p in both] == [0, 0]
    assert len(marks.summary(data).tags) == 80
    assert {t.count for t in marks.summary(data).tags} == {4}
    assert len(marks.changes(data, 200)) == 80


def test_what_was_confirmed_outlives_a_kill(data):
    data.keys(data.rows())
    process = writer(data, "tag", 100_000)
    seen = [process.stdout.readline() for _ in range(25)]
    time.sleep(0.003)
    os.kill(process.pid, signal.SIGKILL)
    seen += process.stdout.readlines()
    process.wait()
    there = marks.summary(data).tags
    confirmed = len(seen)
    assert confirmed >= 25
    # The one that was being written may have been committed before it could be confirmed.
    assert len(there) in (confirmed, confirmed + 1)
    assert {t.count for t in there} == {4}
    marks.undo(data)
    assert len(marks.summary(data).tags) == len(there) - 1


def test_a_file_that_is_no_database_is_kept_aside(data):
    marks.tag(data, rows(0), "good")
    data.store.marks_file.write_bytes(b"not a database at all" * 100)
    with pytest.raises(Damaged, match="It is kept as marks.sqlite.damaged-"):
        marks.summary(data)
    (aside,) = data.store.folder.glob("marks.sqlite.damaged-*[0-9]")
    assert aside.read_bytes() == b"not a database at all" * 100
    marks.tag(data, rows(1), "new")
    assert marks.rows_with(data, "tag", "new").tolist() == [1]


def spoil(path, table):
    """Overwrite the page at which a table of the file begins."""
    con = sqlite3.connect(path)
    (page,) = con.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchone()
    con.close()
    whole = bytearray(path.read_bytes())
    whole[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    path.write_bytes(whole)


def test_marks_that_cannot_be_read_are_made_again_from_their_history(data):
    for i in range(5):
        marks.tag(data, rows(0, 1, 2, 3), f"tag {i}")
    marks.undo(data)
    spoil(data.store.marks_file, "mark")
    with pytest.raises(Damaged, match="16 marks and 12 lines of history could be read"):
        marks.summary(data)
    assert [(t.name, t.count) for t in marks.summary(data).tags] == [(f"tag {i}", 4) for i in range(4)]
    marks.redo(data)
    assert len(marks.summary(data).tags) == 5


def test_marks_outlive_a_history_that_cannot_be_read(data):
    marks.tag(data, rows(0, 1), "good")
    spoil(data.store.marks_file, "log")
    with pytest.raises(Damaged, match="2 marks and 0 lines of history"):
        marks.tag(data, rows(2), "good")
    assert marks.rows_with(data, "tag", "good").tolist() == [0, 1]


def test_marks_of_another_format_are_not_touched(data):
    marks.tag(data, rows(0), "good")
    with changing(data.store) as con:
        con.execute("UPDATE about SET value = '7'")
    with pytest.raises(EngineError, match="format 7"):
        marks.summary(data)


def test_a_hundred_thousand_rows_are_one_change(tmp_path):
    data = corpus(tmp_path, {"text": [str(i) for i in range(100_000)]})
    assert marks.tag(data, data.rows(), "all") == 100_000
    assert marks.tag(data, np.arange(50_000, dtype=np.int64), "half") == 50_000
    assert len(marks.rows_with(data, "tag", "all")) == 100_000
    marks.undo(data)
    assert [t.name for t in marks.summary(data).tags] == ["all"]
