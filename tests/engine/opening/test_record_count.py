"""The law: what is counted in a file is what was read or rejected, or nothing is opened."""

import csv
import gzip
import io
import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.opening.rejected import read
from engine.opening.sources import SOURCES
from engine.opening.sources._count import csv_records, filled_lines, json_lines, outside_quotes, text_lines
from engine.opening.sources._count_json import json_records
from engine.opening.sources._input import Input, Report, Rest

Count = Callable[..., int]


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def counted(count: Count, path: Path, content: bytes | str, **facts: object) -> int:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return count(Input(path, path.name), facts, lambda read: None)


def opened(path: Path, **options: object) -> Dataset:
    return open_source(path, path.parent / "workspace", options=SourceOptions(**options))  # type: ignore[arg-type]


def pieces(content: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The content in blocks of these sizes, over and over."""
    at = turn = 0
    while at < len(content):
        yield content[at : at + sizes[turn % len(sizes)]]
        at, turn = at + sizes[turn % len(sizes)], turn + 1


SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=4)


# The counters


def test_lines_that_are_blank_are_no_records(tmp_path: Path) -> None:
    assert counted(json_lines, tmp_path / "a", b'{"a": 1}\r\n \t\r\n\n[2]\n"\x0c"\nx') == 4
    assert counted(text_lines, tmp_path / "a", "one\n \x0c\n\ntwo") == 2


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('a,b\n"x\ny",1\n\n\nz,2\n', 2),
        ('a,b\r\n"say ""hi""\r\n",1\r\n', 1),
        ('a,b\n5" pipe,1\n6" pipe,2\n', 2),
        ('a,b\n"never closed,1\nz,2\n', 1),
        ("a,b\rx,1\ry,2", 2),
        ("a,b", 0),
        ("", 0),
    ],
)
def test_records_of_a_csv_follow_the_quotes(tmp_path: Path, text: str, records: int) -> None:
    assert counted(csv_records, tmp_path / "a", text, delimiter=",", quote='"', header=True) == records


def test_without_quotes_every_line_of_a_csv_is_a_record(tmp_path: Path) -> None:
    assert counted(csv_records, tmp_path / "a", 'a\tb\n"x\ny"\t1\n', delimiter="\t", quote="", header=False) == 3


@given(st.text(alphabet='",\n\r a', max_size=30), SIZES)
def test_records_of_a_csv_are_those_of_pythons_reader(text: str, sizes: list[int]) -> None:
    expected = sum(1 for cells in csv.reader(io.TextIOWrapper(io.BytesIO(text.encode()), newline="")) if cells)
    plain = outside_quotes(pieces(text.encode(), sizes), b",", b'"')
    assert filled_lines((block.replace(b"\r", b"\n") for block in plain), b"") == expected


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('[{"a": 1}, {"a": "]"}, 3, "x", [4, 5], null]', 6),
        ('{"a": 1} {"a": 2}\n[{"a": 3}] [] 4 true', 5),
        ('[{"a": "\\\\"}, {"b": "\\"}, {"}]', 2),
        ('[{"a": 1}]\nthis is no JSON', 2),
        ('[{"a": 1}, {"a": ', 2),
        ("[]", 0),
        ("  \n", 0),
    ],
)
def test_records_of_json_are_elements_and_values(tmp_path: Path, text: str, records: int) -> None:
    assert counted(json_records, tmp_path / "a", text) == records


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('{"of": ["x", "y", "z"], "rows": [{"a": [1]}, {"a": 2}], "more": [{}]}', 2),
        ('{"a": [1, 2, 3], "b": ["x", null, [4]]}', 3),
        ('{"about": {"rows": [{}, {}]}, "rows": [{"a": 1}]}', 1),
    ],
)
def test_rows_under_a_key_are_the_elements_there(tmp_path: Path, text: str, records: int) -> None:
    assert counted(json_records, tmp_path / "a", text, rows_under="…") == records


PLAIN = st.one_of(st.integers(), st.floats(allow_nan=True), st.booleans(), st.none(), st.text(max_size=5))
VALUES = st.recursive(
    PLAIN,
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text('a"[\\', max_size=2), v, max_size=3),
    max_leaves=9,
)


@given(st.lists(VALUES, min_size=1, max_size=3), st.booleans(), st.sampled_from([None, 1]))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_records_of_json_are_those_of_pythons_reader(values: list[object], ascii: bool, indent: int | None) -> None:
    text = "\n".join(json.dumps(v, ensure_ascii=ascii, indent=indent) for v in values)
    with tempfile.TemporaryDirectory() as folder:
        found = counted(json_records, Path(folder) / "a", text.encode("utf-8", "replace"))
    assert found == sum(len(v) if isinstance(v, list) else 1 for v in values)


# The law


def without(source: str, monkeypatch: pytest.MonkeyPatch, change: Callable[..., Iterator[pa.RecordBatch]]) -> None:
    """Put a reader in place of a source's own."""
    broken = {n: replace(m, function=change) if n == source else m for n, m in SOURCES.items()}
    monkeypatch.setattr("engine.opening.first_rows.SOURCES", broken)


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.parquet", "a.txt"])
def test_a_reader_that_loses_a_row_opens_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"text": f"text number {i}"} for i in range(3)]
    whole = {
        "a.csv": "text\n" + "".join(f"{r['text']}\n" for r in rows),
        "a.jsonl": "".join(json.dumps(r) + "\n" for r in rows),
        "a.json": json.dumps(rows),
        "a.txt": "".join(f"{r['text']}\n" for r in rows),
    }
    path = tmp_path / name
    if name in whole:
        path.write_text(whole[name])
    else:
        pq.write_table(pa.Table.from_pylist(rows), path)
    format = "lines" if name == "a.txt" else ""
    member = SOURCES[format or name.split(".")[1]]

    def reader(source: Input, report: Report, **params: object) -> Iterator[pa.RecordBatch]:
        for batch in member.function(source, report, **params):
            yield batch.slice(1)

    without(member.name, monkeypatch, reader)
    with pytest.raises(EngineError, match="a.* holds 3 records, but 2 rows and 0 rejected ones were read"):
        opened(path, format=format)
    assert not (tmp_path / "workspace" / "a").exists()


def test_what_a_reader_gives_up_stands_for_all_that_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "a.jsonl", "".join(f'{{"text": "text {i}"}}\n' for i in range(10)))

    def reader(source: Input, report: Report, **params: object) -> Iterator[pa.RecordBatch]:
        report.reject(1, b"x", "bad")
        yield pa.RecordBatch.from_pydict({"text": ["text 1", "text 2"]})
        report.rest = Rest(4, b'{"text"', "it cannot be read further")

    without("jsonl", monkeypatch, reader)
    data = opened(path)
    assert [(r["line"], r["rows"]) for r in read(data.store).to_pylist()] == [(1, 1), (4, 7)]
    assert (data.n, data.record.rejected, data.record.files[0].rejected) == (2, 8, 8)


def test_a_file_that_cannot_be_read_among_others_stands_for_its_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [written(tmp_path, f"{n}.jsonl", '{"text": "a text"}\n' * 3) for n in "ab"]

    def reader(source: Input, report: Report, **params: object) -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pydict({"text": ["a text"]})
        if source.name == "b.jsonl":
            raise EngineError("the disk is worn out")
        yield pa.RecordBatch.from_pydict({"text": ["a text", "a text"]})

    without("jsonl", monkeypatch, reader)
    data = open_source(paths, tmp_path / "workspace")
    assert [(f.rows, f.rejected) for f in data.record.files] == [(3, 0), (1, 2)]


def test_records_are_counted_before_a_sample_is_drawn(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", '{"text": "a text"}\nbad\n' * 50)
    data = opened(path, sample=5)
    assert (data.n, data.record.files[0].rows, data.record.files[0].rejected) == (5, 50, 50)


def test_a_packing_that_is_cut_off_is_an_entry_beyond_the_records(tmp_path: Path) -> None:
    whole = gzip.compress("".join(f'{{"text": "text {i}"}}\n' for i in range(5000)).encode(), compresslevel=0)
    data = opened(written(tmp_path, "a.jsonl.gz", whole[:-9]))
    last = read(data.store).to_pylist()[-1]
    assert data.n + data.record.rejected in (5000, 5001)
    assert (last["rows"], "cut off" in last["reason"]) == (1, True)


def test_counting_is_told_as_it_goes_on(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", '{"text": "a text"}\n' * 3)
    told: list[tuple[str, int, int]] = []
    open_source(path, tmp_path / "workspace", progress=lambda stage, done, total: told.append((stage, done, total)))
    assert ("Counting", path.stat().st_size, path.stat().st_size) in told


def test_a_file_that_grows_while_it_is_read_is_said_to(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", '{"text": "a text"}\n' * 3)

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "Reading" and path.stat().st_size < 70:
            with path.open("a") as file:
                file.write('{"text": "one more"}\n')

    with pytest.raises(EngineError, match="a.jsonl has changed while it was read"):
        open_source(path, tmp_path / "workspace", progress=meanwhile)


# Over all sources, whole files and damaged ones

CELLS = st.text("ab\",;'\n é|\\", max_size=6)
ROWS = st.lists(st.fixed_dictionaries({"text": CELLS, "n": st.integers(-9, 9)}), min_size=1, max_size=8)


def as_csv(rows: list[dict[str, object]]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, ["text", "n"])
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def as_parquet(rows: list[dict[str, object]]) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), sink, row_group_size=3)
    return sink.getvalue().to_pybytes()


WRITERS: dict[str, Callable[[list[dict[str, object]]], bytes]] = {
    "csv": as_csv,
    "jsonl": lambda rows: b"".join(json.dumps(r).encode() + b"\n" for r in rows),
    "json": lambda rows: json.dumps(rows).encode(),
    "parquet": as_parquet,
    "lines": lambda rows: b"".join(str(r["text"]).replace("\n", " ").encode() + b"\n" for r in rows),
    "folder": lambda rows: str(rows[0]["text"]).encode(),
}
DAMAGE = st.lists(
    st.tuples(
        st.floats(0, 1), st.integers(0, 3), st.sampled_from([b"", b"\xff", b'"', b"\n", b"]", b"{", b"\0", b","])
    ),
    max_size=2,
)


def damaged(content: bytes, wounds: list[tuple[float, int, bytes]]) -> bytes:
    for place, gone, new in wounds:
        at = int(place * len(content))
        content = content[:at] + new + content[at + gone :]
    return content


def test_every_file_format_is_tried() -> None:
    assert set(WRITERS) == set(SOURCES) - {"dataframe"}


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS, wounds=DAMAGE, pack=st.booleans())
def test_every_record_of_any_file_is_a_row_or_rejected(
    format: str, rows: list[dict[str, object]], wounds: list[tuple[float, int, bytes]], pack: bool
) -> None:
    content = damaged(WRITERS[format](rows), wounds)
    pack = pack and format != "parquet"
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), "a.gz" if pack else "a", gzip.compress(content) if pack else content)
        source = [path] if format != "folder" else [path.parent]
        try:
            data = open_source(source, Path(folder) / "w", name="x", options=SourceOptions(format=format))  # type: ignore[arg-type]
        except EngineError as error:
            assert "this is a fault of Winnow" not in str(error), content
            return
        file = data.record.files[0]
        assert file.rows + file.rejected >= 1
        if not wounds and format != "lines" and format != "folder":
            assert (file.rows, file.rejected) == (len(rows), 0)
