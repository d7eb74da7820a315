"""A column gets a type only where nothing is lost: what came in as cells goes out as the same cells."""

import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dataset import Dataset
from engine.exporting import export
from engine.opening import SourceOptions, open_source
from engine.recipe import Recipe, Step, run
from tests.engine.opening.test_sources import opened, values, written

NUMBERS = st.one_of(
    st.integers(-(10**25), 10**25).map(str),
    st.integers(-99, 99).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-999, 999, places=2).map(str),
    st.sampled_from(
        ["1e5", "1E+05", ".5", "-0", "-0.0", "1e400", "1e-400", "2.50", "007", "+1", "1_0", "9007199254740993"]
    ),
)
DATES = st.sampled_from(
    ["2024-01-31", "2024-01-31 10:00:00", "2024-01-31T10:00:00Z", "2024-01-31T10:00:00.000001", "2024-02-30"]
)
TRUTHS = st.sampled_from(["true", "false", "True", "False", "TRUE", "yes"])
COLUMN = st.sampled_from([NUMBERS, DATES, TRUTHS, st.integers(0, 9).map(str)]).flatmap(
    lambda cells: st.lists(st.one_of(st.just(""), cells), min_size=1, max_size=5)
)


def data_of(folder: Path, *files: list[str]) -> Dataset:
    """A dataset of CSV files with the columns `text` and `v`, pooled where there are several."""
    paths = []
    for i, cells in enumerate(files):
        body = io.StringIO()
        csv.writer(body, lineterminator="\n").writerows([("text", "v"), *((f"some words {i}", cell) for cell in cells)])
        paths.append(written(folder, f"{i}.csv", body.getvalue()))
    return open_source(paths, folder / "workspace", options=SourceOptions(text="text", delimiter=","))


def out(data: Dataset, folder: Path, as_: str = "csv") -> Path:
    return folder / "out" / export(run(data, Recipe()), folder / "out", format=as_).data_file


def cells_out(data: Dataset, folder: Path) -> list[str]:
    return [row[1] for row in csv.reader(io.StringIO(out(data, folder).read_bytes().decode(), newline=""))][1:]


@given(st.lists(COLUMN, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_cells_go_out_as_they_came_in(tmp_path_factory: pytest.TempPathFactory, files: list[list[str]]) -> None:
    folder = tmp_path_factory.mktemp("cells")
    assert cells_out(data_of(folder, *files), folder) == [cell for cells in files for cell in cells]


@pytest.mark.parametrize(
    ("cells", "type_", "held", "stored"),
    [
        (["1.5", "2", "-0.25"], "number", "", [1.5, 2.0, -0.25]),
        (["19.90", "", "5"], "number", "number", [19.9, None, 5.0]),
        (["1e5", ".5"], "number", "number", [100000.0, 0.5]),
        (["0.10000000000000001", "1.5"], "number", "number", [0.1, 1.5]),
        (["20000000000", "2.5"], "number", "number", [2e10, 2.5]),
        (["9007199254740993", "2.5"], "text", "", ["9007199254740993", "2.5"]),
        (["9007199254740993", "2"], "integer", "", [9007199254740993, 2]),
        (["1e400", "1"], "text", "", ["1e400", "1"]),
        (["1e-400", "1"], "text", "", ["1e-400", "1"]),
        (["123456789.123456789", "1.5"], "text", "", ["123456789.123456789", "1.5"]),
    ],
)
def test_cells_are_numbers_where_a_float_holds_every_one(
    tmp_path: Path, cells: list[str], type_: str, held: str, stored: list[object]
) -> None:
    data = data_of(tmp_path, cells)
    assert (data.info("v").type, data.info("v").held, values(data, "v")) == (type_, held, stored)
    assert cells_out(data, tmp_path) == cells


def test_a_number_that_no_float_holds_is_named(tmp_path: Path) -> None:
    (drift,) = data_of(tmp_path, ["2.5", "1e400"]).record.drift
    assert (drift.row, drift.before) == (1, "number")
    assert drift.after == "a number that a 64-bit float cannot hold, so all are kept as text: 1e400"


def test_a_price_is_a_number_on_the_way_and_keeps_its_zero_on_the_way_out(tmp_path: Path) -> None:
    data = data_of(tmp_path, ["19.90", "5.00", ""])
    assert data.numbers("v")[:2].tolist() == [19.9, 5.0]
    assert data.column("v").type == pa.float64()
    assert data.strings("v", data.rows()) == ["19.90", "5.00", None]
    assert data.codes("v")[1] == ["19.90", "5.00"]
    kept = run(data, Recipe(steps=(Step("sql", {"where": "v > 10"}),)))
    assert kept.rows.tolist() == [0]
    assert out(data, tmp_path, "jsonl").read_text().splitlines()[0] == '{"text":"some words 0","v":19.90}'


def test_parquet_gets_numbers_and_json_lines_no_bare_point(tmp_path: Path) -> None:
    data = data_of(tmp_path, [".50", "-.5"])
    assert [json.loads(line)["v"] for line in out(data, tmp_path, "jsonl").read_text().splitlines()] == [0.5, -0.5]
    (tmp_path / "more").mkdir()
    table = pq.read_table(out(data, tmp_path / "more", "parquet"))
    assert (table.schema.field("v").type, table.column("v").to_pylist()) == (pa.float64(), [0.5, -0.5])


@pytest.mark.parametrize(
    ("first", "second", "type_", "held"),
    [
        ("2024-01-31", "2024-01-31 10:00:00", "date", "date"),
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00.000001Z", "date", "moment"),
        ("2024-01-31", "2024-01-31T10:00:00Z", "text", ""),
        ("2024-01-31", "2024-02-01", "date", ""),
        ("True", "true", "text", ""),
        ("7", "1.5", "number", ""),
        ("7", "1.50", "number", "number"),
        ("7", "12345678901234567890", "integer", "integer"),
        ("9007199254740993", "1.5", "text", ""),
        ("7", "", "integer", ""),
    ],
)
def test_two_files_have_one_type_that_loses_nothing(
    tmp_path: Path, first: str, second: str, type_: str, held: str
) -> None:
    data = data_of(tmp_path, [first], [second])
    assert (data.info("v").type, data.info("v").held) == (type_, held)
    assert cells_out(data, tmp_path) == [first, second]


def test_dates_of_two_shapes_are_dates_for_a_filter(tmp_path: Path) -> None:
    data = data_of(tmp_path, ["1970-01-02"], ["1970-01-01 00:00:01"])
    assert data.numbers("v").tolist() == [86400.0, 1.0]


def test_a_csv_of_days_and_a_parquet_file_of_times_keep_the_times(tmp_path: Path) -> None:
    import datetime

    time = datetime.datetime(2024, 1, 31, 10, 30)
    pq.write_table(pa.table({"text": ["a b"], "v": [time]}), tmp_path / "b.parquet")
    paths = [written(tmp_path, "a.csv", "text,v\nc d,2024-01-31\n"), tmp_path / "b.parquet"]
    data = open_source(paths, tmp_path / "workspace", options=SourceOptions(text="text"))
    assert (data.info("v").type, values(data, "v")) == ("date", [datetime.datetime(2024, 1, 31), time])
    assert cells_out(data, tmp_path)[0] == "2024-01-31"


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (pa.array([9007199254740993]), pa.array([1.5]), ["9007199254740993", "1.5"]),
        (pa.array([7]), pa.array([1.5]), [7.0, 1.5]),
        (
            pa.array(["1.10"]).cast(pa.decimal128(5, 2)),
            pa.array(["2.1234"]).cast(pa.decimal128(9, 4)),
            ["1.1000", "2.1234"],
        ),
        (pa.array(["1" * 38]).cast(pa.decimal128(38, 0)), pa.array([5]), ["1" * 38, "5"]),
        (pa.array(["1.10"]).cast(pa.decimal128(5, 2)), pa.array([1.5]), ["1.10", "1.5"]),
        (pa.array([[9007199254740993]]), pa.array([[1.5]]), ["[9007199254740993]", "[1.5]"]),
        (pa.array([2**64 - 1], pa.uint64()), pa.array([-1]), [str(2**64 - 1), "-1"]),
    ],
)
def test_pooled_numbers_of_two_widths_lose_no_digit(
    tmp_path: Path, first: pa.Array, second: pa.Array, kept: list[object]
) -> None:
    for name, array in (("a", first), ("b", second)):
        pq.write_table(pa.table({"text": ["some words"], "v": array}), tmp_path / f"{name}.parquet")
    data = open_source(
        [tmp_path / "a.parquet", tmp_path / "b.parquet"], tmp_path / "w", options=SourceOptions(text="text")
    )
    assert [v if isinstance(v, float | str) else str(v) for v in values(data, "v")] == kept


def test_json_integers_beside_floats_keep_their_digits(tmp_path: Path) -> None:
    lines = (
        '{"text": "a b", "n": 9007199254740993, "l": [9007199254740993]}\n{"text": "c", "n": 1.5, "l": [1.5, 1e400]}\n'
    )
    data = opened(written(tmp_path, "a.jsonl", lines))
    assert values(data, "n") == ["9007199254740993", "1.5"]
    assert values(data, "l") == ["[9007199254740993]", "[1.5,1e400]"]
    assert [(d.column, d.row) for d in data.record.drift] == [("n", 0)]


@pytest.mark.parametrize("number", ["1e400", "-1e999", "1e-400", "123456789012345678.25"])
def test_a_json_number_that_no_float_holds_keeps_its_text(tmp_path: Path, number: str) -> None:
    data = opened(
        written(tmp_path, "a.json", f'{{"rows": [{{"text": "a", "n": {number}, "o": {{"k": [{number}]}}}}]}}')
    )
    assert (values(data, "n"), values(data, "o")) == ([number], [f'{{"k":[{number}]}}'])


def test_json_numbers_that_a_float_holds_stay_numbers(tmp_path: Path) -> None:
    numbers = ["1.50", "1e22", "0.1000000000000000055511151231257827", "1E-5", "-0.0", "1.0000000000000000000000"]
    data = opened(written(tmp_path, "a.jsonl", "".join(f'{{"text": "a", "n": {n}}}\n' for n in numbers)))
    assert values(data, "n") == [1.5, 1e22, 0.1, 1e-5, -0.0, 1.0]
