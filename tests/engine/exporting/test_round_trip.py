"""From a file through the whole engine to a file: what goes out is what came in."""

import csv
import datetime
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.dataset.dataset import Dataset
from engine.exporting.export import export
from engine.exporting.verify import verify
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe.recipe import Recipe
from engine.recipe.run import run


def out(data: Dataset, folder: Path, name: str, **options: object) -> Path:
    """Export everything; the export must verify."""
    made = export(run(data, Recipe()), folder / "out", format=name, **options)  # type: ignore[arg-type]
    assert verify(folder / "out").ok
    return folder / "out" / made.data_file


JSON_LINES = [
    b'{"text":"one","id":12345678901234567890123,"x":1.50,"nested":{"b":[1,{"c":null}],"a":{}}}',
    b'{"text":"","x":1e-7,"id":-0}',
    b'{ "x" : null , "text" : "caf\\u00e9 \\ud83d\\ude00 \\u0000 </script>" }',
    '{"text":"ünï 中 \U0001f600","extra":[[],[[]],""]}'.encode(),
    b'{"text":"twice","text":"again","id":true}',
    b'{"text":[1,"two"],"x":"three"}',
]


def test_json_lines_come_out_as_the_very_bytes(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"\n".join([*JSON_LINES, b""]))
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    assert data.n == len(JSON_LINES)
    assert out(data, tmp_path, "jsonl").read_bytes() == source.read_bytes()


def test_a_json_array_comes_out_as_lines_of_the_same_objects(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_bytes(b"[\n  " + b",\n  ".join(JSON_LINES) + b"\n]")
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    assert out(data, tmp_path, "jsonl").read_bytes().split(b"\n")[:-1] == JSON_LINES


CSV = """id,name,name,n,big,f,yes,day,at,code,note
1,a,b,1,99999999999999999999,0.5,True,2024-02-29,2024-02-29 10:00:00,007,"say ""hi"", ok"
2,,"",,,,,,,,
3,x,y,-3,-1,1e3,False,1970-01-01,1970-01-01 00:00:00,010,"two
lines"
"""


def test_csv_comes_out_with_the_same_cells(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(CSV)
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="note"))
    path = out(data, tmp_path, "csv")
    with path.open(newline="") as file:
        back = list(csv.reader(file))
    first = list(csv.reader(CSV.splitlines(keepends=True)))
    first[3][5] = back[3][5]  # 1e3 is a number, which may be written 1000
    assert float(back[3][5]) == 1000
    assert back == first
    assert '2,,"",,' in path.read_text()


def test_csv_goes_to_json_with_numbers_past_64_bits_and_dates_as_they_were_written(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(CSV)
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="note"))
    lines = out(data, tmp_path, "jsonl").read_text().splitlines()
    assert '"big":99999999999999999999' in lines[0]
    assert '"day":"2024-02-29","at":"2024-02-29 10:00:00","code":"007"' in lines[0]
    assert '"yes":true' in lines[0] and '"n":null' in lines[1]


def hard_table() -> pa.Table:
    utc = datetime.UTC
    return pa.table(
        {
            "text": ["a", "", None],
            "i8": pa.array([1, None, -3], pa.int8()),
            "u64": pa.array([2**64 - 1, 0, None], pa.uint64()),
            "f32": pa.array([0.1, None, float("nan")], pa.float32()),
            "dec": pa.array([decimal.Decimal("1.50"), None, decimal.Decimal("-2.25")], pa.decimal128(10, 2)),
            "day": pa.array([datetime.date(2024, 2, 29), None, datetime.date(1, 1, 1)]),
            "ns": pa.array([1, None, 3], pa.timestamp("ns", "UTC")),
            "at": pa.array([datetime.datetime(2024, 1, 1, tzinfo=utc), None, None], pa.timestamp("us", "UTC")),
            "list": pa.array([["x", None], [], None]),
            "deep": pa.array([[{"a": 1, "b": [True]}], [], None]),
            "map": pa.array([{"k": {"z": 1}}, None, {"k": None}]),
            "bytes": pa.array([b"\xff\x00", b"", None]),
            "kind": pa.array(["u", "v", "u"]).dictionary_encode(),
            "none": pa.nulls(3),
        }
    )


def test_parquet_comes_out_with_the_same_types_and_values(tmp_path: Path) -> None:
    table = hard_table()
    pq.write_table(table, tmp_path / "in.parquet")
    data = open_source([tmp_path / "in.parquet"], tmp_path / "w", options=SourceOptions(text="text"))
    back = pq.read_table(out(data, tmp_path, "parquet"))
    assert back.schema.names == table.schema.names
    for name in table.schema.names:
        if name != "f32":  # NaN is not equal to itself
            assert back.column(name).to_pylist() == table.column(name).to_pylist(), name
    assert str(back.column("f32").to_pylist()) == str(table.column("f32").to_pylist())


@pytest.mark.parametrize("name", ["jsonl", "csv", "messages"])
def test_parquet_goes_out_in_every_other_format(name: str, tmp_path: Path) -> None:
    pq.write_table(hard_table(), tmp_path / "in.parquet")
    data = open_source([tmp_path / "in.parquet"], tmp_path / "w", options=SourceOptions(text="text"))
    turns = {"turns": {"user": "text"}} if name == "messages" else {}
    assert out(data, tmp_path, name, **turns).stat().st_size > 0


def test_two_files_of_different_kinds_go_out_together(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"text":"json","n":12345678901234567890123}\n')
    (tmp_path / "b.csv").write_text("text,n\ncsv,5\n")
    data = open_source([tmp_path / "a.jsonl", tmp_path / "b.csv"], tmp_path / "w", options=SourceOptions(text="text"))
    lines = out(data, tmp_path, "jsonl").read_text().splitlines()
    assert lines[0].startswith('{"text":"json","n":12345678901234567890123')
    assert lines[1].startswith('{"text":"csv","n":5')
    assert all('"source":"' in line for line in lines)


def test_a_column_whose_own_name_ends_in_a_number_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,text (2),text\none word,two,three\n")
    data = open_source(path, tmp_path / "w", options=SourceOptions(text="text"))
    assert [(c.key, c.name) for c in data.columns.values()] == [
        ("text", "text"),
        ("text (2)", "text (2)"),
        ("text (3)", "text"),
    ]
