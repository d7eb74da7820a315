"""Evidence of a choice in an export: file, manifest, data card; verified, and left out where it would quote."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from engine.building import pick
from engine.errors import EngineError
from engine.exporting import Mask, verify
from engine.exporting.evidence import EVIDENCE_HEADING
from engine.exporting.export import export
from engine.exporting.manifest import Manifest
from engine.look import kept
from engine.opening import SourceOptions, open_source
from engine.recipe import Recipe, Step, examples_ref


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


def test_a_choice_whose_groups_or_examples_are_masked_is_refused(tmp_path: Path) -> None:
    lines = [f"write to p{i}@yahoo.com about parcel {i},p{i % 3}@gmail.com,{i}" for i in range(30)]
    (tmp_path / "set.csv").write_text("text,who,n\n" + "\n".join(lines))
    data = open_source([tmp_path / "set.csv"], tmp_path / "w", options=SourceOptions(text="text", categories=("who",)))
    mixed = Step("random", {"budget": {"amount": 6, "mix": {"by": "who", "at_least": 1}}}).checked()
    mask = Mask({"emails": "E"}, ("text", "who"))
    with pytest.raises(EngineError, match="tells its groups"):
        export(pick(data, Recipe(steps=(mixed,))), tmp_path / "out", mask=mask)
    ref = examples_ref(data, "some", {}, rows={"some": np.array([1, 2])})
    toward = Step("dsir", {"budget": 5, "target": ref}).checked()
    with pytest.raises(EngineError, match="Among the examples of some"):
        export(pick(data, Recipe(steps=(toward,))), tmp_path / "out", mask=mask)
    plain = Step("dsir", {"budget": 5, "target": examples_ref(data, "typed", {"a": ["about a parcel"]})}).checked()
    export(pick(data, Recipe(steps=(plain,))), tmp_path / "out", mask=mask)
    assert b"yahoo" not in b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*.json"))


def test_evidence_that_somebody_wrote_into_the_card_is_found(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text("text,n\n" + "\n".join(f"words {i},{i}" for i in range(20)))
    done = pick(open_source([tmp_path / "set.csv"], tmp_path / "w"), Recipe())
    manifest = export(done, tmp_path / "out")
    card = (
        (tmp_path / "out" / "README.md")
        .read_text()
        .replace("\n## Limits", f"\n{EVIDENCE_HEADING}\n\nBest of all.\n\n## Limits")
    )
    (tmp_path / "out" / "README.md").write_text(card)
    files = [
        replace(one, bytes=len(card.encode()), sha256=sha256(card.encode()).hexdigest())
        if one.path == "README.md"
        else one
        for one in manifest.files
    ]
    (tmp_path / "out" / "manifest.json").write_text(replace(manifest, files=tuple(files)).text())
    report = verify(tmp_path / "out", rebuild=True)
    assert [check.name for check in report.checks if not check.ok] == ["rebuilt README.md"]
