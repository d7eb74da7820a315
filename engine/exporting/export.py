"""Export: the rows of a run as files, with the proof of how they were made, in a folder that appears whole."""

import shlex
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from engine.building import models_of
from engine.dataset import Dataset, answered_labels, corrected_cells, examples, read_ref, store_keys
from engine.errors import EngineError
from engine.exporting.contents import touched
from engine.exporting.corrections import CORRECTIONS, answers_in, write_corrections
from engine.exporting.data_card import card_text
from engine.exporting.evidence import EVIDENCE, evidence_lines, evidence_of, write_evidence
from engine.exporting.formats import EXPORTERS
from engine.exporting.formats._output import Output, Written
from engine.exporting.kept_dropped import digest_of_kept, write_dropped, write_kept
from engine.exporting.manifest import (
    FILE,
    RECIPE,
    Manifest,
    RowCounts,
    UsedRecipe,
    UsedSource,
    WrittenColumn,
    WrittenFile,
    described,
    is_export,
    members,
    seeds,
    steps,
    versions,
)
from engine.exporting.masking import Mask, masked_columns
from engine.exporting.needs import completed, needed
from engine.exporting.order import order_of
from engine.exporting.output import VectorType, Wanted, judging, output_of
from engine.exporting.parts import as_written, write_data
from engine.exporting.rewritten import standing_under
from engine.exporting.signature import check_key, sign_manifest
from engine.exporting.softening import Soft, written_soft
from engine.exporting.split import Split, placed
from engine.exporting.split_facts import reached
from engine.exporting.tagging import Prefix, Tag
from engine.exporting.weighing import Weight, WrittenWeights, written_weights
from engine.exporting.written_content import written_content
from engine.progress import Progress, quiet
from engine.recipe import Recipe, Run
from engine.registry import Json
from engine.store import Artefact, everything, file_digest, plain, whole_folder, with_origins, write_bytes


def export(
    run: Run,
    folder: Path | str,
    *,
    format: str = "",
    params: Mapping[str, Json] | None = None,
    columns: Sequence[str] | None = None,
    embedding: str | None = None,
    vector_type: VectorType | None = None,
    signals: Sequence[str] | None = None,
    marks: bool | None = None,
    rank: bool | None = None,
    turns: Mapping[str, str] | None = None,
    split: Split | Mapping[str, Json] | None = None,
    mask: Mask | Mapping[str, Json] | None = None,
    tag: Tag | Mapping[str, Json] | None = None,
    prefix: Prefix | Mapping[str, Json] | None = None,
    weight: Weight | Mapping[str, Json] | None = None,
    soft: Soft | Mapping[str, Json] | None = None,
    overwrite: bool = False,
    command: str = "",
    temporary: bool = False,
    sign: Path | str | None = None,
    progress: Progress = quiet,
) -> Manifest:
    """Write the rows of a run, and beside them the recipe with its refs, the dropped rows, a manifest and a data card.

    What is not given is taken from the recipe's `output`: Parquet with all columns where that says nothing either.
    command: what was typed, where this is no page. temporary: the workspace will be gone, so nobody is sent there.
    sign: a private SSH key of the person's, to sign the manifest with. Rows are in rank order, written in batches:
    memory grows by some bytes a row and not by its texts, but for the values that go before texts. Raises
    `EngineError` where `folder` is taken, the key cannot sign, or a masked column would be told.
    """
    for at, stuck in run.broken.items():
        raise EngineError(
            f"Step {at + 1}, “{run.recipe.steps[at].label()}”, is broken, so nothing was written: {stuck.wrong} "
            "Mend it or switch it off, and export again."
        )
    wanted = wanted_of(
        run.recipe, format=format, params=params, columns=columns, embedding=embedding, vector_type=vector_type,
        signals=signals, marks=marks, rank=rank, turns=turns, split=split, mask=mask, tag=tag, prefix=prefix,
        weight=weight, soft=soft,
    )  # fmt: skip
    target = Path(folder)
    if sign is not None:
        check_key(Path(sign))
    store_keys(run.data)
    recipe = whole_recipe(run, wanted)
    _check_mask(run.data, wanted, recipe)
    _check_corrections(run.data, recipe, wanted)
    _check_choices(run.data, recipe, wanted)
    if wanted.soft:
        progress("Telling labels", 0, 1)
        wanted.soft.of(run.data)  # before anything is written, as it may be refused
    parts = placed(run.data, run.rows, wanted.split) if wanted.split else None
    output = output_of(run, wanted, lambda done, total: progress(f"Writing {wanted.format}", done, total), parts)
    member = EXPORTERS[wanted.format]
    with whole_folder(target, overwrite=overwrite, ours=is_export, touched=touched) as draft:
        written = write_data(member, wanted.params, output, draft, parts)
        form = _columns(output, written)
        content = written_content(run, wanted, output, written)
        hashes = as_written(wanted, output, written, parts, [c.name for c in form]) if content else None
        weights = wanted.weight.of(run.data, run.rows) if wanted.weight else None
        digest = write_kept(run, draft / "kept.parquet", parts.words() if parts else None, weights, hashes)
        if content and hashes is not None:
            content = replace(content, digest=digest_of_kept(draft / "kept.parquet", "written")[0])
        write_dropped(run, draft / "dropped.parquet", written, progress)
        corrected = write_corrections(run.data, recipe, written.rows_of(output), draft / CORRECTIONS)
        evidence = evidence_of(run, masked=wanted.mask is not None)
        write_evidence(evidence, draft / EVIDENCE)
        refs = _write_recipe(run.data, recipe, draft)
        manifest = Manifest(
            name=recipe.name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            source=_source(run.data, recipe),
            recipe=UsedRecipe(RECIPE, recipe.digest, tuple(refs)),
            steps=steps(run),
            rows=RowCounts(
                run.data.n, len(run.rows), run.data.n - len(run.rows), written.rows, dict(written.counts), digest
            ),
            members={**members(recipe), wanted.format: member.version},
            seeds=seeds(recipe),
            artefacts=tuple(described(a) for a in standing_on(run.data, recipe)),
            versions=versions(),
            output=wanted,
            data_file=written.files[0].name,
            columns=tuple(form),
            changes=(*written.changes, *(content.says() if content else ())),
            split=reached(run.data, parts, [f.name for f in written.files], written.unfit) if parts else None,
            content=content,
            corrections=corrected,
            soft=written_soft(run.data, wanted.soft, written.rows_of(output)) if wanted.soft else None,
            order=order_of(recipe),
            weights=None if weights is None else _weights(run, wanted, weights, written.rows_of(output)),
            evidence=tuple(one.asked for one in evidence) or None,
            files=(),
            command=command or command_of(run.data, target, temporary),
            python=python_of(run.data, target, temporary),
        )  # fmt: skip
        write_bytes(draft / "README.md", card_text(run, manifest, evidence_lines(evidence)).encode())
        manifest = replace(manifest, files=tuple(_files(draft, progress)))
        write_bytes(draft / FILE, manifest.text().encode())
        if sign is not None:
            sign_manifest(draft, Path(sign))
    return manifest


def wanted_of(recipe: Recipe, **given: object) -> Wanted:
    """What the recipe's output says, changed by what is given (None and '' change nothing)."""
    said = dict(recipe.output)
    changed = {k: v for k, v in given.items() if v is not None and not (k == "format" and v == "")}
    if "format" in changed and changed["format"] != said.get("format", Wanted.format):
        said.pop("params", None)
        said.pop("turns", None)
    for key, value in changed.items():
        said[key] = plain(value)
    return Wanted.from_json(said)


def _check_mask(data: Dataset, wanted: Wanted, recipe: Recipe) -> None:
    """Raise `EngineError` where values of a masked column would stand beside the data as they came in."""
    if wanted.mask is None:
        return
    masked = {*standing_under(data, masked_columns(data, wanted.mask, [*wanted.turns.values()]))}
    for key in sorted(masked & data.columns.keys()):
        if data.info(key).role == "id":
            raise EngineError(
                f"{key!r} names the rows, so its values stand in kept.parquet and dropped.parquet as they came in: it "
                "cannot be masked. Open the source without it as the id, or name the columns to mask without it."
            )
    by = wanted.split.stratify if wanted.split else ""
    if by and not masked.isdisjoint(standing_under(data, [by])):
        raise EngineError(
            f"The split is stratified by {by!r}, whose values the manifest and the data card list as they came in: it "
            "cannot be masked. Stratify by another column, or name the columns to mask without it."
        )
    if wanted.soft and not masked.isdisjoint(standing_under(data, [wanted.soft.label])):
        raise EngineError(
            f"The soft labels name the labels of {wanted.soft.label!r} as they came in: the column cannot be masked. "
            "Name the columns to mask without it, or leave the soft labels out."
        )
    for label in (answered_labels(data, ref).column for ref in answers_in(recipe)):
        if not masked.isdisjoint(standing_under(data, [label])):
            raise EngineError(
                f"The labels of {label!r} that people corrected stand in {CORRECTIONS} as they came in: the column "
                "cannot be masked. Name the columns to mask without it, or leave the corrected labels out."
            )


def _check_choices(data: Dataset, recipe: Recipe, wanted: Wanted) -> None:
    """Raise `EngineError` where a choice goes out with values or examples that hold what is to be masked."""
    if wanted.mask is None:
        return
    masked = {*standing_under(data, masked_columns(data, wanted.mask, [*wanted.turns.values()]))}
    for leaf in (leaf for step in judging(recipe) for leaf, _ in step.leaves()):
        by = [key for key in leaf.names("column") if leaf.selects]
        if not masked.isdisjoint(standing_under(data, by)):
            raise EngineError(
                f"The choice “{leaf.label()}” tells its groups by name in the manifest: values of a column that is "
                "masked. Choose without that column, or name the columns to mask without it."
            )
        for ref in (*leaf.names("rows"), *leaf.names("target")):
            if not data.store.has_ref(ref) or read_ref(data, ref, "").get("kind") != "examples":
                continue
            found = examples(data, ref)
            if any(wanted.mask.masked(text, Counter()) != text for text in found.texts):
                raise EngineError(
                    f"Among the examples of {found.name} are some that hold what is masked. They go out with the "
                    "recipe as they came in. Take others, or export without the mask."
                )


def _check_corrections(data: Dataset, recipe: Recipe, wanted: Wanted) -> None:
    """Raise `EngineError` where a cell that was corrected by hand holds what is to be masked: the recipe has it too."""
    if wanted.mask is None:
        return
    masked = {*standing_under(data, masked_columns(data, wanted.mask, [*wanted.turns.values()]))}
    for key, made in recipe.edits.items():
        cells = str(made.params.get("cells") or "") if masked & {key, made.on} else ""
        texts = [text for text in corrected_cells(data, cells).values if text] if cells else []
        if any(wanted.mask.masked(text, Counter()) != text for text in texts):
            raise EngineError(
                f"Among the corrections of {made.on!r} are some that hold what is masked. They go out with the recipe "
                f"as they were typed. Correct those cells without it, or leave {key!r} out of the text and the export."
            )


def standing_on(data: Dataset, recipe: Recipe) -> list[Artefact]:
    """Every artefact that the recipe's steps and output stand on, with what those were made from."""
    known = everything(data.store)
    start = [a.identity for a in known.values() if a.family == "keys" and a.origin.rows == data.fingerprint]
    start += [data.added[key].identity for key in (*recipe.needs, *recipe.edits) if key in data.added]
    start += [data.added[c.thing].identity for c in data.columns.values() if c.origin == "edit"]
    used = with_origins(known, start)
    return [a for a in known.values() if a.identity in used]


def _weights(run: Run, wanted: Wanted, weights: np.ndarray, rows: np.ndarray) -> WrittenWeights:
    """The weights of the rows that were written, int64, in numbers. weights: of all that are kept."""
    assert wanted.weight is not None
    filled = int(np.isnan(run.data.numbers(wanted.weight.column, rows)).sum())
    return written_weights(weights[np.isin(run.rows, rows)], filled)


def command_of(data: Dataset, target: Path, temporary: bool = False) -> str:
    """The command that makes the same export again, with the artefacts that are stored for it."""
    words = ["winnow", "run", str(target), *(_source_paths(data) or ["SOURCE"]), "--out", f"{target}-again"]
    return shlex.join(words if temporary else [*words, "--workspace", str(data.store.folder.parent)])


def python_of(data: Dataset, target: Path, temporary: bool = False) -> str:
    """The Python that makes the same export again."""
    where = "" if temporary else f", workspace={str(data.store.folder.parent)!r}"
    return (
        "import engine\n\n"
        f"source = {_source_paths(data) or ['SOURCE']!r}\n"
        f"engine.replay({str(target)!r}, source, {str(target) + '-again'!r}{where})\n"
    )


def whole_recipe(run: Run, wanted: Wanted) -> Recipe:
    """The recipe with its output, and the specs of everything that its steps and its output stand on."""
    return Recipe.from_json(completed(run.data, replace(run.recipe, output=wanted.json())).json())


def _write_recipe(data: Dataset, recipe: Recipe, draft: Path) -> list[str]:
    names = [name for name, needed in refs_of(recipe).items() if needed or data.store.has_ref(name)]
    (draft / "refs").mkdir()
    for name in names:
        data.store.read_ref(name)  # refuses one whose bytes have changed
        shutil.copyfile(data.store.folder / "refs" / f"{name}.json", draft / "refs" / f"{name}.json")
    if not names:
        (draft / "refs").rmdir()
    write_bytes(draft / RECIPE, recipe.text().encode())
    return names


def refs_of(recipe: Recipe) -> dict[str, bool]:
    """Names of all refs of a recipe, and whether it needs them: those of a step that is off travel where they are."""
    found = {r: True for r in (recipe.by_hand.keep, recipe.by_hand.drop) if r}
    for leaf, runs in (one for step in judging(recipe) for one in step.leaves()):
        for name in (*leaf.names("rows"), *leaf.names("target")):
            found[name] = found.get(name, False) or runs
    runs_by = needed(recipe)
    for key, made in recipe.needs.items():
        for name in models_of(made):
            found[name] = found.get(name, False) or key in runs_by
    # What an edit is made by is needed as the column is.
    return found | {name: True for made in recipe.edits.values() for name in models_of(made)}


def _files(draft: Path, progress: Progress) -> list[WrittenFile]:
    paths = sorted(p for p in draft.rglob("*") if p.is_file())
    found = []
    for i, path in enumerate(paths):
        progress("Taking digests", i, len(paths))
        name = path.relative_to(draft).as_posix()
        found.append(WrittenFile(name, path.stat().st_size, file_digest(path)))
    progress("Taking digests", len(paths), len(paths))
    return found


def _columns(output: Output, written: Written) -> list[WrittenColumn]:
    keys = [*output.columns, *(e.name for e in output.extras)]
    origins = [str(output.data.columns[k].origin) for k in output.columns] + ["added"] * len(output.extras)
    held = {c.key: c.held for c in output.data.record.columns}
    return [
        WrittenColumn(field.name, key, str(field.type), origin, held.get(key, "") if origin == "source" else "")
        for field, key, origin in zip(written.schema or output.schema, keys, origins, strict=True)
    ]


def _source(data: Dataset, recipe: Recipe) -> UsedSource:
    r = data.record
    counts = (data.n, r.rejected, r.files, r.drift, r.rows_read)
    return UsedSource(data.name, data.revision, data.fingerprint, *counts, recipe.source_options)


def _source_paths(data: Dataset) -> list[str]:
    return [file.path for file in data.record.files if file.path]
