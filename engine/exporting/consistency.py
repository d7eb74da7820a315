"""Whether a manifest agrees with itself and with the recipe beside it, field by field."""

import ast
import json
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import PurePosixPath
from typing import cast

from engine.building import alike
from engine.exporting.check import Check, check
from engine.exporting.corrections import CORRECTIONS, answers_in
from engine.exporting.evidence import EVIDENCE
from engine.exporting.export import refs_of
from engine.exporting.formats import EXPORTERS
from engine.exporting.manifest import RECIPE, Manifest, StepCounts, members, seeds, versions
from engine.exporting.order import order_of
from engine.exporting.output import Wanted
from engine.exporting.softening import SOFT, advised
from engine.exporting.split import BRIDGES
from engine.exporting.tagging import PHASE
from engine.exporting.weighing import WEIGHT
from engine.recipe import NESTS, Recipe
from engine.registry import Json
from engine.store import digest_of

_SHA256 = re.compile(r"[0-9a-f]{64}")


def written_here(manifest: Manifest) -> bool:
    """Whether this very version of Winnow wrote the export: then its sentences must be the same too."""
    return manifest.versions.get("winnow") == _version()


@cache
def _version() -> str | None:
    return versions().get("winnow")


def file_list(manifest: Manifest) -> Check:
    """The list of files names what an export has, each once, inside its folder."""
    return check("file list", _wrong_files(manifest), f"{len(manifest.files)} files, as an export has them")


def agreement(manifest: Manifest, recipe: Recipe, text: str) -> Iterator[Check]:
    """The fields of the manifest against the recipe and against each other. text: of the recipe."""
    refs = len(manifest.recipe.refs)
    yield check("recipe", _wrong_recipe(manifest, recipe, text), f"digest {manifest.recipe.digest}, {refs} refs")
    yield check("steps", _wrong_steps(manifest, recipe), f"{len(manifest.steps)} steps, as the recipe says")
    if manifest.order is not None or written_here(manifest):
        yield check("order", _wrong_order(manifest, recipe), manifest.order.sentence() if manifest.order else "")
    yield check("counts", _wrong_counts(manifest), _counted(manifest))
    yield check("columns", _wrong_columns(manifest), f"{len(manifest.columns)} columns, as the output says")
    output = manifest.output
    if manifest.content or output.mask or output.tag or output.prefix:
        yield check("content", _wrong_content(manifest), _rewritten(manifest))
    if manifest.split or manifest.output.split:
        yield check("parts", _wrong_split(manifest), _parted(manifest))
    if manifest.corrections is not None or (answers_in(recipe) and written_here(manifest)):
        count = sum(one.corrected for one in manifest.corrections or ())
        yield check("corrected labels", _wrong_corrections(manifest, recipe), f"{count:,}, of the recipe's answers")
    if manifest.weights is not None or manifest.output.weight is not None:
        yield check("weights", _wrong_weights(manifest), "what the rows weigh, as the output asks")
    if manifest.soft is not None or manifest.output.soft is not None:
        yield check("soft labels", _wrong_soft(manifest), "with the weight that is advised for the share of rows")
    yield check("artefacts", _wrong_artefacts(manifest, recipe), f"{len(manifest.artefacts)}, each of its origin")
    yield check("made with", _wrong_commands(manifest), f"written {manifest.created}")


def _wrong_files(manifest: Manifest) -> Iterator[str]:
    names = [f.path for f in manifest.files]
    for name in names:
        path = PurePosixPath(name)
        if not name or path.is_absolute() or path.as_posix() != name or {"..", "."} & set(path.parts) or "\0" in name:
            yield f"files: {name!r} is no plain name inside the folder."
    yield from (f"files: {name!r} stands there {count} times." for name, count in Counter(names).items() if count > 1)
    refs = [f"refs/{name}.json" for name in manifest.recipe.refs]
    data = manifest.data_files
    beside = [CORRECTIONS] if manifest.corrections is not None else []
    beside += [EVIDENCE] if manifest.evidence else []
    needed = {"README.md", "dropped.parquet", "kept.parquet", RECIPE, *beside, *data, *refs}
    if (
        len(needed) < 4 + len(beside) + len(data) + len(refs)
        or any("/" in name for name in data)
        or [manifest.data_file] != data[:1]
    ):
        yield f"data_file: {manifest.data_file!r} is not the name of the data."
    yield from (f"files: {name!r} is not there." for name in sorted(needed - set(names)))
    yield from (f"files: {name!r} is no file of an export." for name in sorted(set(names) - needed))
    yield from (f"files: {f.path!r} has no size or SHA-256." for f in manifest.files if f.bytes < 0 or _odd(f.sha256))


def _wrong_recipe(manifest: Manifest, recipe: Recipe, text: str) -> Iterator[str]:
    said = manifest.recipe
    raw = cast(dict[str, Json], json.loads(text))
    if said.file != RECIPE:
        yield f"recipe.file: {said.file!r} is not {RECIPE!r}."
    if (found := digest_of(raw)) != said.digest:  # of the text: a later version may read more into it
        yield f"recipe.digest: digest {found}, not {said.digest}."
    if list(said.refs) != [name for name, needed in refs_of(recipe).items() if needed or name in said.refs]:
        yield "recipe.refs: not the refs that the recipe names."
    if manifest.name != recipe.name:
        yield f"name: {manifest.name!r} is not the recipe's, {recipe.name!r}."
    if manifest.output != Wanted.from_json(recipe.output):
        yield "output: not what the recipe says."
    if manifest.source.options != recipe.source_options:
        yield "source.options: not what the recipe says."
    if dict(manifest.seeds) != seeds(recipe):
        yield f"seeds: {dict(manifest.seeds)} is not what the recipe says, {seeds(recipe)}."
    format = manifest.output.format
    by_name = dict(_versions(cast(list[dict[str, Json]], raw["steps"]))) | {
        str(made["member"]): made["version"]
        for part in ("needs", "edits")
        for made in cast(dict[str, dict[str, Json]], raw[part]).values()
        if made["member"]
    }
    if set(manifest.members) != {*members(recipe), format}:
        yield "members: not the functions that the recipe names."
    for name, number in manifest.members.items():
        if name == format and not 1 <= number <= EXPORTERS[format].version:
            yield f"members: {format!r} has version {number}, here {EXPORTERS[format].version}."
        elif name != format and by_name.get(name, number) != number:
            yield f"members: {name!r} has version {by_name[name]} in the recipe, not {number}."


def _versions(steps: Sequence[Mapping[str, Json]]) -> Iterator[tuple[str, Json]]:
    for step in steps:
        if step["do"] not in NESTS:
            yield str(step["do"]), step.get("version", 1)
        yield from _versions(cast(list[dict[str, Json]], step.get("steps", [])))


def _wrong_steps(manifest: Manifest, recipe: Recipe) -> Iterator[str]:
    on = [step for step in recipe.steps if step.on]
    decided = recipe.by_hand.counts
    numbers = [*([0] if decided else []), *range(1, len(on) + 1)]
    if [s.step for s in manifest.steps] != numbers:
        yield f"steps: {[s.step for s in manifest.steps]} are not those of the recipe that are on, {numbers}."
        return
    for said in manifest.steps:
        if said.step == 0:
            if (said.do, said.name, said.sentence) != ("by hand", "", ""):
                yield "steps: step 0 is not what was decided by hand."
            continue
        step = on[said.step - 1]
        if (said.do, said.name) != (step.do, step.name):
            yield f"steps: step {said.step} is {said.do!r}, named {said.name!r}; the recipe says otherwise."
        if written_here(manifest) and said.sentence != step.sentence():
            yield f"steps: the sentence of step {said.step} is not that of the recipe: {step.sentence()}"
        if step.alone == (said.alone is None) or (said.alone is None) != (said.only is None):
            yield f"steps: step {said.step} has the counts of another kind of step."
        if not 0 <= (said.only or 0) <= (said.alone or 0) <= manifest.rows.total:
            yield f"steps: step {said.step} says alone {said.alone}, only {said.only}."
    yield from _wrong_course(manifest.steps, manifest.rows.total, manifest.rows.kept)


def _wrong_course(steps: Sequence[StepCounts], rows: int, kept: int) -> Iterator[str]:
    """Each step begins with what the one before it left; the last leaves what was kept."""
    for said in steps:
        if said.before != rows or said.before - said.dropped != said.kept or said.dropped < 0 or said.kept < 0:
            yield (
                f"steps: step {said.step} says {said.before:,} rows before, {said.dropped:,} dropped, {said.kept:,} "
                f"kept; {rows:,} came to it."
            )
        rows = said.kept
    if rows != kept:
        yield f"steps: the last leaves {rows:,} rows, not {kept:,}."


def _wrong_order(manifest: Manifest, recipe: Recipe) -> Iterator[str]:
    made = order_of(recipe)
    if manifest.order != made:
        yield f"order: the recipe leaves the rows {made.sentence()}; the manifest says otherwise."


def _wrong_counts(manifest: Manifest) -> Iterator[str]:
    rows, source = manifest.rows, manifest.source
    unfit = sum(rows.unfit.values())
    if min(rows.total, rows.kept, rows.dropped, rows.written, source.rejected, *rows.unfit.values()) < 0:
        yield "rows: a count is below nothing."
    if rows.kept + rows.dropped != rows.total:
        yield f"rows: {rows.kept:,} kept + {rows.dropped:,} dropped are not {rows.total:,} rows."
    if rows.written + unfit != rows.kept:
        yield f"rows: {rows.written:,} written + {unfit:,} unfit are not {rows.kept:,} kept."
    if _odd(rows.digest):
        yield "rows.digest: no SHA-256."
    if source.rows != rows.total:
        yield f"source.rows: {source.rows:,} is not {rows.total:,}."
    if source.rows_read < source.rows or (source.rows_read != source.rows and not source.options.get("sample")):
        yield f"source.rows_read: {source.rows_read:,} does not give {source.rows:,} rows."
    if source.files and sum(f.rejected for f in source.files) != source.rejected:
        yield f"source.rejected: {source.rejected:,} is not what the files say."
    if source.files and sum(f.rows for f in source.files) != source.rows_read:
        yield f"source.rows_read: {source.rows_read:,} is not what the files say."
    yield from (f"source.files: {f.name!r} has no SHA-256." for f in source.files if f.sha256 and _odd(f.sha256))


def _counted(manifest: Manifest) -> str:
    rows = manifest.rows
    return f"{rows.kept:,} kept + {rows.dropped:,} dropped = {rows.total:,} rows; {rows.written:,} written"


_ADDED = {"verdict": "(verdict|mark)"}
"""What a column is called that exports of before had under another name."""


def _wrong_columns(manifest: Manifest) -> Iterator[str]:
    wanted = manifest.output
    beside = [*wanted.signals, *([wanted.tag.column] if wanted.tag and wanted.tag.column else [])]
    beside += [*([PHASE] if wanted.prefix else []), *(["rank"] if wanted.rank else [])]
    beside += [WEIGHT] if wanted.weight else []
    beside += [SOFT] if wanted.soft else []
    beside += ["part"] if wanted.split and not wanted.split.in_files else []
    beside += [*(["tags", "note", "verdict"] if wanted.marks else []), *(["vector"] if wanted.embedding else [])]
    own, added = manifest.columns[: -len(beside) or None], manifest.columns[len(manifest.columns) - len(beside) :]
    if len(added) != len(beside) or any(
        c.origin != "added"
        or c.key != c.name
        or not re.fullmatch(f"(winnow_)*{_ADDED.get(name, re.escape(name))}", c.key)
        for c, name in zip(added, beside, strict=False)
    ):
        yield f"columns: what was added is not {beside}, as the output says."
    if any(c.origin == "added" for c in own) or (wanted.columns and tuple(c.key for c in own) != wanted.columns):
        yield "columns: not those that the output names."
    if len({c.key for c in manifest.columns}) < len(manifest.columns):
        yield "columns: a key stands there twice."


def _parted(manifest: Manifest) -> str:
    """What was held against each other; the manifest's own sentences are words that nobody can check here."""
    parts = ", ".join(f"{p.name} {p.rows:,} rows" for p in manifest.split.parts) if manifest.split else ""
    return f"{parts}, as the output asks for them"


def _wrong_split(manifest: Manifest) -> Iterator[str]:
    """The parts against what the output asks for, the rows that were written, and each other."""
    wanted, split = manifest.output.split, manifest.split
    if wanted is None or split is None:
        yield "split: it stands in the output or in the manifest, and not in both."
        return
    if [(p.name, p.wanted) for p in split.parts] != list(wanted.parts.items()):
        yield "split.parts: not those that the output names."
        return
    if len(manifest.data_files) != (len(split.parts) if wanted.in_files else 1):
        yield f"split.parts: {len(manifest.data_files)} files, which is not what the output says."
    if wanted.in_files and any(p.file.partition(".")[0] != p.name for p in split.parts):
        yield "split.parts: a file is not called after its part."
    total = sum(p.rows for p in split.parts)
    if min(p.rows for p in split.parts) < 0 or total != manifest.rows.written:
        yield f"split.parts: {total:,} rows in parts, {manifest.rows.written:,} written."
        return
    if any(abs(p.reached - p.rows / max(total, 1)) > 1e-6 for p in split.parts):
        yield "split.parts: a share is not that of its rows."
    off = 100 * max(abs(p.reached - p.wanted) for p in split.parts) if total else 0.0
    if abs(off - split.off) > 0.001:
        yield f"split.off: {split.off:g} points; the parts are {off:.3f} from their shares."
    if dict.fromkeys(wanted.pairs, 0) != dict(split.crossing):
        yield "split.crossing: not the pairs that the output names, each without any that crosses."
    if split.bridges != sum(count for why, count in manifest.rows.unfit.items() if why.startswith(BRIDGES)):
        yield f"split.bridges: {split.bridges:,} is not what was not written for it."


def _rewritten(manifest: Manifest) -> str:
    content = manifest.content
    return f"texts of {content.rows:,} rows are not as they came in, as the output asks" if content else ""


def _wrong_content(manifest: Manifest) -> Iterator[str]:
    """What was done to the texts against what the output asks for, and the counts against each other."""
    output, content = manifest.output, manifest.content
    mask, tag, prefix = output.mask, output.tag, output.prefix
    if content is None or not (mask or tag or prefix):
        yield "content: it stands in the output or in the manifest, and not in both."
        return
    if list(content.masked) != list(mask.kinds if mask else ()) or not {*(mask.columns if mask else ())} <= {
        *content.columns
    }:
        yield "content: not the kinds and columns that the output names."
    # A tag before a text stands in no empty one; in a column beside it each row has one.
    said, most = sum(content.tagged.values()), manifest.rows.written
    if list(content.tagged) != ([tag.good, tag.bad] if tag else []) or (
        tag and (min(content.tagged.values()) < 0 or (said != most if tag.column else said > most))
    ):
        yield "content: the tags are not those of the output, one at most for each row that was written."
    if not 0 <= content.prefixed <= (manifest.rows.written if prefix else 0):
        yield "content: metadata before more texts than the output asks for."
    if not 0 <= content.rows <= manifest.rows.written or any(
        not 0 <= m.rows <= min(m.places, content.rows) for m in content.masked.values()
    ):
        yield "content: more rows than there are, or than there are places."


def _wrong_corrections(manifest: Manifest, recipe: Recipe) -> Iterator[str]:
    said = manifest.corrections or ()
    if [one.ref for one in said] != answers_in(recipe):
        yield "corrections: not of the answers that the recipe stands on."
    if any(min(c.corrected, c.confirmed) < 0 or c.corrected + c.confirmed > manifest.rows.written for c in said):
        yield "corrections: more labels than rows that were written, or fewer than none."


def _wrong_weights(manifest: Manifest) -> Iterator[str]:
    said, rows = manifest.weights, manifest.rows.written
    if said is None or manifest.output.weight is None:
        yield "weights: they stand in the output or in the manifest, and not in both."
    elif not (0 <= said.zero <= rows and 0 <= said.filled <= rows and 0 <= said.least <= said.most):
        yield "weights: more rows than were written, or less than nothing."
    elif said.filled and manifest.output.weight.missing is None:
        yield "weights: rows without a value, of which the output does not say what they weigh."


def _wrong_soft(manifest: Manifest) -> Iterator[str]:
    said, rows = manifest.soft, manifest.rows
    if said is None or manifest.output.soft is None:
        yield "soft: they stand in the output or in the manifest, and not in both."
    elif not (0 <= said.without <= rows.written and said.labels >= 2):
        yield "soft: more rows without than were written, or fewer than two labels."
    else:
        found = advised(rows.written / max(rows.total, 1))
        if written_here(manifest) and (said.weight, said.low, said.high) != (found.weight, found.low, found.high):
            yield "soft: another weight than is advised for the share of rows that was written."


def _wrong_artefacts(manifest: Manifest, recipe: Recipe) -> Iterator[str]:
    there = {a.key: a for a in manifest.artefacts}
    for one in manifest.artefacts:
        if one.identity != one.origin.identity or one.family != one.origin.spec.family:
            yield f"artefacts: {one.key!r} is not what its origin says."
        if any(_odd(digest) for digest in one.files.values()):
            yield f"artefacts: a file of {one.key!r} has no SHA-256."
    for key, made in {**recipe.edits, **recipe.needs}.items():
        if key not in there or not alike(there[key].origin.spec, made):
            yield f"artefacts: {key!r} is not there as the recipe describes it."


def _wrong_commands(manifest: Manifest) -> Iterator[str]:
    try:
        if datetime.fromisoformat(manifest.created).tzinfo is None:
            yield f"created: {manifest.created!r} has no time zone."
    except ValueError:
        yield f"created: {manifest.created!r} is no time."
    try:
        words = shlex.split(manifest.command)
    except ValueError:
        words = []
    if words[:1] != ["winnow"] or shlex.join(words) != manifest.command:
        yield "command: not one command of Winnow, and nothing else."
    if not _replays(manifest.python):
        yield "python: not a replay, and nothing else."


def _replays(text: str) -> bool:
    """Whether Python code names a source and replays, and does nothing else: people run it."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    match body:
        case [
            ast.Import(names=[ast.alias(name="engine", asname=None)]),
            ast.Assign(targets=[ast.Name(id="source")], value=ast.List(elts=paths)),
            ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id="engine"), attr="replay"),
                    args=[ast.Constant(), ast.Name(id="source"), ast.Constant()],
                    keywords=more,
                )
            ),
        ]:
            return all(isinstance(v, ast.Constant) for v in [*paths, *(k.value for k in more)])
    return False


def _odd(digest: str) -> bool:
    return _SHA256.fullmatch(digest) is None
