"""Who says what in a chat: columns chosen by a person, kept in the recipe, made again without one."""

import json
from pathlib import Path

import pytest

from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.headless import replay
from engine.exporting.needs import needed
from engine.exporting.output import Wanted
from engine.exporting.verify import verify
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe.recipe import Recipe
from engine.recipe.run import run

TURNS = {"user": "text", "assistant": "label", "system": "about"}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "bank.csv"
    path.write_text("text,label,about\nwhere is my card,card_arrival,Bank.\nhello,,Bank.\nadd 5,balance,\n")
    return path


@pytest.fixture
def data(source: Path, tmp_path: Path) -> Dataset:
    return open_source(source, tmp_path / "w", options=SourceOptions(text="text"))


def lines(folder: Path) -> list[object]:
    (path,) = folder.glob("*.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("format", "turns", "first"),
    [
        (
            "messages",
            TURNS,
            {
                "messages": [
                    {"role": "system", "content": "Bank."},
                    {"role": "user", "content": "where is my card"},
                    {"role": "assistant", "content": "card_arrival"},
                ]
            },
        ),
        (
            "alpaca",
            {"user": "about", "input": "text", "assistant": "label"},
            {"instruction": "Bank.", "input": "where is my card", "output": "card_arrival"},
        ),
        (
            "sharegpt",
            {"user": "text", "assistant": "label"},
            {
                "conversations": [
                    {"from": "human", "value": "where is my card"},
                    {"from": "gpt", "value": "card_arrival"},
                ]
            },
        ),
        ("messages", {"user": "text"}, {"messages": [{"role": "user", "content": "where is my card"}]}),
    ],
)
def test_each_part_says_what_its_column_holds(
    data: Dataset, tmp_path: Path, format: str, turns: dict[str, str], first: object
) -> None:
    export(run(data, Recipe()), tmp_path / "out", format=format, turns=turns)
    assert lines(tmp_path / "out")[0] == first


def test_a_row_whose_question_or_answer_is_empty_is_not_written_and_named(data: Dataset, tmp_path: Path) -> None:
    manifest = export(run(data, Recipe()), tmp_path / "out", format="messages", turns=TURNS)
    assert dict(manifest.rows.unfit) == {"its column for the assistant, 'label', is empty": 1}
    assert [len(line["messages"]) for line in lines(tmp_path / "out")] == [3, 2]


def test_the_mapping_stands_in_recipe_and_manifest_and_is_replayed_from_the_source_alone(
    data: Dataset, source: Path, tmp_path: Path
) -> None:
    first = export(run(data, Recipe()), tmp_path / "out", format="messages", turns=TURNS)
    assert dict(first.output.turns) == TURNS
    assert json.loads((tmp_path / "out" / "recipe.json").read_text())["output"]["turns"] == TURNS
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.file_digest == first.file_digest != ""
    assert verify(tmp_path / "out", rebuild=True).ok


def test_a_column_that_somebody_says_is_made_before_it_is_written() -> None:
    output = Wanted("messages", turns={"user": "text", "assistant": "characters"}).json()
    assert list(needed(Recipe(output=output), ["text"])) == ["characters"]


def test_the_command_line_maps_too_and_says_both_digests(
    data: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["export", data.name, "--out", str(tmp_path / "out"), "--workspace", str(tmp_path / "w")]
    assert main([*words, "--format", "messages"]) == 2
    assert "no user says anything" in capsys.readouterr().err
    assert main([*words, "--format", "messages", "--turns", "user=text", "assistant=label"]) == 0
    said = capsys.readouterr().out
    assert "Row digest " in said and "File digest " in said and "(each byte of messages.jsonl)" in said
    assert len(lines(tmp_path / "out")) == 2


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"format": "parquet", "turns": {"user": "text"}}, "holds columns, not chats"),
        ({"format": "messages", "turns": {"usr": "text"}}, "Did you mean 'user'"),
        ({"format": "messages", "turns": {"input": "text"}}, "No part of a chat in messages named 'input'"),
        ({"format": "messages", "turns": {"assistant": "text"}}, "which column holds what the user says"),
        ({"format": "messages", "turns": {"user": ""}}, "must name a column"),
    ],
)
def test_a_mapping_that_cannot_be_written_is_refused_by_name(output: dict[str, object], said: str) -> None:
    with pytest.raises(EngineError, match=said):
        Wanted.from_json(output)  # type: ignore[arg-type]


def test_a_column_that_is_not_there_is_refused_by_name(data: Dataset, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="Did you mean 'label'"):
        export(run(data, Recipe()), tmp_path / "out", format="messages", turns={"user": "text", "assistant": "labl"})


def test_another_format_forgets_a_mapping_that_was_made_for_this_one(data: Dataset, tmp_path: Path) -> None:
    recipe = Recipe(output=Wanted("messages", turns=TURNS).json())
    manifest = export(run(data, recipe), tmp_path / "out", format="jsonl")
    assert dict(manifest.output.turns) == {} and manifest.rows.written == 3
