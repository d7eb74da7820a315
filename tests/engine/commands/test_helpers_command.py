"""winnow helpers: rows of the other datasets like a few examples, as a file."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.commands.cli import BAD_INPUT, GOOD, main
from tests.engine.small import circle, corpus, embedded


def test_helpers_are_written_as_a_file_with_where_they_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path))
    mine = embedded(corpus(tmp_path, {"kind": ["a", "a", "b"], "text": list("xyz")}), circle([0, 20, 180]), model="m")
    other = embedded(corpus(tmp_path, {"text": ["copy", "near", "far"]}), circle([1, 50, 170]), model="m")
    name = mine.store.folder.name
    assert main(["helpers", name, "--for", "kind=a", "--most", "1", "--out", "found.jsonl"]) == GOOD
    said = capsys.readouterr().out
    assert "1 rows like 2 of a." in said and "see --copies): 1." in said and f"{other.name}: 3 texts, by given" in said
    (line,) = map(json.loads, Path("found.jsonl").read_text().splitlines())
    assert (line["text"], line["source_dataset"], line["source_key"], line["example"]) == (
        "near", other.name, other.keys(np.array([1]))[0], "y",
    )  # fmt: skip
    assert main(["helpers", name, "--for", "kind=a", "--in", "nowhere"]) == BAD_INPUT
    assert "nowhere" in capsys.readouterr().err
    assert main(["helpers", name, "--for", "kind=a", "--out", "found.csv"]) == BAD_INPUT
    assert "neither .parquet nor .jsonl" in capsys.readouterr().err
