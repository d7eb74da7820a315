"""Rows in = rows out + rejected, for JSON and JSON lines of any kind; and their bytes are those of the file."""

import gzip
import json
import random
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.opening.find import find
from engine.opening.open import open_source
from engine.opening.sources import SOURCES
from engine.opening.sources._input import KEPT_BYTES, Report, split_lines
from engine.opening.sources._json_rows import DEEPEST, MOST_COLUMNS
from engine.opening.sources._json_text import JsonText
from engine.opening.sources._values import RAW

Read = tuple[list[bytes], list[tuple[int, bytes, str]], Report]

PACKINGS = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(st.text(max_size=8), values, max_size=4).map(json.dumps)
bad_lines = st.sampled_from(['{"a": ', "[1]", "nonsense", '{"a": 1} {"b": 2}', '{"a": "\\ud800 \\x"}', "}", '"'])
bad_elements = st.sampled_from(['{"a": x}', "nonsense", "{'a': 1}", '{"a" 1}', "01", '"\\x"', "\\["])
blanks = st.sampled_from(["", " ", "\n", "\r\n  ", "\t"])


def read(folder: Path, name: str, body: str | bytes, **options: object) -> Read:
    """The bytes of the rows, what was rejected, and the report of a file, in the format that is found."""
    path = folder / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    set_aside: list[tuple[int, bytes, str]] = []
    report = Report(lambda line, raw, reason, rows=1: set_aside.append((line, raw, reason)))
    source = find([path])[0]
    batches = SOURCES[source.format].function(source, report, **options)
    rows = list(chain.from_iterable(batch.column(RAW).to_pylist() for batch in batches))
    return rows, set_aside, report


def bytes_of(texts: list[str]) -> list[bytes]:
    return [text.encode() for text in texts]


@quick
@given(st.lists(objects | bad_lines, min_size=1), st.sampled_from(list(PACKINGS)), st.booleans())
def test_every_line_of_json_lines_is_a_row_or_rejected(
    tmp_path: Path, lines: list[str], packing: str, ended: bool
) -> None:
    lines = ['{"first": 1}', *lines]
    body = "\n".join(lines) + ("\n" if ended else "")
    rows, rejected, report = read(tmp_path, f"a.jsonl{packing}", PACKINGS[packing](body.encode()))
    found = sorted([*((line, raw) for line, raw, _ in rejected), *_numbered(rows, {line for line, *_ in rejected})])
    assert (found, report.rest) == (list(enumerate((line.strip(b" ") for line in bytes_of(lines)), 1)), None)


@quick
@given(st.lists(objects | bad_elements, min_size=1), blanks, st.sampled_from(list(PACKINGS)))
def test_every_element_of_an_array_is_a_row_or_rejected_and_the_bad_ones_alone(
    tmp_path: Path, elements: list[str], blank: str, packing: str
) -> None:
    elements = ['{"first": 1}', *elements]
    body = "[" + f"{blank},{blank}".join(elements) + blank + "]"
    rows, rejected, report = read(tmp_path, f"a.json{packing}", PACKINGS[packing](body.encode()))
    found = sorted([*((line, raw) for line, raw, _ in rejected), *_numbered(rows, {line for line, *_ in rejected})])
    assert (found, report.rest, report.trouble) == (list(enumerate(bytes_of(elements), 1)), None, "")


@quick
@given(st.lists(st.lists(objects), min_size=2, max_size=4), st.lists(objects, min_size=1), blanks)
def test_arrays_and_objects_one_behind_the_other_are_all_rows(
    tmp_path: Path, arrays: list[list[str]], single: list[str], blank: str
) -> None:
    body = "\n".join(f"[{','.join(a)}]" for a in arrays) + blank + blank.join(single)
    rows, rejected, report = read(tmp_path, "a.json", body)
    assert (rows, rejected, report.rest) == (bytes_of([*chain(*arrays), *single]), [], None)


def _numbered(rows: list[bytes], taken: set[int]) -> Iterator[tuple[int, bytes]]:
    """Rows with the numbers that the rejected ones leave."""
    free = (number for number in range(1, len(rows) + len(taken) + 1) if number not in taken)
    return zip(free, rows, strict=True)


@quick
@given(st.lists(objects, min_size=1), st.data())
def test_where_values_end_does_not_depend_on_where_blocks_end(rows: list[str], data: st.DataObject) -> None:
    body = f"[{' , '.join(rows)}]".encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=12)))
    text = JsonText(iter([body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]), 1 << 20)
    text.take()
    found = []
    while text.peek() != b"]":
        if text.peek() == b",":
            text.take()
        found.append(text.value().raw)
    assert found == bytes_of(rows)


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.data", "a.jsonl.gz"])
def test_a_first_line_longer_than_the_sniffed_part_leaves_json_lines_json_lines(tmp_path: Path, name: str) -> None:
    lines = ['{"text": "%s"}' % ("x" * 200_000), '{"text": "b"}', '{"text": "c"}']
    body = ("\n".join(lines) + "\n").encode()
    rows, rejected, report = read(tmp_path, name, gzip.compress(body) if name.endswith("gz") else body)
    assert (rows, rejected) == (bytes_of(lines), [])


@pytest.mark.parametrize(
    ("name", "body", "rows", "rejected", "rest"),
    [
        ("a.json", '{"a":1}{"a":2}', ['{"a":1}', '{"a":2}'], [], None),
        ("a.json", '{"a":\n1}\n{"a":2}', ['{"a":\n1}', '{"a":2}'], [], None),
        ("a.jsonl", '{"a":\n1}\n{"a":2}', ['{"a":\n1}', '{"a":2}'], [], None),
        ("a.jsonl", '{"a":1}\r{"a":2}\r', ['{"a":1}', '{"a":2}'], [], None),
        ("a.jsonl", '{"a":1}{"a":2}\n{"a":3}', ['{"a":3}'], [(1, '{"a":1}{"a":2}')], None),
        ("a.jsonl", '{"a":1,\n{"a":3}', ['{"a":3}'], [(1, '{"a":1,')], None),
        ("a.json", '[{"a":1}]\n[{"a":2}]', ['{"a":1}', '{"a":2}'], [], None),
        ("a.json", '[{"a":1}]garbage', ['{"a":1}'], [], (2, "garbage")),
        ("a.json", '[{"a":1},]', ['{"a":1}'], [], None),
        ("a.json", '[{"a":1} {"a":2}]', ['{"a":1}', '{"a":2}'], [], None),
        ("a.json", '{"a":1},\n{"a":2}', ['{"a":1}', '{"a":2}'], [], None),
        ("a.json", '[{"a":1}}, {"a":2}]', ['{"a":1}'], [], (2, "}")),
        ("a.json", '[{"a":1}, {"b": x}, {"c": 2}]', ['{"a":1}', '{"c": 2}'], [(2, '{"b": x}')], None),
        ("a.json", '[{"a":1}, {"b": "x]', ['{"a":1}'], [], (2, '{"b": "x]')),
        ("a.json", '{"v":[1],"rows":[{"a":1.50},{"a":2}],"w":0}', ['{"a":1.50}', '{"a":2}'], [], None),
    ],
)
def test_what_stands_behind_a_value_is_read_or_rejected(
    tmp_path: Path, name: str, body: str, rows: list[str], rejected: list[tuple[int, str]], rest: tuple[int, str] | None
) -> None:
    found, set_aside, report = read(tmp_path, name, body)
    assert found == bytes_of(rows)
    assert [(line, raw) for line, raw, _ in set_aside] == [(line, raw.encode()) for line, raw in rejected]
    assert (report.rest and (report.rest.line, report.rest.raw)) == (rest and (rest[0], rest[1].encode()))


def test_an_array_that_is_not_closed_says_so_though_all_its_rows_are_whole(tmp_path: Path) -> None:
    rows, rejected, report = read(tmp_path, "a.json", '[{"a":1},{"a":2}')
    assert (len(rows), report.rest) == (2, None)
    assert rejected == [(3, b"", "the array is not closed, as if the file were cut off")]


# Rows that cannot be held


@pytest.mark.parametrize(("name", "rows"), [("a.jsonl", "{}\n%s\n{}\n"), ("a.json", "[{},%s,{}]")])
def test_a_row_beyond_the_limit_is_set_aside_and_reading_goes_on_behind_it(
    tmp_path: Path, name: str, rows: str
) -> None:
    long = '{"t": "%s"}' % ("x" * (3 << 20))
    found, rejected, report = read(tmp_path, name, rows % long, largest_row=2)
    assert (found, report.rest) == ([b"{}", b"{}"], None)
    assert [(line, raw) for line, raw, _ in rejected] == [(2, long[:KEPT_BYTES].encode())]
    assert rejected[0][2] == (
        "longer than 2 MB (3,145,737 bytes); only its first 1 MB is kept here. Open again with --largest-row and more "
        "MB to read it"
    )
    assert len(read(tmp_path, name, rows % long, largest_row=4)[0]) == 3


def test_a_file_of_nothing_but_bad_lines_is_given_up_after_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.opening.sources._json_rows.TRIED", 3)
    rows, rejected, report = read(tmp_path, "a.jsonl", "x\n" * 9)
    assert (rows, len(rejected), report.rest and report.rest.line) == ([], 3, 4)
    rows, rejected, report = read(tmp_path, "a.jsonl", "{}\n" + "x\n" * 9)
    assert (len(rows), len(rejected), report.rest) == (1, 9, None)


def test_of_a_line_without_end_only_the_start_is_held() -> None:
    blocks = (b"x" * (1 << 20) for _ in range(200))
    assert [(n, len(line), size) for n, line, size in split_lines(blocks, 8 << 20)] == [(1, KEPT_BYTES, 200 << 20)]


def test_blank_lines_are_counted_and_skipped_however_many() -> None:
    blocks = iter([b"a\n", b"\n" * 1000, b"  \nb", b"\n \n", b"c"])
    assert list(split_lines(blocks, 1 << 20)) == [(1, b"a", 1), (1003, b"b", 1), (1005, b"c", 1)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"a":' * 1000 + "1" + "}" * 1000, f"lists and objects in one another, more than {DEEPEST} levels deep"),
        ('{"a": ["\\ud83d"]}', "half a surrogate pair in a list of texts, which no text can hold"),
    ],
)
@pytest.mark.parametrize(("name", "rows"), [("a.jsonl", "{}\n%s\n{}\n"), ("a.json", "[{},%s,{}]")])
def test_a_row_that_cannot_be_written_again_is_rejected_alone(
    tmp_path: Path, name: str, rows: str, bad: str, reason: str
) -> None:
    assert read(tmp_path, name, rows % bad)[:2] == ([b"{}", b"{}"], [(2, bad.encode(), reason)])


def test_brackets_in_texts_are_not_levels(tmp_path: Path) -> None:
    line = json.dumps({"t": "[{" * 500, "deep": json.loads("[" * 200 + "]" * 200)})
    assert read(tmp_path, "a.jsonl", line)[:2] == ([line.encode()], [])


def test_keys_beyond_the_first_two_thousand_columns_stand_in_one(tmp_path: Path) -> None:
    lines = [json.dumps({f"k{i}": i, "other keys": 0}) for i in range(MOST_COLUMNS + 10)]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(lines))
    report = Report(lambda line, raw, reason, rows=1: None)
    batches = list(SOURCES["jsonl"].function(find([path])[0], report))
    last, names = batches[-1], {name for batch in batches for name in batch.schema.names}
    assert (sum(b.num_rows for b in batches), len(names - {RAW})) == (MOST_COLUMNS + 10, MOST_COLUMNS + 1)
    assert last.column("other keys (2)").to_pylist()[-1] == f'{{"k{MOST_COLUMNS + 9}":{MOST_COLUMNS + 9}}}'
    assert last.column(RAW).to_pylist()[-1] == lines[-1].encode()
    assert "beyond the first 2,000 columns" in str(report.facts["gathered"])


# Packings


def test_a_byte_order_mark_inside_zstd_is_no_letter(tmp_path: Path) -> None:
    assert read(tmp_path, "a.jsonl.zst", zstandard.compress(b'\xef\xbb\xbf{"a": 1}\n'))[0] == [b'{"a": 1}']


def test_notes_between_frames_of_zstd_are_skipped(tmp_path: Path) -> None:
    note = b"\x5a\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"note"
    body = note + zstandard.compress(b'{"a": 1}\n') + note + zstandard.compress(b'{"a": 2}\n') + note
    rows, _, report = read(tmp_path, "a.jsonl.zst", body)
    assert (rows, report.trouble) == ([b'{"a": 1}', b'{"a": 2}'], "")


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_packed_file_unpacks_in_blocks_of_bounded_size(packing: str) -> None:
    from engine.opening.sources._unpack import LARGEST_BLOCK, unpacked

    plain = bytes(40 << 20)
    packed = gzip.compress(plain) if packing == "gzip" else zstandard.compress(plain)
    said: list[str] = []
    sizes = [len(block) for block in unpacked(iter([packed]), packing, said.append)]
    assert (sum(sizes), max(sizes) <= LARGEST_BLOCK, said) == (len(plain), True, [])


def test_a_cut_off_packing_keeps_the_rows_before(tmp_path: Path) -> None:
    rng = random.Random(3)
    rows = [json.dumps({"n": rng.random()}) for _ in range(5000)]
    packed = gzip.compress(f"[{','.join(rows)}]".encode())
    found, rejected, report = read(tmp_path, "a.json.gz", packed[: len(packed) // 2])
    assert found == bytes_of(rows[: len(found)]) and len(found) > 1000
    assert (rejected, report.trouble) == ([], "the gzip data is cut off")
    assert report.rest is None or report.rest.line == len(found) + 1


def test_a_list_under_a_key_that_stands_there_twice_is_said_to_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"rows": [{"text": "a b"}], "rows": [{"text": "c d"}, {"text": "e f"}]}')
    data = open_source(tmp_path / "a.json", tmp_path / "w")
    assert (data.n, data.record.files[0].facts["left_out"]) == (1, ["rows"])
