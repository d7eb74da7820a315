"""Rows that could not be read are counted, kept and shown."""

from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.opening.rejected import Rejected, read, reasons, shown
from engine.store.workspace import Store


def test_rejected_rows_are_kept_with_all_that_is_known(tmp_path: Path) -> None:
    rejected = Rejected(tmp_path)
    rejected.of("a.csv")(3, b"\xff,1", "bytes that are not UTF-8 at position 0")
    rejected.of("b.csv")(9, b"x", "bytes that are not UTF-8 at position 7", rows=5)
    rejected.close()
    store = Store(tmp_path)
    assert read(store).to_pylist() == [
        {"file": "a.csv", "line": 3, "rows": 1, "raw": b"\xff,1", "reason": "bytes that are not UTF-8 at position 0"},
        {"file": "b.csv", "line": 9, "rows": 5, "raw": b"x", "reason": "bytes that are not UTF-8 at position 7"},
    ]
    assert reasons(store) == {"bytes that are not UTF-8": 6}
    assert rejected.count == 6


def test_thousands_are_written_as_they_come(tmp_path: Path) -> None:
    rejected = Rejected(tmp_path)
    for i in range(2500):
        rejected.of("a")(i, b"x", "bad")
    rejected.close()
    assert read(Store(tmp_path), limit=5000).num_rows == 2500


def test_no_rejected_row_leaves_an_empty_list(tmp_path: Path) -> None:
    assert read(Store(tmp_path)).num_rows == 0
    Rejected(tmp_path).close()
    assert (read(Store(tmp_path)).num_rows, reasons(Store(tmp_path))) == (0, {})


def test_strict_says_the_row(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="a.csv, line 1,003: bad: 'x'"):
        Rejected(tmp_path, strict=True).of("a.csv")(1003, b"x", "bad")


def test_raw_bytes_are_cut_for_a_message() -> None:
    assert shown(b"abc\xff", 3) == "abc…"
