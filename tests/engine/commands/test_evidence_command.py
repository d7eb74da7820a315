"""winnow evidence: measured once, kept, and taken along by winnow export."""

import json
from pathlib import Path

import pytest

from engine.commands.cli import BAD_INPUT, GOOD, main
from engine.dataset.dataset import Dataset
from engine.recipe import Recipe, Step, history
from engine.store.workspace import datasets


def test_a_choice_is_measured_and_the_export_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path / "workspace"))
    rows = [f"k{i},{'long text ' * 3 if i % 2 else 'short'},{'b' if i % 2 else 'a'},{i}" for i in range(60)]
    Path("set.csv").write_text("id,text,kind,score\n" + "\n".join(rows))
    assert main(["open", "set.csv", "--id", "id", "--text", "text", "--quiet"]) == GOOD
    data = Dataset.load(datasets(tmp_path / "workspace")[0])
    history.save(data.store, "best", Recipe().with_step(Step("top", {"column": "score", "budget": 6})))
    history.save(data.store, "all", Recipe())
    capsys.readouterr()
    assert main(["evidence", "set", "best", "--only", "shifts", "stability", "--quiet"]) == GOOD
    shown = capsys.readouterr().out
    assert (
        "6 of 60 rows, by" in shown and "- score: median 56.5 and 26.5; large" in shown and "How much is luck:" in shown
    )
    assert main(["evidence", "set", "best", "--only", "shifts", "--json", "--quiet"]) == GOOD
    assert json.loads(capsys.readouterr().out)["shifts"]["a"]["rows"] == 6
    assert main(["export", "set", "best", "--out", "out", "--quiet"]) == GOOD
    assert [one["kind"] for one in json.loads(Path("out/evidence.json").read_text())] == ["shifts", "stability"]
    capsys.readouterr()
    assert main(["evidence", "set", "all"]) == BAD_INPUT and "chooses no rows" in capsys.readouterr().err
    assert main(["evidence", "set", "best", "--label", "kinds"]) == BAD_INPUT and "'kind'" in capsys.readouterr().err
    assert (
        main(["evidence", "set", "best", "--label", "kind"]) == BAD_INPUT and "winnow embed" in capsys.readouterr().err
    )
