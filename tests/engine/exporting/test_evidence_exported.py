"""Evidence of a choice in an export: file, manifest, data card; verified, and left out where it would quote."""

import json
from pathlib import Path

from engine.building import pick
from engine.exporting import Mask, verify
from engine.exporting.export import export
from engine.exporting.manifest import Manifest
from engine.look import kept
from engine.opening import open_source
from engine.recipe import Recipe, Step


def test_what_was_measured_goes_out_with_the_choice_and_what_quotes_only_where_nothing_is_masked(
    tmp_path: Path,
) -> None:
    lines = [f"{'long words again ' * (3 if i % 3 else 9)}{i},{i},{'a' if i % 4 else 'b'}" for i in range(60)]
    (tmp_path / "set.csv").write_text("text,n,kind\n" + "\n".join(lines))
    data = open_source([tmp_path / "set.csv"], tmp_path / "w")
    step = Step("top", {"budget": 12, "column": "n"}).checked()
    done = pick(data, Recipe(steps=(step,)))
    export(done, tmp_path / "bare")
    assert (
        not (tmp_path / "bare" / "evidence.json").exists()
        and "Evidence" not in (tmp_path / "bare/README.md").read_text()
    )
    wanted = [kept.Asked("losses"), kept.Asked("shifts"), kept.Asked("stability")]
    found = [kept.measure(done, 1, asked) for asked in wanted]
    manifest = export(pick(data, done.recipe), tmp_path / "out")
    assert manifest.evidence == tuple(wanted) == Manifest.read(tmp_path / "out").evidence
    said = json.loads((tmp_path / "out" / "evidence.json").read_text())
    assert [one["found"] for one in said] == [one.json() for one in found]
    card = (tmp_path / "out" / "README.md").read_text()
    assert "### Chosen beside left out\n\nchosen: 12 rows; left out: 48 rows" in card
    assert found[2].markdown()[0] in card and card.index("## Evidence") < card.index("## Limits")
    report = verify(tmp_path / "out", rebuild=True)
    assert report.ok and any("but for the evidence" in check.words for check in report.checks)
    (tmp_path / "out" / "evidence.json").write_text("[]")
    assert not verify(tmp_path / "out").ok
    masked = export(pick(data, done.recipe), tmp_path / "masked", mask=Mask({"emails": "E"}))
    assert masked.evidence == (wanted[2],) and "left out:" not in (tmp_path / "masked" / "README.md").read_text()
