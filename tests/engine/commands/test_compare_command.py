"""winnow compare: what a recipe keeps beside what it drops, and keys from a file."""

import json
from pathlib import Path

import pytest

from engine.commands.cli import BAD_INPUT, GOOD, main
from engine.dataset.dataset import Dataset
from engine.recipe import Recipe, Step, history
from engine.store.workspace import datasets


def test_what_a_recipe_keeps_is_laid_beside_what_it_drops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path / "workspace"))
    rows = [f"k{i},{'long text ' * 3 if i % 2 else 'short'},{'b' if i % 2 else 'a'},{i % 2}" for i in range(120)]
    Path("set.csv").write_text("id,text,kind,score\n" + "\n".join(rows))
    assert main(["open", "set.csv", "--id", "id", "--text", "text", "--quiet"]) == GOOD
    data = Dataset.load(datasets(tmp_path / "workspace")[0])
    step = Step("values", {"column": "kind", "values": ["b"]})
    history.save(data.store, "only b", Recipe().with_step(step))
    assert main(["compare", "--a", "only b", "--b", "dropped:only b", "--losses", "--markdown", "card.md"]) == GOOD
    shown = capsys.readouterr().out
    assert "only b: 60 rows; dropped:only b: 60 rows; in both 0." in shown
    assert "Words that only b says more often: " in shown and "of 60 rows nothing is left, 30.0 to be expected" in shown
    assert r"dropped\:only b: 60 rows" in Path("card.md").read_text()
    Path("keys.txt").write_text("k1\nk3\nk3\n")
    assert main(["compare", "--a", "keys:keys.txt", "--json", "--quiet", "--no-words"]) == GOOD
    said = json.loads(capsys.readouterr().out)
    assert (said["a"]["rows"], said["b"]["rows"], said["words"], said["dataset"]) == (2, 118, None, "set")
    Path("keys.txt").write_text("k1\nelsewhere\n")
    assert main(["compare", "--a", "keys:keys.txt"]) == BAD_INPUT
    assert "1 of 2 keys" in capsys.readouterr().err
    assert main(["compare", "--a", "all"]) == BAD_INPUT
    assert "nothing to compare" in capsys.readouterr().err
