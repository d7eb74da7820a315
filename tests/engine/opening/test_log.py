"""A log with a line for each row and step becomes a list a row; what does not fit is counted or refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.headless import replay
from engine.opening.log import LogTable, columns_guessed, log_ref, read_log, uploaded_log
from engine.recipe import Recipe
from engine.recipe.run import run
from engine.store.workspace import Store
from tests.engine.small import corpus

LINES = "id,Epoch,loss,note\nb,2,5,x\na,10,3,x\na,9,2,x\na,1,1,x\nb,1,,x\nz,1,7,x\n,1,7,x\n"


def test_a_log_becomes_lists_by_step_and_improvement_stands_on_it_here_and_in_a_replay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WINNOW_WORKSPACE", raising=False)
    Path("notes.jsonl").write_text("".join(json.dumps({"id": i, "text": f"note {i}"}) + "\n" for i in "abc"))
    Path("run.csv").write_text(LINES)
    assert main(["open", "notes.jsonl", "--text", "text", "--id", "id", "--quiet"]) == 0
    assert main(["signals", "notes", "--only", "improvement", "--window", "1", "--log", "run.csv", "--quiet"]) == 0
    said = capsys.readouterr().out
    assert "steps of 2 values of 'id', 2 to 3 each." in said and "left out: 1, such as 'z'." in said
    assert "without a name or a step, left out: 1." in said and "without a number: 1." in said
    assert "Rows without a line: 1." in said
    data = Dataset.load(Store(tmp_path / "winnow_workspace" / "notes"))
    assert data.column("loss by Epoch").to_pylist() == [[1, 2, 3], [None, 5], None]
    column = next(c for c in data.columns if c.startswith("improvement"))
    assert data.numbers(column)[0] == 1 and np.isnan(data.numbers(column)[1:]).all()
    export(run(data, Recipe()), "out", format="jsonl")
    made, again = Path("out"), Path("again")
    assert [json.loads(line).get("loss by Epoch") for line in (made / "data.jsonl").read_text().splitlines()] == [
        [1, 2, 3], [None, 5], None,
    ]  # fmt: skip
    replay(made / "recipe.json", ["notes.jsonl"], again)
    assert (again / "data.jsonl").read_bytes() == (made / "data.jsonl").read_bytes()


def table(**columns: list[str | None]) -> LogTable:
    return LogTable("run.csv", columns)


ONE = {"id": ["a", "a"], "step": ["1", "2"], "loss": ["3", "4"]}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"step": ["1", "1.0"]}, r"'step' is 1 in two lines of 'a' \(names with a step twice: 1\). Keep one line"),
        ({"loss": ["3", "good"]}, "'loss' of run.csv holds 'good', which is no number .*: 1"),
        ({"step": ["1", "end"]}, "'step' of run.csv holds 'end'"),
        ({"id": ["x", "y"]}, "No line of run.csv is about a row of .*: 'id' never says 'x'"),
        (
            {"more": ["1", "2"]},
            "Nothing tells which column of run.csv is the number. Name it; there are: id, step, loss",
        ),
    ],
)
def test_what_cannot_be_a_series_is_refused_with_the_way_out(
    tmp_path: Path, changed: dict[str, list[str | None]], words: str
) -> None:
    data = corpus(tmp_path, {"id": ["a", "b"]})
    with pytest.raises(EngineError, match=words):
        read_log(data, table(**(ONE | changed)), column="id")


def test_what_is_named_wrongly_is_empty_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = corpus(tmp_path, {"id": ["a", "b"]})
    with pytest.raises(EngineError, match="No column of run.csv named 'los'. Did you mean 'loss'"):
        read_log(data, table(**ONE), column="id", value="los")
    with pytest.raises(EngineError, match="are three columns, not id, step, step. Name each"):
        read_log(data, table(**ONE), column="id", value="step")
    with pytest.raises(EngineError, match="run.csv is empty. Give a table"):
        uploaded_log(b" \n", "run.csv")
    monkeypatch.setattr("engine.opening.log.MOST_BYTES", 10)
    with pytest.raises(EngineError, match="Take fewer steps"):
        log_ref(data, read_log(data, table(**ONE), column="id"))


def test_the_columns_of_a_log_are_guessed_by_name(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"ticket": ["a"]})
    assert columns_guessed(data, table(Ticket=["a"], global_step=["1"], host=["x"], acc=["0.5"]), "ticket") == (
        "Ticket", "global_step", "acc",
    )  # fmt: skip
    with pytest.raises(EngineError, match="No column of .* names its rows"):
        read_log(data, table(**ONE))
