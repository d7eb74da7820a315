"""Every format reads what is there, and says what it could not read."""

import gzip
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from engine.dataset.dataset import Dataset
from engine.dataset.record import Drift
from engine.errors import EngineError
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.opening.rejected import read, reasons


def opened(path: Path, **options: object) -> Dataset:
    return open_source(path, path.parent / "workspace", options=SourceOptions(**options))  # type: ignore[arg-type]


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def values(data: Dataset, key: str) -> list[object]:
    return data.column(key).to_pylist()


def rejected(data: Dataset) -> list[tuple[int, bytes, str]]:
    return [(r["line"], r["raw"], r["reason"]) for r in read(data.store).to_pylist()]


# CSV


def test_csv_tells_a_quoted_empty_cell_from_an_absent_one(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", 'text,note\nx,""\ny,\nz,w\n'))
    assert values(data, "note") == ["", None, "w"]


def test_csv_integers_with_gaps_stay_integers(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,n\nx,1\ny,\nz,-3\n"))
    assert (data.info("n").type, data.column("n").type, values(data, "n")) == ("integer", pa.int64(), [1, None, -3])


def test_csv_integers_beyond_64_bits_are_kept_digit_by_digit(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,n\nx,123456789012345678901\ny,7\n"))
    assert (data.info("n").type, values(data, "n")) == ("integer", ["123456789012345678901", "7"])
    assert data.record.columns[1].held == "integer"
    assert data.numbers("n").tolist() == [123456789012345678901.0, 7.0]


def test_csv_leading_zeros_are_codes_not_numbers(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,zip\nx,01234\ny,99999\n"))
    assert values(data, "zip") == ["01234", "99999"]


def test_versions_that_numbers_would_merge_stay_text(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,version,price\nx,1.1,1.50\ny,1.10,2.00\nz,1.2,\n"))
    assert (values(data, "version"), values(data, "price")) == (["1.1", "1.10", "1.2"], [1.5, 2.0, None])


def test_csv_dates_truth_values_and_numbers_get_their_types(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,day,yes,price\nx,2020-01-31,True,1.5\ny,2020-02-29,False,2\n"))
    assert [data.info(k).type for k in ("day", "yes", "price")] == ["date", "boolean", "number"]
    assert [str(v) for v in values(data, "day")] == ["2020-01-31", "2020-02-29"]
    assert values(data, "yes") == [True, False]


def test_a_day_that_does_not_exist_leaves_the_column_text(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,day\nx,2020-02-31\ny,2020-01-01\n"))
    assert data.info("day").type == "text"


def test_csv_cells_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", 'text,n\n"a, ""b""\nc",1\n'))
    assert values(data, "text") == ['a, "b"\nc']


def test_ragged_rows_are_set_aside_with_line_raw_value_and_reason(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,n\nx,1\ny\nz,2,3\nw,4\n"))
    assert values(data, "text") == ["x", "w"]
    assert rejected(data) == [
        (3, b"y", "1 cell where the header has 2"),
        (4, b"z,2,3", "3 cells where the header has 2"),
    ]
    assert data.record.rejected == 2


def test_strict_stops_at_the_first_row_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"a.csv, line 3: 1 cell where the header has 2: 'y'"):
        opened(written(tmp_path, "a.csv", "text,n\nx,1\ny\n"), strict=True)
    assert not list((tmp_path / "workspace").iterdir())


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = f"text{delimiter}n\nHello, you{delimiter}1\nGood, thanks{delimiter}2\n"
    data = opened(written(tmp_path, "a.csv", text))
    assert values(data, "text") == ["Hello, you", "Good, thanks"]
    assert data.record.files[0].facts["delimiter"] == delimiter


def test_single_quotes_around_cells_are_found(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,n\n'a, b',1\n'c, d',2\n'e, f',3\n"))
    assert values(data, "text") == ["a, b", "c, d", "e, f"]


def test_quotes_that_are_only_letters_in_a_table_with_tabs(tmp_path: Path) -> None:
    rows = "".join(f'"Well {i}\t{i}\n' for i in range(5))
    data = opened(written(tmp_path, "a.tsv", "text\tn\n" + rows))
    assert (values(data, "text")[0], values(data, "n")) == ('"Well 0', [0, 1, 2, 3, 4])


def test_columns_of_the_same_name_are_both_kept(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,n,n\nx,1,2\n"))
    assert list(data.columns) == ["text", "n", "n (2)"]
    assert [c.name for c in data.columns.values()] == ["text", "n", "n"]
    assert values(data, "n (2)") == [2]


def test_type_drift_late_in_a_file_is_found_and_named(tmp_path: Path) -> None:
    rows = "".join(f"t{i},{i}\n" for i in range(50_000)) + "late,many\n" + "end,3\n"
    data = opened(written(tmp_path, "a.csv", "text,n\n" + rows))
    assert data.info("n").type == "text"
    assert values(data, "n")[-3:] == ["49999", "many", "3"]
    assert data.record.drift == (Drift(file="a.csv", column="n", row=50_000, before="integer", after="text: many"),)


def test_a_row_that_is_not_utf8_is_set_aside(tmp_path: Path) -> None:
    lines = b"".join(f"caf\u00e9 {i},1\n".encode() for i in range(50))
    data = opened(written(tmp_path, "a.csv", b"text,n\n" + lines + b"caf\xe9,2\nend,3\n"))
    assert data.n == 51
    assert rejected(data)[0][:2] == (52, b"caf\xe9,2")


def test_line_numbers_hold_after_rows_that_were_set_aside(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", b"text,n\n" + "é,1\n".encode() * 50 + b"short\nx,2\ncaf\xe9,3\n"))
    assert sorted(line for line, _, _ in rejected(data)) == [52, 54]


def test_nul_bytes_and_a_cell_of_five_megabytes_are_only_text(tmp_path: Path) -> None:
    long = "x" * 5_000_000
    data = opened(written(tmp_path, "a.csv", f"text,n\na\x00b,1\n{long},2\n"))
    assert values(data, "text") == ["a\x00b", long]


@pytest.mark.parametrize("start", ['c,"3\n', '"c,3\n'])
def test_a_quote_that_never_closes_is_told_with_the_lines_that_it_takes_in(tmp_path: Path, start: str) -> None:
    data = opened(written(tmp_path, "a.csv", "text,n\na,1\nb,2\n" + start + "d,4\n" * 200))
    assert values(data, "text") == ["a", "b"]
    ((line, raw, reason),) = rejected(data)
    assert (line, raw.count(b"d,4"), "a quote that does not close takes in 20" in reason) == (4, 200, True)


def test_an_odd_quote_inside_a_cell_is_only_a_letter(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", 'text,n\na 5" disk,1\nb,2\n'))
    assert (values(data, "text"), rejected(data)) == (['a 5" disk', "b"], [])


def test_ten_thousand_columns_open(tmp_path: Path) -> None:
    header = ",".join(["text", *(f"c{i}" for i in range(9_999))])
    data = opened(written(tmp_path, "a.csv", f"{header}\n" + "\n".join("a" + ",1" * 9_999 for _ in range(3)) + "\n"))
    assert (data.n, len(data.columns), values(data, "c9998")) == (3, 10_000, [1, 1, 1])


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "hello there,1\ngood day,2\n"), header=False)
    assert values(data, "column 1") == ["hello there", "good day"]


def test_markup_in_column_names_is_only_a_name(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,<script>alert(1)</script>\na,1\n"))
    assert list(data.columns) == ["text", "<script>alert(1)</script>"]


# Encodings and packing


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_detected_and_stated(tmp_path: Path, encoding: str, stated: str) -> None:
    text = "text,n\n" + "Müller trägt weiße Schuhe und große Hüte,1\nÄpfel über Öl sind süß,2\n" * 20
    data = opened(written(tmp_path, "a.csv", text.encode(encoding)))
    assert values(data, "text")[:2] == ["Müller trägt weiße Schuhe und große Hüte", "Äpfel über Öl sind süß"]
    assert data.record.files[0].facts["encoding"] == stated


def test_an_encoding_can_be_named(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.csv", "text,n\nこんにちは,1\n".encode("shift_jis")), encoding="shift_jis")
    assert values(data, "text") == ["こんにちは"]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.tsv"])
@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_packed_files_read_like_plain_ones(tmp_path: Path, name: str, packing: str) -> None:
    content = {
        "a.csv": "text,n\nhello there,1\n",
        "a.tsv": "text\tn\nhello there\t1\n",
        "a.jsonl": '{"text": "hello there", "n": 1}\n',
        "a.json": '[{"text": "hello there", "n": 1}]',
    }[name].encode()
    packed = gzip.compress(content) if packing == ".gz" else zstandard.compress(content)
    data = opened(written(tmp_path, name + packing, packed))
    assert (values(data, "text"), values(data, "n")) == (["hello there"], [1])


def test_a_gzip_file_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    packed = gzip.compress(b'{"text": "a"}\n') + gzip.compress(b'{"text": "b"}\n')
    assert values(opened(written(tmp_path, "a.jsonl.gz", packed)), "text") == ["a", "b"]


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_of_a_cut_off_file_what_could_be_read_is_kept(tmp_path: Path, packing: str) -> None:
    rng = random.Random(0)
    content = "".join(json.dumps({"text": f"{rng.random()} {i}"}) + "\n" for i in range(50_000)).encode()
    packed = gzip.compress(content) if packing == ".gz" else zstandard.compress(content)
    data = opened(written(tmp_path, f"a.jsonl{packing}", packed[: len(packed) * 2 // 3]))
    assert 20_000 < data.n < 50_000
    assert "is cut off" in rejected(data)[-1][2]


# JSON


def test_json_lines_keep_their_bytes(tmp_path: Path) -> None:
    lines = [
        '{"text" : "caf\\u00e9", "n": 1.50, "big": 123456789012345678901}',
        '{"text": "x", "more": {"b": [1, {"c": null}]}}',
    ]
    data = opened(written(tmp_path, "a.jsonl", "\n".join(lines) + "\n"))
    assert data.raw(data.rows()) == [line.encode() for line in lines]


def test_json_lines_keep_big_integers_lists_and_nested_values(tmp_path: Path) -> None:
    rows = '{"text": "a", "big": 123456789012345678901, "l": [1, 2], "o": {"k": [1, "x"]}}\n{"text": "b", "big": 5}\n'
    data = opened(written(tmp_path, "a.jsonl", rows))
    assert [data.info(k).type for k in ("big", "l", "o")] == ["integer", "list", "json"]
    assert values(data, "big") == ["123456789012345678901", "5"]
    assert values(data, "l") == [[1, 2], None]
    assert values(data, "o") == ['{"k":[1,"x"]}', None]


def test_json_numbers_that_turn_into_text_are_named_with_their_row(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"text": "t", "n": i}) + "\n" for i in range(30_000)) + '{"text": "t", "n": "many"}\n'
    data = opened(written(tmp_path, "a.jsonl", rows))
    assert data.record.drift == (Drift(file="a.jsonl", column="n", row=30_000, before="integer", after="text"),)
    assert values(data, "n")[-2:] == ["29999", "many"]


def test_integers_and_numbers_together_are_numbers_without_a_word(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.jsonl", '{"text": "a", "n": 1}\n{"text": "b", "n": 2.5}\n'))
    assert (values(data, "n"), data.record.drift) == ([1.0, 2.5], ())


def test_dates_after_numbers_are_texts_like_the_numbers(tmp_path: Path) -> None:
    rows = '{"text": "t", "d": 5}\n' * 20_000 + '{"text": "t", "d": "2020-01-01"}\n' * 2
    data = opened(written(tmp_path, "a.jsonl", rows))
    assert values(data, "d")[19_999:20_001] == ["5", "2020-01-01"]


def test_dates_in_json_are_dates_and_go_back_as_they_came(tmp_path: Path) -> None:
    data = opened(
        written(tmp_path, "a.jsonl", '{"text": "t", "d": "2020-01-31T10:00:00Z"}\n{"text": "u", "d": null}\n')
    )
    assert (data.info("d").type, data.numbers("d")[0]) == ("date", 1580464800.0)
    assert data.record.columns[1].written == "%Y-%m-%dT%H:%M:%SZ"


def test_texts_of_parquet_are_not_taken_for_dates(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a text"], "d": ["2020-01-31"]}), tmp_path / "a.parquet")
    assert values(opened(tmp_path / "a.parquet"), "d") == ["2020-01-31"]


def test_objects_and_texts_together_are_json(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.jsonl", '{"text": "a", "o": "x"}\n{"text": "b", "o": {"k": 1}}\n'))
    assert (data.info("o").type, values(data, "o")) == ("json", ['"x"', '{"k":1}'])


def test_lines_that_are_not_json_are_set_aside(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.jsonl", b'{"text": "a"}\n{"text": \n\n[1]\n{"text": "b\xff"}\n{"text": "c"}\n'))
    assert values(data, "text") == ["a", "c"]
    assert [(line, raw) for line, raw, _ in rejected(data)] == [
        (2, b'{"text":'),
        (4, b"[1]"),
        (5, b'{"text": "b\xff"}'),
    ]
    assert reasons(data.store) == {
        "bytes that are not UTF-8": 1,
        "not JSON: Expecting value": 1,
        "not an object as the first line is": 1,
    }


def test_half_a_surrogate_pair_does_not_stop_anything(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.jsonl", '{"text": "a\\ud800b"}\n{"text": "c"}\n'))
    assert values(data, "text") == ["a\ufffdb", "c"]
    assert data.raw(data.rows()) == [b'{"text": "a\\ud800b"}', b'{"text": "c"}']


def test_a_column_called_raw_is_a_column_like_any_other(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.jsonl", '{"text": "a", "raw": "mine"}\n'))
    assert (list(data.columns), values(data, "raw")) == (["text", "raw"], ["mine"])


@pytest.mark.parametrize(
    "content",
    [
        '[{"text": "a", "n": 1}, {"text": "b", "n": 2}]',
        '[\n  {"text": "a", "n": 1},\n  {"text": "b", "n": 2}\n]\n',
        '{"version": 1, "data": [{"text": "a", "n": 1}, {"text": "b", "n": 2}]}',
        '{"text": ["a", "b"], "n": [1, 2]}',
        '{"text": "a", "n": 1}\n{"text": "b", "n": 2}\n',
    ],
)
def test_json_in_its_usual_shapes(tmp_path: Path, content: str) -> None:
    data = opened(written(tmp_path, "a.json", content))
    assert (values(data, "text"), values(data, "n")) == (["a", "b"], [1, 2])


def test_a_long_json_array_streams_over_its_windows(tmp_path: Path) -> None:
    rows = [{"text": f"row {i} " + "é" * (i % 700), "n": i} for i in range(5_000)]
    data = opened(written(tmp_path, "a.json", json.dumps(rows, ensure_ascii=False)))
    assert values(data, "n") == list(range(5_000))
    assert values(data, "text") == [r["text"] for r in rows]


def test_a_json_array_that_breaks_keeps_what_came_before(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.json", '[{"text": "a"}, {"text": "b"}, {"text": '))
    assert values(data, "text") == ["a", "b"]
    assert len(rejected(data)) == 1


# Parquet, texts, DataFrame


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": pa.array(["a", None]),
            "n": pa.array([1, None], pa.int16()),
            "l": pa.array([["x"], []], pa.list_(pa.string())),
            "s": pa.array([{"k": 1}, None]),
            "d": pa.array([1, 2], pa.timestamp("ms", "Europe/Berlin")),
            "c": pa.array(["u", "v"]).dictionary_encode(),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    data = opened(tmp_path / "a.parquet")
    assert [c.type for c in data.columns.values()] == ["text", "integer", "list", "json", "date", "text"]
    for key in table.column_names:
        assert values(data, key) == table.column(key).to_pylist()


def test_a_cut_off_parquet_file_says_so(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a"] * 100}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    with pytest.raises(EngineError, match="cut off has lost its footer"):
        opened(written(tmp_path, "b.parquet", whole[: len(whole) // 2]))


def test_a_damaged_row_group_costs_only_its_rows(tmp_path: Path) -> None:
    rng = random.Random(0)
    table = pa.table({"text": [f"{rng.random()}" for _ in range(300)]})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=100, compression="zstd", use_dictionary=False)
    content = bytearray((tmp_path / "a.parquet").read_bytes())
    place = pq.ParquetFile(tmp_path / "a.parquet").metadata.row_group(1).column(0).data_page_offset
    content[place : place + 200] = b"\xff" * 200
    data = opened(written(tmp_path, "b.parquet", bytes(content)))
    assert values(data, "text") == table.column(0).to_pylist()[:100] + table.column(0).to_pylist()[200:]
    assert "row group 2 is damaged" in rejected(data)[0][2]
    assert data.record.rejected == 100


def test_a_row_whose_text_is_not_utf8_is_rejected_by_itself(tmp_path: Path) -> None:
    ends = pa.array([0, 2, 4, 6], pa.int32()).buffers()[1]
    texts = pa.StringArray.from_buffers(3, ends, pa.py_buffer(b"ok\xff\xfeok"))
    nested = pa.ListArray.from_arrays([0, 1, 2, 3], pa.StructArray.from_arrays([texts], names=["x"]))
    for values, name in ((texts, "flat"), (texts.dictionary_encode(), "dictionary"), (nested, "nested")):
        path = tmp_path / f"{name}.parquet"
        pq.write_table(pa.table({"text": ["one", "two", "three"], "v": values}), path)
        data = opened(path)
        assert data.column("text").to_pylist() == ["one", "three"]
        assert rejected(data) == [(2, b"\xff\xfe", "text that is not UTF-8 in column 'v'")]


def test_text_that_is_not_utf8_is_found_far_behind_the_first_rows(tmp_path: Path) -> None:
    good = pa.array([f"text {i}" for i in range(50_000)])
    bad = pa.StringArray.from_buffers(1, pa.array([0, 1], pa.int32()).buffers()[1], pa.py_buffer(b"\xff"))
    pq.write_table(pa.table({"text": pa.chunked_array([good, bad, good])}), tmp_path / "a.parquet")
    data = opened(tmp_path / "a.parquet")
    assert data.n == 100_000
    assert [line for line, *_ in rejected(data)] == [50_001]


def test_a_column_may_have_the_name_of_the_hidden_one(tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["a text"], "\x1fraw": [b"mine"]}), tmp_path / "a.parquet")
    data = opened(tmp_path / "a.parquet")
    assert data.raw(data.rows()) is None
    assert [c.name for c in data.columns.values()] == ["text", "\x1fraw"]
    assert values(data, "\x1fraw (2)") == [b"mine"]


def test_a_folder_of_texts_gives_a_row_a_file_in_natural_order(tmp_path: Path) -> None:
    for name, text in (("10.txt", "ten"), ("9.txt", "nine"), ("sub/a.md", "deep"), (".hidden.txt", "no")):
        (tmp_path / "texts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "texts" / name).write_text(text)
    data = open_source(tmp_path / "texts", tmp_path / "workspace")
    assert values(data, "file") == ["9.txt", "10.txt", "sub/a.md"]
    assert values(data, "text") == ["nine", "ten", "deep"]


def test_lines_of_a_text_can_be_rows(tmp_path: Path) -> None:
    data = opened(written(tmp_path, "a.txt", "one line\n\nanother line\r\n"), format="lines")
    assert values(data, "text") == ["one line", "another line"]


def test_a_dataframe_opens_with_its_columns(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {"text": ["a text", None], "n": pd.array([1, None], "Int64"), "mixed": [{"k": 1}, "x"], 5: [1.5, 2]}
    )
    data = open_source(frame, tmp_path)
    assert {k: values(data, k) for k in data.columns} == {
        "text": ["a text", None],
        "n": [1, None],
        "mixed": ['{"k":1}', '"x"'],
        "5": [1.5, 2.0],
    }


# Bad input


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.jsonl", b"", "is empty"),
        ("a.json", b"  ", "is empty"),
        ("a.parquet", b"", "is empty"),
        ("a.csv", b"text,n\n", "has no rows"),
        ("a.jsonl", b"\n\n", "has no rows"),
        ("a.json", b"[]", "has no rows"),
        ("a.jsonl", b"nonsense\nmore\n", "No row of a.jsonl could be read; 2 were rejected"),
        ("a.csv", random.Random(0).randbytes(5000), "is not text"),
        ("a.jsonl", random.Random(1).randbytes(5000), "is not text"),
        ("a.csv", b"PK\x03\x04" + bytes(100), "a zip archive"),
        ("a.csv", b"n,m\n1,2\n3,4\n", "No column holds text"),
    ],
)
def test_bad_files_are_refused_in_plain_words(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(EngineError, match=said):
        opened(written(tmp_path, name, content))
    assert not (tmp_path / "workspace").exists() or not list((tmp_path / "workspace").iterdir())


def test_one_row_is_enough(tmp_path: Path) -> None:
    assert opened(written(tmp_path, "a.csv", "text\nhello there\n")).n == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="There is no file .*nowhere.csv"):
        opened(tmp_path / "nowhere.csv")


def test_a_pattern_that_matches_nothing_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"No file matches"):
        opened(tmp_path / "*.csv")


def test_an_encoding_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no encoding 'utf-9'"):
        opened(written(tmp_path, "a.csv", "text,n\na,1\n"), encoding="utf-9")
