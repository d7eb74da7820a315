"""Verify an export: every byte, every count, every row; and, when asked, make it once more and compare."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from engine.errors import Cancelled, Damaged, EngineError, NotFound
from engine.exporting.check import Check
from engine.exporting.consistency import agreement, file_list
from engine.exporting.contents import SIGNATURE, change, of_export, strays
from engine.exporting.corrections import corrections_check
from engine.exporting.manifest import FILE, RECIPE, Manifest, is_export
from engine.exporting.rebuild import Rebuilt, rebuilt
from engine.exporting.row_checks import row_checks
from engine.exporting.search_parts import searched
from engine.exporting.signature import signed
from engine.progress import Progress, quiet
from engine.recipe import Recipe
from engine.registry import Json
from engine.store import file_digest, plain


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
    signed_by: str | Path | None = None,
    search: bool = False,
    progress: Progress = quiet,
) -> Report:
    """Look over an export: what lies in it, each byte, each field of the manifest against the others, each row.

    Whoever can write the folder can make all of that fit; two things cannot be made to fit. rebuild: run the recipe
    once more and compare all that comes out; from `source` (else from where it came), with the stored artefacts of
    `workspace` where they are there. signed_by: a public SSH key, or a list of allowed signers, whose signature the
    manifest must carry. search: find anew, among the rows of the files, the pairs that may not cross between its parts.
    Raises `EngineError` where `folder` is no export.
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
    checks = [Check("manifest", True, f"says what was written ({manifest.digest})"), file_list(manifest)]
    if signed_by is not None:
        checks.append(signed(folder, Path(signed_by)))
    elif SIGNATURE in of_export(folder, manifest):
        checks.append(Check("signature", True, "there is one, which was not looked at: say whose it must be"))
    if all(c.ok for c in checks):
        checks += _files(folder, manifest, progress)
    if all(c.ok for c in checks):
        checks += _readable("recipe", _recipe(folder, manifest))
    if all(c.ok for c in checks):
        checks += _readable("rows", row_checks(folder, manifest))
    if manifest.corrections is not None and all(c.ok for c in checks):
        checks += _readable("corrections", corrections_check(folder, manifest.corrections))
    if search and all(c.ok for c in checks):
        recipe = Recipe.from_text((folder / RECIPE).read_text(encoding="utf-8"))
        checks += _readable("search", searched(folder, manifest, recipe, progress))
    if not rebuild or not all(c.ok for c in checks):
        return Report(folder, tuple(checks))
    try:
        again, found = rebuilt(folder, manifest, source, workspace, progress)
    except (NotFound, Cancelled):
        raise
    except EngineError as error:  # a region on a map that cannot be drawn the same again, a source that changed
        return Report(folder, (*checks, Check("rebuild", False, f"cannot be made again: {error}")))
    return Report(folder, (*checks, *found), again)


def _files(folder: Path, manifest: Manifest, progress: Progress) -> Iterator[Check]:
    good = True
    for i, file in enumerate(manifest.files):
        progress("Taking digests", i, len(manifest.files))
        if said := change(folder, file):
            good = False
            yield Check(file.path, False, said)
    for name in strays(folder, of_export(folder, manifest)):
        if name.removesuffix(" (a link)") not in {f.path for f in manifest.files}:  # told of above
            good = False
            yield Check(name, False, f"{name} was not written by this export. Take it out of the folder.")
    if good:
        yield Check("files", True, f"{len(manifest.files)} files and nothing else, each byte as it was written")


def _recipe(folder: Path, manifest: Manifest) -> Iterator[Check]:
    text = (folder / RECIPE).read_text(encoding="utf-8")
    yield from agreement(manifest, Recipe.from_text(text), text)
    for name in manifest.recipe.refs:
        if file_digest(folder / "refs" / f"{name}.json") != name:
            yield Check(f"refs/{name}.json", False, f"The ref {name[:12]}… has been changed.")


def _readable(name: str, checks: Iterator[Check]) -> Iterator[Check]:
    """Checks of what is in the files; a file that cannot be read at all is one that does not hold."""
    try:
        yield from checks
    except (EngineError, pa.ArrowException, csv.Error, ValueError, KeyError, OSError, RecursionError) as error:
        yield Check(name, False, f"cannot be read: {error}")
