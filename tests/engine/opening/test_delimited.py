"""Delimited text: every record becomes a row or is rejected, and records are what the csv module says they are."""

import csv
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.opening import SourceOptions, preview
from engine.opening.open import open_source
from engine.opening.sources import _records
from engine.opening.sources._records import cut
from engine.opening.sources.csv import csv as csv_source
from tests.engine.opening.test_sources import opened, rejected, values, written

READER = sys.modules[csv_source.__module__]  # the room's face gives the function of this name
SIGNS = st.lists(st.sampled_from(["a", "b", ",", ",", '"', '"', "\n", "\r", "\r\n", " ", "é", "\0"]), max_size=60)


def by_python(text: str, quote: str) -> list[list[str]]:
    """The records that are not blank, as Python's csv module cuts them."""
    how = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    return [cells for cells in csv.reader(io.StringIO(text, newline=""), **how) if cells]  # type: ignore[arg-type]


@given(SIGNS, st.sampled_from(['"', "'", ""]), st.integers(1, 9))
def test_records_are_cut_as_the_csv_module_cuts_them(signs: list[str], quote: str, size: int) -> None:
    text = "".join(signs)
    raw = text.encode()
    blocks = [raw[i : i + size] for i in range(0, len(raw), size)]
    found = list(cut(iter(blocks), ",", quote, 1000))
    assert [[(cell or b"").decode() for cell in record.cells] for record in found] == by_python(text, quote)
    assert len(list(cut(iter(blocks), ",", quote, 7))) == len(found)  # too long ones count as well


@given(st.lists(SIGNS, max_size=20), st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_record_is_a_row_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[str]], bad: bool
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    text = "text,n\nwords here,1\n" + "\n".join("".join(part) for part in parts) + "\nend,2"
    path = written(folder, "a.csv", text.encode() + (b'\n"\xff",1,\xfe\nlast,3' if bad else b""))
    data = open_source(path, folder / "workspace", options=SourceOptions(encoding="utf-8", delimiter=",", quote='"'))
    records = by_python(path.read_bytes().decode("utf-8", "surrogateescape"), '"')
    assert data.n + data.record.rejected == len(records) - 1
    good = [r for r in records[1:] if len(r) == 2 and "\udcff" not in r[0]]
    assert len(good) - data.n in (0, 1)  # a last record whose quote never closes is rejected


def test_a_row_that_is_ragged_and_not_utf8_costs_no_other_row(tmp_path: Path) -> None:
    rows = b"some words,1\n" * 50
    data = opened(written(tmp_path, "a.csv", b"text,n\n" + rows + b"caf\xe9,1,2\nshort\n" + rows), encoding="utf-8")
    assert data.n == 100
    assert rejected(data) == [
        (52, b"caf\xe9,1,2", "3 cells where the header has 2"),
        (53, b"short", "1 cell where the header has 2"),
    ]


def test_behind_what_arrow_cannot_read_missing_and_empty_cells_still_differ(tmp_path: Path) -> None:
    data = opened(
        written(tmp_path, "a.csv", b'text,note\nx,\ncaf\xe9,1,2\ny,""\nz,\n"a ""b""\r\nc",w\n'), encoding="utf-8"
    )
    assert values(data, "note") == [None, "", None, "w"]
    assert values(data, "text")[-1] == 'a "b"\r\nc'


def test_a_record_longer_than_a_block_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(READER, "_BLOCK", 1 << 10)
    long = "x" * 5000
    data = opened(written(tmp_path, "a.csv", "text,n\n" + "a,1\n" * 600 + f"{long},2\nshort\n" + "b,3\n" * 600))
    assert (data.n, data.record.rejected, values(data, "text")[600]) == (1201, 1, long)


def test_a_record_beyond_the_limit_is_rejected_by_itself(tmp_path: Path) -> None:
    long = "x" * (1 << 20)
    data = opened(written(tmp_path, "a.csv", f'text,n\na,1\n"{long}\n",2\nb,3\n'), largest_row=1)
    assert values(data, "text") == ["a", "b"]
    ((line, raw, reason),) = rejected(data)
    assert (line, len(raw), reason.startswith("longer than 1 MB (1,048,581 bytes)")) == (3, 1 << 20, True)


def test_a_header_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        EngineError, match=r"The first row of a.csv is longer than 1 MB, or has more than 262,144 cells"
    ):
        opened(written(tmp_path, "a.csv", "a," * (3 << 20)), largest_row=1)


def test_a_record_of_too_many_cells_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_records, "MOST_CELLS", 3)
    blocks = [b"a,1\n,,,", b'"x,', b'\n",\n', b"b,2\n"]
    found = list(cut(iter(blocks), ",", '"', 1000))
    assert [(record.cells, record.too_long) for record in found] == [
        ([b"a", b"1"], False),
        ([], True),
        ([b"b", b"2"], False),
    ]
    assert found[1].raw == b',,,"x,\n",'


def test_a_line_break_of_two_signs_stays_whole_where_arrow_s_blocks_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(READER, "_BLOCK", 64)
    for room in range(64):
        cell = "a" * room + "\r\n\n\r\n" + "b" * 20
        data = opened(written(tmp_path, f"{room}.csv", f'text,n\n"{cell}",1\nlast,2\n'))
        assert values(data, "text") == [cell, "last"]


def test_blank_rows_above_the_header_are_set_aside(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "\n,\n  \ntext,n\na,1\nshort\n"))
    assert (list(data.columns), values(data, "text")) == (["text", "n"], ["a"])
    assert [(line, raw) for line, raw, _ in rejected(data)] == [(1, b","), (2, b"  "), (5, b"short")]


@pytest.mark.parametrize("options", [{"delimiter": "é"}, {"delimiter": "\n"}, {"delimiter": "ab"}, {"quote": "🙂"}])
def test_a_delimiter_or_quote_that_is_not_one_ascii_sign_is_refused_at_the_door(
    tmp_path: Path, options: dict[str, str]
) -> None:
    path = written(tmp_path, "a.csv", "text,n\na,1\n")
    (name,) = options
    with pytest.raises(EngineError, match=f"The {name} .* cannot be used. Give one ASCII character"):
        opened(path, **options)
    with pytest.raises(EngineError, match="cannot be used"):
        preview(path, options=SourceOptions(**options))


def test_the_delimiter_cannot_be_the_quote(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="cannot be both the delimiter and the quote"):
        opened(written(tmp_path, "a.csv", "text,n\na,1\n"), delimiter='"')


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_column_called_as_the_hidden_one_is_a_column(tmp_path: Path, name: str) -> None:
    source = {"a.csv": "text,\x1fraw\na b,7\n", "a.jsonl": '{"text": "a b", "\\u001fraw": 7}\n'}[name]
    data = opened(written(tmp_path, name, source), **({"delimiter": ","} if name == "a.csv" else {}))
    assert values(data, next(k for k in data.columns if "raw" in k)) == [7]


def test_a_last_row_with_a_line_break_stays_whatever_quotes_stand_before(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text,b\n5" disk is here,x\n"hello\nworld",y\n')
    data = open_source(tmp_path / "a.csv", tmp_path / "w", options=SourceOptions(text="text"))
    assert data.column("text").to_pylist() == ['5" disk is here', "hello\nworld"]
    assert data.record.rejected == 0
