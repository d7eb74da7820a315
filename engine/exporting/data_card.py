"""The data card: what a corpus holds, how it was chosen and where its limits are, as Markdown."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.dataset import Dataset
from engine.exporting.corrections import Corrected
from engine.exporting.evidence import EVIDENCE_HEADING
from engine.exporting.manifest import Manifest, WrittenColumn
from engine.exporting.needs import completed, needed
from engine.exporting.split import split_name
from engine.exporting.split_facts import WrittenSplit
from engine.exporting.weighing import WEIGHT
from engine.look import group_columns, groups
from engine.recipe import Run
from engine.registry import Json

_GROUP_COLUMNS = 4
_GROUPS = 8
_SAMPLE = 2000


def card_text(run: Run, manifest: Manifest, evidence: Sequence[str] = ()) -> str:
    """The README of an export. Its head tells loaders which file is the data. evidence: parts, as they stand in it."""
    rows = manifest.rows
    parts = [
        f"---\nconfigs:\n- config_name: default\n  data_files:{_data_files(manifest)}\n---",
        f"# {_line(manifest.name)}",
        f"{rows.written:,} of {rows.total:,} rows of {_line(manifest.source.dataset)}, chosen with Winnow.",
        "## What it holds",
        _composition(run, manifest),
        _table(["column", "type", "from"], [[c.name, _kind(run.data, c), c.origin] for c in manifest.columns]),
        "## How the rows were chosen",
        _steps(manifest),
        *([EVIDENCE_HEADING, *evidence] if evidence else []),
        *([] if not manifest.weights else ["## Weights", _weights(manifest)]),
        *(
            []
            if not manifest.soft
            else ["## Soft labels", "\n".join(f"- {_line(said)}" for said in soft_words(manifest))]
        ),
        *([] if not manifest.corrections else ["## Corrected labels", _corrected(manifest.corrections)]),
        *([] if manifest.split is None else ["## Parts", *_parts(manifest.split)]),
        "## Limits",
        "\n".join(f"- {limit}" for limit in limits(run, manifest)),
        "## Proof",
        "`manifest.json` has digests, versions, parameters and seeds; `kept.parquet` and `dropped.parquet` say of "
        f"every row where it went and why. Row digest: `{rows.digest}`."
        + (f" The rows stand {manifest.order.sentence()}." if manifest.order else ""),
        "```\nwinnow verify .\n```",
        "## Made with",
        f"```bash\n{manifest.command}\n```",
        f"```python\n{manifest.python}```",
    ]
    return "\n\n".join(p for p in parts if p) + "\n"


def _data_files(manifest: Manifest) -> str:
    """The files that hold the rows, as loaders read them: each part as a split, where it has a file of its own."""
    if len(manifest.data_files) == 1:
        return f" {manifest.data_file}"
    parts = manifest.split.parts if manifest.split else ()
    # In quotes: no, on and null are no names where YAML is read.
    return "".join(f'\n  - split: "{split_name(part.name)}"\n    path: {part.file}' for part in parts)


def _weights(manifest: Manifest) -> str:
    assert manifest.weights is not None and manifest.output.weight is not None
    said = _line(manifest.weights.sentence(manifest.output.weight, manifest.rows.written))
    return f"In the column `{WEIGHT}` {said}."


def soft_words(manifest: Manifest) -> list[str]:
    """What the soft labels of an export are, and how much they should weigh; none where it has none."""
    if manifest.soft is None or manifest.output.soft is None:
        return []
    return manifest.soft.says(manifest.output.soft, manifest.rows.written / max(manifest.rows.total, 1))


def _corrected(corrections: Sequence[Corrected]) -> str:
    return "\n".join(f"- {_line(one.sentence())}." for one in corrections)


def _parts(split: WrittenSplit) -> list[str]:
    """The parts with what was wanted and what was reached, and how the values to stratify by lie in them."""
    body = [[p.name, f"{p.rows:,}", _share(p.wanted), _share(p.reached), p.file] for p in split.parts]
    found = [_table(["part", "rows", "share wanted", "share reached", "file"], body)]
    found.append("\n".join(f"- {_line(said)}" for said in split.says))
    if split.strata:
        rows = [[s.value, *(f"{count:,}" for count in s.rows)] for s in split.strata[:_GROUPS]]
        more = f"\n\n… and {split.values - len(rows):,} more values." if split.values > len(rows) else ""
        found.append(_table(["value", *(p.name for p in split.parts)], rows) + more)
    return found


def limits(run: Run, manifest: Manifest) -> list[str]:
    """What a reader should know: how far off approximations are, rows left out, what can be made again where."""
    found = []
    if manifest.source.rejected:
        found.append(f"{manifest.source.rejected:,} rows of the source could not be read and are not counted above.")
    for reason, count in manifest.rows.unfit.items():
        found.append(f"{count:,} chosen rows were not written: {_line(reason)}.")
    found += [f"Not as it came: {_line(change)}." for change in manifest.changes]
    if manifest.content and manifest.content.masked:
        found.append(
            "`kept.parquet` and `dropped.parquet` have hashes of the rows as they came in, and reasons may quote them: "
            "with these, guesses at what was masked can be tried. Keep the two to yourself where that matters."
        )
    for step in manifest.steps:
        short = step.notes.get("short")
        if isinstance(short, int | float) and short > 0:
            found.append(f"Step {step.step} found {short:,} fewer than it was asked for.")
    for artefact in manifest.artefacts:
        for note, why in (("gone", "of rows that are not here"), ("unfit", "no values of the column as it is here")):
            if artefact.family == "edit" and (passed := artefact.notes.get(note)):
                found.append(f"Corrections passed over in {_line(artefact.key)}: {passed:,}, {why}.")
        says = artefact.notes.get("recall_says")
        if says and artefact.family == "graph":
            found.append(f"Neighbours of {_line(artefact.key)}: {_line(str(says))}")
    if any(a.family in ("embedding", "map", "topics") for a in manifest.artefacts):
        found.append(
            "Some steps stand on vectors or a map. With the stored artefacts the same rows come out on any machine; "
            "made anew elsewhere they may differ a little (`winnow verify . --rebuild` says by how much)."
        )
    else:
        found.append("No step stands on vectors or a map: the source alone gives the same rows on any machine.")
    found.append("Nobody has checked the rows one by one; the steps above are all that was done.")
    return found


def _composition(run: Run, manifest: Manifest) -> str:
    data = run.data
    # Only what comes out again from the source: not each topic that somebody once made.
    wanted = completed(data, replace(run.recipe, output=manifest.output.json()))
    known = {*needed(wanted), *(c.thing for c in data.columns.values() if c.origin in ("source", "edit"))}
    lines = [_lengths(run)] if data.text_view.columns and len(run.rows) else []
    hidden = manifest.content.columns if manifest.content else ()
    shown = [k for k in group_columns(data) if data.columns[k].thing in known and k not in hidden]
    for key in shown[:_GROUP_COLUMNS]:
        found = groups(data, key, run.rows)
        if not 1 < len(found.names) - 1 <= max(2, data.n // 2):
            continue
        body = [
            [found.names[i], f"{found.after[i]:,}", _share(found.share_after[i]), _share(found.share_before[i])]
            for i in np.argsort(-found.after, kind="stable")[:_GROUPS]
            if found.after[i]
        ]
        rest = int(np.count_nonzero(found.after)) - len(body)
        more = f"\n\n… and {rest:,} more." if rest > 0 else ""
        lines.append(_table([key, "rows", "share", "share in the source"], body) + more)
    return "\n\n".join(lines)


def _kind(data: Dataset, column: WrittenColumn) -> str:
    info = data.columns.get(column.key)
    return info.type if info else column.type


def _lengths(run: Run) -> str:
    step = max(1, len(run.rows) // _SAMPLE)
    lengths = [len(t) for t in run.data.texts(run.rows[::step])]
    low, middle, high = np.percentile(lengths, [10, 50, 90])
    about = "" if step == 1 else f" (from {len(lengths):,} rows, evenly taken)"
    view = run.data.text_view.words()
    return f"Text: {view}. Median {middle:,.0f} characters; 80 % of rows have {low:,.0f} to {high:,.0f}{about}."


def _steps(manifest: Manifest) -> str:
    if not manifest.steps:
        return "Every row was kept."
    body: list[list[Json]] = []
    for step in manifest.steps:
        words = step.name or step.sentence or "By hand: rows that are always kept, or never."
        body.append([step.step, words, f"{step.before:,}", f"{step.kept:,}"])
    return _table(["step", "what it keeps", "rows before", "rows after"], body)


def _table(head: list[str], body: Sequence[Sequence[Json]]) -> str:
    rows = [head, ["---"] * len(head), *([_cell(v) for v in row] for row in body)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(value: Json) -> str:
    return _line(str(value)).replace("|", "\\|")


def _line(text: str) -> str:
    """Text of others on one line, with nothing in it that Markdown or a browser would run."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace("`", "'")
    return plain if len(plain) <= 200 else plain[:199] + "…"


def _share(part: float) -> str:
    return f"{part:.1%}".replace("%", " %")
