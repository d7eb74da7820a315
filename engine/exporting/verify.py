"""Verify an export: every byte, every count, every row; and, when asked, make it once more and compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from engine.dataset import hashes
from engine.errors import Cancelled, Damaged, EngineError, NotFound
from engine.exporting.formats import EXPORTERS
from engine.exporting.kept_dropped import digest_of_kept, read_kept
from engine.exporting.manifest import FILE, Manifest, is_export
from engine.exporting.rebuild import Rebuilt, rebuilt
from engine.progress import Progress, quiet
from engine.recipe import Recipe
from engine.registry import Json
from engine.store import file_digest, plain

_BATCH = 8192


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. ok: whether it holds; words: what was found, with the values."""

    name: str
    ok: bool
    words: str


@dataclass(frozen=True)
class Report:
    """What verifying found. rebuilt: how near it came, where it was made once more."""

    folder: Path
    checks: tuple[Check, ...]
    rebuilt: Rebuilt | None = None

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return all(c.ok for c in self.checks)

    def json(self) -> dict[str, Json]:
        """The report for programs."""
        checks: list[Json] = [{"name": c.name, "ok": c.ok, "words": c.words} for c in self.checks]
        return {"folder": str(self.folder), "ok": self.ok, "checks": checks, "rebuilt": plain(self.rebuilt)}


def verify(
    folder: Path | str,
    *,
    rebuild: bool = False,
    source: str | Path | None = None,
    workspace: str | Path | None = None,
    progress: Progress = quiet,
) -> Report:
    """Look over an export: digests of files, refs and recipe, counts, and the rows themselves.

    rebuild: run the recipe once more and compare the rows; from `source` (else from where it came), with the stored
    artefacts of `workspace` where they are there. Raises `EngineError` where `folder` is no export.
    """
    folder = Path(folder)
    if not is_export(folder):
        raise EngineError(
            f"{folder} is not an export of Winnow (no {FILE} of ours). Give the folder that was exported."
        )
    try:
        manifest = Manifest.read(folder)
    except Damaged as error:
        return Report(folder, (Check("manifest", False, str(error)),))
    checks = [
        Check("manifest", True, f"says what was written ({manifest.digest})"),
        *_files(folder, manifest, progress),
        *_recipe(folder, manifest),
    ]
    if all(c.ok for c in checks):
        checks += [*_counts(folder, manifest), *_rows(folder, manifest)]
    if rebuild and all(c.ok for c in checks):
        try:
            again = rebuilt(folder, manifest, source, workspace, progress)
        except (NotFound, Cancelled):
            raise
        except EngineError as error:  # a region on a map that cannot be drawn the same again, a source that changed
            return Report(folder, (*checks, Check("rebuild", False, f"cannot be made again: {error}")))
        return Report(folder, (*checks, Check("rebuild", again.same, again.words)), again)
    return Report(folder, tuple(checks))


def _files(folder: Path, manifest: Manifest, progress: Progress) -> Iterator[Check]:
    good = 0
    listed = {f.path: f for f in manifest.files}
    for i, (name, facts) in enumerate(listed.items()):
        progress("Taking digests", i, len(listed))
        path = folder / name
        if not path.is_file():
            yield Check(name, False, f"{name} is missing.")
        elif path.stat().st_size != facts.bytes:
            yield Check(name, False, f"{name} has {path.stat().st_size:,} bytes; {facts.bytes:,} were written.")
        elif file_digest(path) != facts.sha256:
            yield Check(name, False, f"{name} has been changed: its SHA-256 is not the one that was written.")
        else:
            good += 1
    if good == len(listed):
        yield Check("files", True, f"{good} files, each byte as it was written")
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    for name in sorted(there - set(listed) - {FILE}):
        yield Check(name, False, f"{name} was not written by this export. Take it out of the folder.")


def _recipe(folder: Path, manifest: Manifest) -> Iterator[Check]:
    path = folder / "recipe.json"
    if not path.is_file():
        return  # its absence was found among the files
    try:
        recipe = Recipe.from_text(path.read_text(encoding="utf-8"))
    except (EngineError, UnicodeDecodeError) as error:
        yield Check("recipe", False, str(error))
        return
    same = recipe.digest == manifest.recipe.digest
    yield Check("recipe", same, f"digest {recipe.digest}" + ("" if same else f", not {manifest.recipe.digest}"))
    for name in manifest.recipe.refs:
        ref = folder / "refs" / f"{name}.json"
        if not ref.is_file() or file_digest(ref) != name:
            yield Check(f"refs/{name}.json", False, f"The ref {name[:12]}… is missing or has been changed.")


def _counts(folder: Path, manifest: Manifest) -> Iterator[Check]:
    rows = manifest.rows
    unfit = sum(rows.unfit.values())
    with pq.ParquetFile(folder / "dropped.parquet") as file:
        gone = np.concatenate(
            [np.empty(0, np.int32), *(b.column("step").to_numpy() for b in file.iter_batches(_BATCH, columns=["step"]))]
        )
    by_step = {int(s): int(c) for s, c in zip(*np.unique(gone, return_counts=True), strict=True)}
    said = {s.step: s.dropped for s in manifest.steps if s.dropped} | ({-1: unfit} if unfit else {})
    yield Check(
        "counts",
        rows.kept + rows.dropped == rows.total
        and rows.written + unfit == rows.kept
        and len(gone) == rows.dropped + unfit
        and by_step == said,
        f"{rows.kept:,} kept + {rows.dropped:,} dropped = {rows.total:,} rows; "
        f"dropped.parquet gives {len(gone):,} reasons",
    )


def _rows(folder: Path, manifest: Manifest) -> Iterator[Check]:
    digest, kept = digest_of_kept(folder / "kept.parquet")
    same = digest == manifest.rows.digest and kept == manifest.rows.kept
    yield Check("row digest", same, digest if same else f"kept.parquet gives {digest}, not {manifest.rows.digest}")
    about, data = EXPORTERS[manifest.output.format].about, folder / manifest.data_file
    if about.exact and not manifest.output.columns:
        yield _content(folder, data, manifest)
        return
    reads = about.reads
    rows = sum(1 for _ in reads(data, manifest.output.params)) if reads else -1
    yield Check("rows", rows == manifest.rows.written, f"{rows:,} rows read back from {data.name}")


def _content(folder: Path, data: Path, manifest: Manifest) -> Check:
    """The content of each exported row, hashed anew from the data file, against kept.parquet."""
    source = [(i, c.key) for i, c in enumerate(manifest.columns) if c.origin == "source"]
    rows = 0
    with pq.ParquetFile(data) as file:
        for kept, part in zip(read_kept(folder / "kept.parquet"), file.iter_batches(_BATCH), strict=True):
            found = hashes([(key, part.column(i)) for i, key in source])
            wrong = np.flatnonzero(found != kept.column("content").to_numpy())
            if len(wrong):
                return Check("rows", False, f"{data.name}: row {rows + wrong[0]:,} is not the row that was chosen.")
            rows += len(found)
    return Check("rows", True, f"{rows:,} rows of {data.name} hashed anew: each is the row that was chosen")
