"""winnow audit and winnow provenance: each kind from the command line, as JSON and as text."""

import json
from pathlib import Path

import pytest

from engine.commands.cli import BAD_INPUT, GOOD, main
from engine.dataset.dataset import Dataset
from engine.recipe import Recipe, Step, history
from engine.store.workspace import datasets

WORDS = {"a": ("apple pear plum", "garden"), "b": ("screw bolt nail", "workshop")}


def test_every_audit_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path / "workspace"))
    rows = []
    for i in range(160):
        kind = "ab"[i % 2]
        things, place = WORDS[kind]
        rows.append(f"k{i},{things} {place} number{i},{kind},{'xy'[i // 2 % 2]}")
    Path("set.csv").write_text("id,text,kind,who\n" + "\n".join(rows))
    assert main(["open", "set.csv", "--id", "id", "--text", "text", "--quiet"]) == GOOD
    assert main(["embed", "--embedder", "lexical", "--quiet"]) == GOOD
    data = Dataset.load(datasets(tmp_path / "workspace")[0])
    history.save(data.store, "half", Recipe().with_step(Step("random", {"budget": "50%", "seed": 3})))
    history.save(data.store, "no choice", Recipe())
    capsys.readouterr()

    def said(*words: str) -> dict[str, object]:
        assert main(["audit", *words, "--json", "--quiet"]) == GOOD
        found: dict[str, object] = json.loads(capsys.readouterr().out)
        return found

    gap = said("gap", "--recipe", "half", "--column", "who", "--label", "kind", "--seeds", "3")
    assert (gap["audit"], gap["verdict"], len(gap["groups"])) == ("gap", "no better than random on this", 2)
    words = said("vocabulary", "--recipe", "half", "--target", "kind=a")
    assert words["found"][0]["curve"][-1]["rows"] == 80 and words["texts"] == 80
    tied = said("dependence", "--columns", "kind", "who", "--undo")
    assert abs(tied["pairs"][0]["strength"]) < 0.02 and tied["undone"]["effective"] == pytest.approx(160)
    Path("x.txt").write_text("apple\npear\nplum\n")
    near = said(
        "association", "--x", "file:x.txt", "--y", "screw,bolt,nail", "--a", "garden,pear plum,apple garden", "--b",
        "workshop,bolt nail,screw workshop",
    )  # fmt: skip
    assert near["effect"] > 1 and near["deals"] == 20 and near["p"] == 0.1
    drives = said("influence", "--label", "kind", "--row", "0", "1", "--recipe", "half", "--without", "kind=b")
    assert [one["told"] for one in drives["rows"]] == ["a", "b"] and drives["changed"] == 1

    assert main(["audit", "dependence", "--columns", "kind", "who", "--markdown", "found.md"]) == GOOD
    assert "which chance does too" in capsys.readouterr().out and "kind and who" in Path("found.md").read_text()
    assert main(["audit", "gap", "--recipe", "no choice", "--column", "who", "--label", "kind"]) == BAD_INPUT
    assert "No step of 'no choice' picks" in capsys.readouterr().err

    assert main(["export", "set", "half", "--out", "out", "--format", "csv", "--quiet"]) == GOOD
    lines = [f"k{i},{-i}" for i in range(160)]
    Path("by.csv").write_text("id,loglik\n" + "\n".join(lines))
    capsys.readouterr()
    assert main(["provenance", "out", "by.csv", "--likelihood", "loglik", "--key", "id"]) == GOOD
    shown = capsys.readouterr().out
    assert shown.startswith("80 rows") and "(random, seed 3)" in shown and "No sign" in shown
