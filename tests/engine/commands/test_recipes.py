"""winnow recipes: what is saved is listed, shown, written, applied elsewhere, renamed, deleted; exit codes hold."""

import json
from pathlib import Path

import pytest

from engine.commands.cli import BAD_INPUT, GOOD, main
from engine.dataset.dataset import Dataset
from engine.recipe import history, listed_step
from engine.recipe.recipe import Recipe, Step
from engine.store.workspace import datasets


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with two sets, `one` and `two`; the first has a saved recipe `short` whose second step is bound."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path / "workspace"))
    for name, texts in (("one", ["a", "bb", "ccc"]), ("two", ["dddd", "e", "ff"])):
        Path(f"{name}.csv").write_text("id,text\n" + "\n".join(f"{name}{i},{t}" for i, t in enumerate(texts)))
        assert main(["open", f"{name}.csv", "--id", "id", "--text", "text", "--quiet"]) == GOOD
    data = Dataset.load(datasets(tmp_path / "workspace")[0])
    recipe = Recipe().with_step(Step("number_range", {"column": "characters", "high": 2.0}))
    history.save(data.store, "short", recipe.with_step(listed_step(data, data.rows()[:1])))
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """What a command answers as JSON."""
    capsys.readouterr()
    assert main([*words, "--json", "--quiet"]) == GOOD
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_the_saved_recipes_of_all_datasets_are_listed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (only,) = said(capsys, "recipes")["recipes"]  # type: ignore[misc]
    assert (only["dataset"], only["name"], only["steps"]) == ("one", "short", 2)
    assert said(capsys, "recipes", "two") == {"recipes": []}


def test_to_look_at_a_saved_recipe_nothing_is_sought_that_could_stand_in_for_its_steps(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands._recipes.packed", None)
    assert said(capsys, "recipes", "--show", "one/short")["name"] == "short"


def test_a_plan_says_what_each_step_would_do_and_does_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = said(capsys, "recipes", "two", "--apply", "short", "--plan")
    assert [step["verdict"] for step in plan["steps"]] == ["needs measuring", "bound"]  # type: ignore[attr-defined]
    assert (plan["builds"], plan["refused"], plan["taken"]) == (["characters"], [2], ["take", "off"])
    assert said(capsys, "recipes", "two") == {"recipes": []}
    assert main(["recipes", "two", "--plan"]) == BAD_INPUT


def test_a_bound_step_is_refused_or_skipped_and_the_recipe_is_saved_there(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["recipes", "two", "--apply", "short"]) == BAD_INPUT
    assert "step 2" in capsys.readouterr().err
    assert said(capsys, "recipes", "two", "--apply", "short", "--skip-bound")["kept"] == 2
    assert main(["recipes", "two", "--apply", "one/short", "--skip-bound"]) == BAD_INPUT
    assert "--as" in capsys.readouterr().err
    written = said(capsys, "export", "two", "short", "--out", "out")["rows"]
    again = said(capsys, "run", "out", "two.csv", "--out", "again")["rows"]
    assert written["digest"] == again["digest"]  # type: ignore[index]


def test_a_file_is_written_once_and_applied_by_export_and_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipes", "--file", "short", "short.json"]) == GOOD
    assert main(["recipes", "--file", "short", "short.json"]) == BAD_INPUT
    assert len(json.loads(Path("short.json").read_text())["refs"]) == 1
    one = said(capsys, "export", "two", "short.json", "--skip-bound", "--out", "1")["rows"]
    two = said(capsys, "run", "short.json", "two.csv", "--skip-bound", "--out", "2")["rows"]
    assert one["digest"] == two["digest"]  # type: ignore[index]
    assert main(["run", "short.json", "two.csv", "--out", "3"]) == BAD_INPUT
    # On the set that it was made on nothing is bound.
    assert said(capsys, "run", "short.json", "one.csv", "--out", "4")["rows"]["kept"] == 1  # type: ignore[index]


def test_a_saved_recipe_is_renamed_and_deleted(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["recipes", "--rename", "short", "shorter"]) == GOOD
    assert main(["recipes", "--delete", "short"]) == BAD_INPUT
    assert "shorter" in capsys.readouterr().err
    assert main(["recipes", "--delete", "shorter"]) == GOOD
    assert said(capsys, "recipes") == {"recipes": []}
