"""Recipes written out for datatrove and Data-Juicer, run by these, beside the rows that Winnow keeps.

    python -m benchmarks.scale_configs DATA PYTHON

DATA holds `*.jsonl` with a field `text`; PYTHON is that of an environment with datatrove, spaCy and py-data-juicer.
Each tool's own filters judge each row; what differs is counted. Nothing is timed.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import engine
from engine.exporting import scale
from engine.look import DIALECTS

ROWS = 2_000

_DATATROVE = """
import json, runpy, sys
from datatrove.data import Document
found = runpy.run_path(sys.argv[1], run_name="read")["FILTERS"]
kept = []
for at, line in enumerate(open(sys.argv[2], encoding="utf-8")):
    row = json.loads(line)
    doc = Document(text=row.pop("text") or "", id=str(at), metadata=row)
    verdicts = (one.filter(doc) for one in found)
    if doc.text and all((v[0] if isinstance(v, tuple) else v) for v in verdicts):
        kept.append(at)
print(json.dumps(kept))
"""
_DATA_JUICER = """
import json, sys, yaml
from data_juicer.ops import load_ops
ops = load_ops(yaml.safe_load(open(sys.argv[1], encoding="utf-8"))["process"])
kept = []
for at, line in enumerate(open(sys.argv[2], encoding="utf-8")):
    row = json.loads(line)
    stays = True
    for op in ops:
        row["__dj__stats__"] = {}
        if op.is_batched_op():
            batch = {key: [value] for key, value in row.items()}
            stays = stays and list(op.process_batched(op.compute_stats_batched(batch)))[0]
        else:
            stays = stays and op.process_single(op.compute_stats_single(row))
    if stays:
        kept.append(at)
print("KEPT", json.dumps(kept))
"""


def main(data_folder: str, python: str) -> None:
    """Print, for each recipe and tool, how many rows both keep, and only one."""
    with tempfile.TemporaryDirectory() as place:
        source = _source(Path(data_folder), Path(place))
        data = engine.open(source, Path(place) / "w", options=engine.opening.SourceOptions(text="text"))
        data = engine.build(data, {k: made for dialect in DIALECTS.values() for k, made in dialect.specs().items()})
        data = engine.build(data, {"characters": engine.building.spec("signal", "characters")})
        recipes = {name: engine.Recipe(name=name, steps=(d.step(),)) for name, d in DIALECTS.items()}
        recipes["fields"] = engine.Recipe(name="fields", steps=_fields())
        for name, recipe in recipes.items():
            for tool, script in ((scale.datatrove, _DATATROVE), (scale.data_juicer, _DATA_JUICER)):
                _compared(name, data, recipe, tool(data, recipe), script, python, source)


def _source(folder: Path, place: Path) -> Path:
    """Some rows with a number, a word and a missing value beside the text."""
    lines = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as file:
            for at, line in zip(range(ROWS // 4), file, strict=False):
                row = {"text": json.loads(line).get("text") or "", "n": at % 7 - 3, "kind": "abc"[at % 3]}
                row |= {"n": None} if at % 11 == 0 else {"kind": None} if at % 13 == 0 else {}
                lines.append(json.dumps(row))
    (place / "rows.jsonl").write_text("\n".join(lines[:ROWS]) + "\n", encoding="utf-8")
    return place / "rows.jsonl"


def _fields() -> tuple[engine.Step, ...]:
    """Filters on fields, in nests, with what is missing."""
    number = engine.Step("number_range", {"column": "n", "low": -1, "high": 2, "keep_missing": True})
    kind = engine.Step("values", {"column": "kind", "values": ["a"], "do": "drop"})
    missing = engine.Step("values", {"column": "kind", "values": ["b"], "missing": True})
    text = engine.Step("text", {"find": "the", "how": "contains", "match_case": True, "do": "drop"})
    length = engine.Step("number_range", {"column": "characters", "low": 50, "high": 2000})
    nests = (engine.Step("any of", steps=(number, kind)), engine.Step("not", steps=(missing, text)))
    return tuple(step.checked() for step in (*nests, length))


def _compared(
    name: str,
    data: engine.Dataset,
    recipe: engine.Recipe,
    made: scale.Translated,
    script: str,
    python: str,
    source: Path,
) -> None:
    config = source.parent / made.file
    config.write_text(made.text, encoding="utf-8")
    done = subprocess.run([python, "-c", script, str(config), str(source)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{name:8} {made.file:24} failed: {done.stderr[-600:]}")
        return
    theirs = set(json.loads(done.stdout.splitlines()[-1].removeprefix("KEPT ")))
    ours = set(engine.run(data, _told(recipe, made)).rows.tolist())
    print(
        f"{name:8} {made.file:24} rows {data.n:,}, both keep {len(ours & theirs):,}, "
        f"only Winnow {len(ours - theirs):,}, only there {len(theirs - ours):,}; {len(made.untold):,} parts not said"
    )


def _told(recipe: engine.Recipe, made: scale.Translated) -> engine.Recipe:
    """The recipe without what the configuration could not say."""
    gone = {line.step for line in made.untold}
    steps = [step for name, step in scale.parts(recipe) if name not in gone]
    return engine.Recipe(name=recipe.name, steps=tuple(steps))


if __name__ == "__main__":
    main(*sys.argv[1:3])
