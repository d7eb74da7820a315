"""An honest export verifies and can be made again, whatever types its columns have and however its source is named."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.dataset import Dataset
from engine.exporting import export, verify
from engine.exporting.manifest import FILE, Manifest
from engine.marks import marks
from engine.opening import SourceOptions, open_source, treat_as_category
from engine.recipe import Recipe, run
from engine.store import digest_of

TEXTS = ["first text here", "second text here", "third text here"]


def opened(folder: Path, *paths: Path, **options: object) -> Dataset:
    return open_source(list(paths), folder / "w", options=SourceOptions(text="text", **options))  # type: ignore[arg-type]


def lines(folder: Path, rows: list[object]) -> Path:
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def again(data: Dataset, out: Path, name: str, **options: object) -> Manifest:
    """Export; the export must hold, and come out the same when it is made again."""
    made = export(run(data, Recipe()), out, format=name, **options)  # type: ignore[arg-type]
    report = verify(out, rebuild=True)
    assert report.ok, [check.words for check in report.checks if not check.ok]
    return made


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_times_in_nanoseconds_beside_those_of_a_csv(name: str, tmp_path: Path) -> None:
    at = pa.array([1577934245000000001, None, 0], pa.timestamp("ns"))
    pq.write_table(pa.table({"text": TEXTS, "at": at}), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("text,at\nfourth text here,2020-01-01 10:00:00\n")
    data = opened(tmp_path, tmp_path / "a.parquet", tmp_path / "b.csv")
    assert data.strings("at", data.rows()) == [
        "2020-01-02 03:04:05.000000001",
        None,
        "1970-01-01 00:00:00.000000000",
        "2020-01-01 10:00:00",
    ]
    assert data.numbers("at")[3] == 1577872800
    again(data, tmp_path / "out", name)


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_nan_and_infinity(name: str, tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": TEXTS, "v": [1.5, float("nan"), float("inf")]}), tmp_path / "a.parquet")
    again(opened(tmp_path, tmp_path / "a.parquet"), tmp_path / "out", name)


def test_a_chat_says_the_numbers_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("prompt,answer\nwhat does it cost,0.90\nand this one,12.50\n")
    data = open_source(
        tmp_path / "a.csv", tmp_path / "w", options=SourceOptions(roles={"prompt": "prompt", "answer": "answer"})
    )
    made = export(run(data, Recipe()), tmp_path / "out", format="messages")
    written = (tmp_path / "out" / made.data_file).read_text().splitlines()
    said = [json.loads(line)["messages"][1]["content"] for line in written]
    assert said == ["0.90", "12.50"]


def test_whole_numbers_beyond_64_bits_stay_numbers_as_categories(tmp_path: Path) -> None:
    data = opened(tmp_path, lines(tmp_path, [{"text": t, "n": 10**19 + i} for i, t in enumerate(TEXTS)]))
    data = treat_as_category(data, "n")
    made = again(data, tmp_path / "out", "jsonl", columns=["text", "n"])
    assert json.loads((tmp_path / "out" / made.data_file).read_text().splitlines()[1])["n"] == 10**19 + 1


def test_gathered_keys_go_out_too(tmp_path: Path) -> None:
    data = opened(tmp_path, lines(tmp_path, [{"text": t} | {f"{t}{i}": i for i in range(900)} for t in TEXTS]))
    assert "other keys" in data.columns
    made = again(data, tmp_path / "out", "jsonl")
    last = json.loads((tmp_path / "out" / made.data_file).read_text().splitlines()[2])
    assert last["other keys"]


def test_names_that_are_taken_get_another_in_front(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,rank,winnow_rank\n" + "".join(f"{t},1,2\n" for t in TEXTS))
    made = again(opened(tmp_path, tmp_path / "a.csv"), tmp_path / "out", "csv", rank=True)
    assert [c.name for c in made.columns][-1] == "winnow_winnow_rank"


def test_a_source_that_was_renamed_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,price\n" + "".join(f"{t},19.90\n" for t in TEXTS))
    again(opened(tmp_path, tmp_path / "a.csv"), tmp_path / "out", "csv")
    (tmp_path / "a.csv").rename(tmp_path / "b.csv")
    assert verify(tmp_path / "out", rebuild=True, source=tmp_path / "b.csv").ok


def test_going_on_with_marks_changes_no_export(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\n" + "".join(f"{t}\n" for t in TEXTS))
    data = opened(tmp_path, tmp_path / "a.csv")
    marks.tag(data, np.array([0]), "good")
    again(data, tmp_path / "out", "csv", marks=True)
    marks.tag(data, np.array([1]), "good")
    assert verify(tmp_path / "out", rebuild=True, workspace=tmp_path / "w").ok


def test_what_a_file_manager_leaves_is_passed_over(tmp_path: Path) -> None:
    data = opened(tmp_path, lines(tmp_path, [{"text": t} for t in TEXTS]))
    export(run(data, Recipe()), tmp_path / "out")
    (tmp_path / "out" / ".DS_Store").write_bytes(b"\0")
    assert verify(tmp_path / "out").ok
    export(run(data, Recipe()), tmp_path / "out", overwrite=True)
    assert not (tmp_path / "out" / ".DS_Store").exists()


def test_a_manifest_of_before_a_field_came_is_whole(tmp_path: Path) -> None:
    data = opened(tmp_path, lines(tmp_path, [{"text": t} for t in TEXTS]))
    export(run(data, Recipe()), tmp_path / "out")
    path = tmp_path / "out" / FILE
    said = json.loads(path.read_text())
    del said["changes"], said["digest"]
    for column in said["columns"]:
        del column["held"]
    path.write_text(json.dumps({**said, "digest": digest_of(said)}, indent=1, ensure_ascii=False) + "\n")
    assert verify(tmp_path / "out", rebuild=True).ok
