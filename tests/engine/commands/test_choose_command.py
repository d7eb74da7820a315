"""winnow choose: any selector with its budget, mix, target and earlier choice, saved as a recipe."""

import json
from pathlib import Path

import pytest

from engine.commands.cli import BAD_INPUT, GOOD, main
from engine.dataset.dataset import Dataset
from engine.recipe import history
from engine.store.workspace import datasets


def test_a_choice_is_made_in_a_mix_saved_and_gone_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path / "workspace"))
    rows = [
        f"k{i},{'parcel van road' if i % 3 else 'invoice money bank'} {i},{'b' if i % 3 else 'a'},{i}"
        for i in range(60)
    ]
    Path("set.csv").write_text("id,text,kind,score\n" + "\n".join(rows))
    assert main(["open", "set.csv", "--id", "id", "--text", "text", "--quiet"]) == GOOD

    def said(*words: str, code: int = GOOD) -> str:
        capsys.readouterr()
        assert main(["choose", "set", "--quiet", *words]) == code
        out = capsys.readouterr()
        return out.out if code == GOOD else out.err

    best = ("--selector", "top", "--column", "score", "--budget", "10")
    shown = said(*best, "--mix", "kind", "--share", "a=0.5", "--save", "best")
    assert "10 of 60 rows. Pick 10 rows (by “kind”: 50 % “a”)" in shown and "Saved as 'best'" in shown
    later = json.loads(said("--budget", "12", "--after", "best", "--json"))
    first = json.loads(said(*best, "--mix", "kind", "--share", "a=0.5", "--json"))
    assert sorted(first["keys"]) == sorted(f"k{i}" for i in (57, 54, 51, 48, 45, 59, 58, 56, 55, 53))
    assert len(later["keys"]) == 12 and set(first["keys"]) < set(later["keys"]) and later["saved"] == ""
    toward = ("--selector", "dsir", "--budget", "8", "--draw", "highest", "--words", "1")
    found = json.loads(said(*toward, "--target", "kind=a", "--json"))
    assert found["step"]["params"]["label"] == "a" and not {f"k{i}" for i in range(0, 60, 3)} & set(found["keys"])
    data = Dataset.load(datasets(tmp_path / "workspace")[0])
    assert history.names(data.store) == ["best"] and history.load(data.store, "best").recipe.steps[0].do == "top"
    assert "Give --mix COLUMN" in said("--budget", "5", "--share", "a=1", code=BAD_INPUT)
    assert "'a', 'b'" in said("--budget", "5", "--mix", "kind", "--share", "c=1", code=BAD_INPUT).replace(
        "a, b", "'a', 'b'"
    )
    assert "named" not in said("--budget", "5", "--mix", "kind", "--share", "(missing)=0.2")
    twice = json.loads(said(*toward, "--target", "kind=a", "kind=a", "--json"))
    assert twice["keys"] == found["keys"] and twice["step"]["params"]["label"] == "a"
    assert "is no share" in said("--budget", "5", "--mix", "kind", "--share", "a", code=BAD_INPUT)
    assert "winnow embed set" in said("--budget", "5", "--selector", "farthest", code=BAD_INPUT)
    assert "Give --target" in said(*toward, code=BAD_INPUT)
    assert "no target" in said("--budget", "5", "--target", "kind=a", code=BAD_INPUT)
    assert "Chooses among 60 rows; takes a moment." in said("--budget", "5", "--plan")
