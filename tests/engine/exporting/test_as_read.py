"""Parquet through the whole engine: types, nullability and metadata come out as they went in, or it is said."""

import datetime as dt
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.dataset.dataset import Dataset
from engine.exporting.export import export
from engine.exporting.manifest import Manifest
from engine.exporting.verify import verify
from engine.look.findings import findings
from engine.look.overview import overview
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run

FAR = 2**60
TENSOR = pa.fixed_shape_tensor(pa.float32(), [2])
COLUMNS = {
    "int8": pa.array([1, None, -3], pa.int8()),
    "uint64": pa.array([2**64 - 1, None, 2**63], pa.uint64()),
    "float16": pa.array([1.5, None, 65504.0], pa.float16()),
    "decimal128": pa.array([Decimal("1.10"), None, Decimal("-0.01")], pa.decimal128(10, 2)),
    "decimal256": pa.array([Decimal("1" * 60), None, Decimal(2)], pa.decimal256(76, 0)),
    "string": pa.array(["a", None, ""], pa.string()),
    "large_string": pa.array(["a", None, ""], pa.large_string()),
    "string_view": pa.array(["a", None, "b" * 40], pa.string_view()),
    "binary": pa.array([b"text", None, b"\xff"], pa.binary()),
    "large_binary": pa.array([b"text", None, b"\xff"], pa.large_binary()),
    "fixed_binary": pa.array([b"ab", None, b"\xff\0"], pa.binary(2)),
    "dictionary": pa.DictionaryArray.from_arrays(pa.array([0, None, 1], pa.int8()), pa.array(["u", "v"])),
    "ordered": pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.int16()), pa.array(["u", "v"]), ordered=True),
    "dictionary_of_integers": pa.DictionaryArray.from_arrays(pa.array([0, None, 1]), pa.array([10, 20])),
    "list_of_dictionary": pa.ListArray.from_arrays([0, 1, 2, 3], pa.array(["u", "v", "u"]).dictionary_encode()),
    "fixed_list": pa.array([[1, 2], None, [3, 4]], pa.list_(pa.int32(), 2)),
    "large_list": pa.array([["x"], None, []], pa.large_list(pa.string())),
    "list_of_what_is_there": pa.array([["x"], [], []], pa.list_(pa.field("element", pa.string(), nullable=False))),
    "struct": pa.array([{"a": {"b": [1, None]}}, None, {"a": None}]),
    "map": pa.array([[("k", 1), ("k", 2)], None, []], pa.map_(pa.string(), pa.int64())),
    "nanoseconds": pa.array([1700000000123456789, None, -1], pa.timestamp("ns")),
    "nanoseconds_in_a_zone": pa.array([1700000000123456789, None, -1], pa.timestamp("ns", "Europe/Berlin")),
    "offset": pa.array([1, None, 2], pa.timestamp("us", "+05:30")),
    "no_such_zone": pa.array([1, None, 2], pa.timestamp("us", "Mars/Olympus")),
    "list_in_no_such_zone": pa.array([[1], None, [2]], pa.list_(pa.timestamp("ms", "Mars/Olympus"))),
    "far": pa.array([FAR, None, -FAR], pa.timestamp("ms")),
    "far_in_a_struct": pa.array([{"x": FAR}, None, {"x": 1}], pa.struct([pa.field("x", pa.timestamp("ms"))])),
    "far_in_a_map": pa.array([[("a", FAR)], None, []], pa.map_(pa.string(), pa.timestamp("ms"))),
    "far_days": pa.array([2**31 - 1, None, -(2**31)], pa.int32()).cast(pa.date32()),
    "date64": pa.array([dt.date(2024, 1, 1), None, dt.date(1, 1, 1)], pa.date64()),
    "time32": pa.array([dt.time(1, 2, 3), None, dt.time(23)], pa.time32("s")),
    "time64": pa.array([1, None, 86_399_999_999_999], pa.time64("ns")),
    "duration": pa.array([1, None, -(2**62)], pa.duration("ns")),
    "long_duration": pa.array([2**62, None, 1], pa.duration("s")),
    "null": pa.nulls(3),
    "twice_a_field": pa.StructArray.from_arrays([pa.array([1, 2, 3]), pa.array([4, 5, 6])], names=["x", "x"]),
    "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"a" * 16, None, b"b" * 16], pa.binary(16))),
    "tensor": pa.ExtensionArray.from_storage(TENSOR, pa.array([[1, 2], [3, 4], [5, 6]], pa.list_(pa.float32(), 2))),
}
TEXTS = pa.array(["one text", "two texts", "three"])


def source(folder: Path, values: pa.Array, *, name: str = "in.parquet", metadata: dict[str, str] | None = None) -> Path:
    """A file of a text that is never missing, with a note of its own, and a column `v`."""
    text = pa.field("text", pa.string(), nullable=False, metadata={"note": "kept"})
    schema = pa.schema([text, pa.field("v", values.type)], metadata=metadata or {"who": "me"})
    pq.write_table(pa.Table.from_arrays([TEXTS[: len(values)], values], schema=schema), folder / name)
    return folder / name


def opened(folder: Path, *paths: Path) -> Dataset:
    return open_source(list(paths), folder / "w", options=SourceOptions(text="text"))


def out(data: Dataset, folder: Path, format: str = "parquet", recipe: Recipe = Recipe(), **options: object) -> Manifest:  # noqa: B008
    """Export; the export must verify."""
    made = export(run(data, recipe), folder / "out", format=format, overwrite=True, **options)  # type: ignore[arg-type]
    assert verify(folder / "out").ok
    return made


def back(folder: Path) -> pa.Table:
    return pq.ParquetFile(folder / "out/data.parquet").read()


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_comes_out_as_it_went_in(kind: str, tmp_path: Path) -> None:
    path = source(tmp_path, COLUMNS[kind])
    before = pq.ParquetFile(path).read()
    data = opened(tmp_path, path)
    overview(data)
    findings(data)
    made = out(data, tmp_path)
    after = back(tmp_path)
    assert after.schema.equals(before.schema, check_metadata=True)
    assert after.equals(before)
    assert made.changes == ()


JSON = {
    "uint64": [2**64 - 1, None, 2**63],
    "nanoseconds": ["2023-11-14T22:13:20.123456789", None, "1969-12-31T23:59:59.999999999"],
    "nanoseconds_in_a_zone": ["2023-11-14T23:13:20.123456789+01:00", None, "1970-01-01T00:59:59.999999999+01:00"],
    "far": ["36536598-01-28T21:54:06.976", None, "-36532659-12-03T02:05:53.024"],
    "far_in_a_struct": [{"x": "36536598-01-28T21:54:06.976"}, None, {"x": "1970-01-01T00:00:00.001000"}],
    "far_days": ["5881580-07-11", None, "-5877641-06-23"],
    "time64": ["00:00:00.000000001", None, "23:59:59.999999999"],
    "duration": [Decimal("0.000000001"), None, Decimal("-4611686018.427387904")],
    "long_duration": [2**62, None, 1],
    "decimal256": [int("1" * 60), None, 2],
    "map": [[["k", 1], ["k", 2]], None, []],
    "binary": ["dGV4dA==", None, "/w=="],
}


def test_any_column_goes_out_as_json_lines_and_as_csv(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": TEXTS, **COLUMNS}), tmp_path / "in.parquet")
    data = opened(tmp_path, tmp_path / "in.parquet")
    out(data, tmp_path, "csv")
    out(data, tmp_path, "jsonl")
    lines = [json.loads(s, parse_float=Decimal) for s in (tmp_path / "out/data.jsonl").read_text().splitlines()]
    assert all(line.keys() == {"text", *COLUMNS} for line in lines)
    assert {kind: [line[kind] for line in lines] for kind in JSON} == JSON


def test_moments_go_to_csv_to_the_digit_and_however_far(tmp_path: Path) -> None:
    both = pa.table({"text": TEXTS, "ns": COLUMNS["nanoseconds"], "far": COLUMNS["far"]})
    pq.write_table(both, tmp_path / "in.parquet")
    out(opened(tmp_path, tmp_path / "in.parquet"), tmp_path, "csv")
    first = (tmp_path / "out/data.csv").read_text().splitlines()[1]
    assert first == '"one text",2023-11-14 22:13:20.123456789,"36536598-01-28T21:54:06.976"'


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_bytes_in_text_formats_are_told_with_their_count(format: str, tmp_path: Path) -> None:
    made = out(opened(tmp_path, source(tmp_path, COLUMNS["binary"])), tmp_path, format)
    assert made.changes == ("'v': bytes are in base64 (2 of its values)",)
    assert "Not as it came: 'v': bytes" in (tmp_path / "out/README.md").read_text()


def test_numbers_that_json_has_no_word_for_are_told_with_their_count(tmp_path: Path) -> None:
    values = pa.array([[float("nan"), 1.5], None, [float("-inf")]])
    made = out(opened(tmp_path, source(tmp_path, values)), tmp_path, "jsonl")
    assert made.changes == ("'v': NaN and infinity, which JSON has no word for, are null (2 of its values)",)
    assert json.loads((tmp_path / "out/data.jsonl").read_text().splitlines()[0])["v"] == [None, 1.5]


@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_a_time_zone_that_nobody_knows_is_told_where_it_cannot_be_kept(format: str, tmp_path: Path) -> None:
    made = out(opened(tmp_path, source(tmp_path, COLUMNS["no_such_zone"])), tmp_path, format)
    assert made.changes == ("'v': its time zone, 'Mars/Olympus', is not known here; its times are in UTC",)


def test_files_that_agree_keep_their_type_and_others_say_what_became_of_it(tmp_path: Path) -> None:
    small = pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), pa.array(["u"]))
    alike = [source(tmp_path, small, name=f"{n}.parquet") for n in "ab"]
    made = out(opened(tmp_path, *alike), tmp_path)
    assert back(tmp_path).schema.field("v").type == small.type and made.changes == ()
    assert made.columns[1].type == "dictionary<values=string, indices=int8, ordered=0>"
    other = source(tmp_path, pa.array(["w"]), name="c.parquet")
    made = out(opened(tmp_path, alike[0], other), tmp_path)
    assert made.changes == (
        "'v': its files had dictionary<values=string, indices=int8, ordered=0> and string; it is large_string",
    )


def test_a_column_that_one_file_lacks_may_be_missing_again(tmp_path: Path) -> None:
    one = source(tmp_path, pa.array([1]), name="a.parquet")
    pq.write_table(pa.table({"v": [2]}), tmp_path / "b.parquet")
    out(opened(tmp_path, one, tmp_path / "b.parquet"), tmp_path)
    assert back(tmp_path).schema.field("text").nullable


def test_pooled_categories_get_an_index_that_counts_them_all(tmp_path: Path) -> None:
    def categories(start: int) -> pa.Array:
        return pa.array([f"c{i}" for i in range(start, start + 100)]).cast(pa.dictionary(pa.int8(), pa.string()))

    for name, start in (("a", 0), ("b", 100)):
        table = pa.table({"text": [f"text {i}" for i in range(100)], "v": categories(start)})
        pq.write_table(table, tmp_path / f"{name}.parquet")
    made = out(opened(tmp_path, tmp_path / "a.parquet", tmp_path / "b.parquet"), tmp_path)
    assert back(tmp_path).column("v").to_pylist() == [f"c{i}" for i in range(200)]
    assert "more different values than int8 counts" in made.changes[0]


def test_metadata_that_lists_columns_goes_when_they_change(tmp_path: Path) -> None:
    told = {"who": "me", "pandas": "{}", "huggingface": "{}"}
    data = opened(tmp_path, source(tmp_path, pa.array([1, 2, 3]), metadata=told))

    def kept(**options: object) -> set[bytes]:
        out(data, tmp_path, **options)  # type: ignore[arg-type]
        return set(back(tmp_path).schema.metadata)

    two = Recipe(steps=(Step("number_range", {"column": "v", "low": 2}).checked(),))
    assert kept() == {b"who", b"pandas", b"huggingface"}
    assert kept(recipe=two) == {b"who", b"huggingface"}
    assert kept(rank=True) == {b"who"}
    assert kept(columns=["text"]) == {b"who"}


def test_rows_added_at_the_end_keep_the_types_of_the_file(tmp_path: Path) -> None:
    values: Sequence[str] = ["u", "v", "u"]
    path = source(tmp_path, pa.array(values[:2]).dictionary_encode())
    opened(tmp_path, path)
    data = opened(tmp_path, source(tmp_path, pa.array(values).dictionary_encode()))
    assert len(data.record.segments) == 2
    out(data, tmp_path)
    assert back(tmp_path).schema.equals(pq.ParquetFile(path).schema_arrow, check_metadata=True)


def test_a_dataframe_keeps_its_categories_in_their_order(tmp_path: Path) -> None:
    sizes = ["small", "middle", "large"]
    frame = pd.DataFrame({"text": ["a b", "c d"], "v": pd.Categorical(["large", "small"], sizes, ordered=True)})
    out(open_source(frame, tmp_path / "w"), tmp_path)
    found = back(tmp_path).column("v").to_pandas()
    assert found.cat.ordered and list(found.cat.categories) == sizes
    assert list(found) == ["large", "small"]


def test_categories_that_two_files_order_differently_are_no_longer_ordered(tmp_path: Path) -> None:
    for name, order in (("a", ["u", "v"]), ("b", ["v", "u"])):
        values = pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), pa.array(order), ordered=True)
        source(tmp_path, values, name=f"{name}.parquet")
    made = out(opened(tmp_path, tmp_path / "a.parquet", tmp_path / "b.parquet"), tmp_path)
    assert not back(tmp_path).schema.field("v").type.ordered
    assert made.changes == ("'v': its files order their categories differently; they are no longer ordered",)


@pytest.mark.parametrize(
    ("objects", "stored"),
    [
        ([np.zeros((1, 2)), np.ones((1, 2))], ["[[0.0,0.0]]", "[[1.0,1.0]]"]),
        ([pd.NaT, "x"], [None, "x"]),
        ([pd.NA, {"y": np.array([1, 2])}], [None, '{"y":[1,2]}']),
        ([(1, 2), ("x", 3)], ["[1,2]", '["x",3]']),
    ],
)
def test_objects_of_a_dataframe_are_opened_whatever_they_are(
    objects: list[object], stored: list[object], tmp_path: Path
) -> None:
    frame = pd.DataFrame({"text": ["a b", "c d"], "v": pd.Series(objects, dtype=object)})
    data = open_source(frame, tmp_path / "w")
    assert data.column("v").to_pylist() == stored
    out(data, tmp_path)


def test_types_that_no_file_of_rows_holds_are_json_text_and_told(tmp_path: Path) -> None:
    either = pa.UnionArray.from_dense(
        pa.array([0, 1], pa.int8()), pa.array([0, 0], pa.int32()), [pa.array([1]), pa.array(["x"])]
    )
    data = open_source(pa.table({"text": ["a b", "c d"], "v": either}), tmp_path / "w")
    assert data.column("v").to_pylist() == ["1", '"x"']
    assert "it is large_string" in out(data, tmp_path).changes[0]
