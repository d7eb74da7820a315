"""Make an export once more, and compare all that comes out: data, dropped rows, kept rows, data card, manifest."""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import zip_longest
from pathlib import Path
from typing import Literal, cast

import numpy as np
import pyarrow.parquet as pq

from engine.errors import NotFound
from engine.exporting.check import Check, check
from engine.exporting.consistency import written_here
from engine.exporting.corrections import CORRECTIONS
from engine.exporting.data_card import card_text
from engine.exporting.evidence import evidence_in
from engine.exporting.export import export
from engine.exporting.formats import EXPORTERS
from engine.exporting.formats._output import Row
from engine.exporting.headless import run_again
from engine.exporting.kept_dropped import batches
from engine.exporting.manifest import Manifest, UsedArtefact
from engine.opening import as_written
from engine.progress import Progress
from engine.registry import Json
from engine.store import file_digest, plain

How = Literal["same", "same versions", "may differ", "checked elsewhere"]
COMPARED: Mapping[str, How] = {
    # who, when, where: nothing that the rows follow from
    "created": "may differ",
    "versions": "may differ",
    "command": "may differ",
    "python": "may differ",
    "source.dataset": "may differ",
    "source.revision": "may differ",
    "source.files[].path": "may differ",
    # measured when somebody asked, of the same choice
    "evidence": "may differ",
    # speed, device, what was taken from elsewhere: an artefact is known by its identity
    "artefacts[].notes": "may differ",
    # sentences, and arrays down to the last bit
    "steps[].sentence": "same versions",
    "changes": "same versions",
    "artefacts[].files": "same versions",
    # against the recipe itself, which both exports are made from: what is off there was not needed again
    "recipe": "checked elsewhere",
    "source.options": "checked elsewhere",
    "members": "checked elsewhere",
    "seeds": "checked elsewhere",
    # value by value, which says more than a digest
    "files": "checked elsewhere",
    "content.digest": "checked elsewhere",
}
"""How each field of the manifest is compared with that of an export made again; any other must be the same."""

_MARKS = re.compile("(winnow_)*(tags|note|mark)")
_IN_BOTH = ("steps[].notes", "artefacts[].files")
"""Compared as far as both have them: a step notes more where a graph is there; what was appended lies in more files."""

_WRITERS = ("winnow", "pyarrow", "orjson", "numpy", "zstandard", "machine")
"""What must have the same version for the same values to be the same bytes."""


@dataclass(frozen=True)
class Rebuilt:
    """How near an export that was made again comes. same: equal row digests. digest, rows: of the one made again.

    overlap: rows that are in both, as a share of the rows in either, 0 to 1. least_cosine: between the vectors of a row
    in both, None for an export without vectors.
    """

    same: bool
    digest: str
    rows: int
    overlap: float
    least_cosine: float | None
    words: str


def rebuilt(
    folder: Path, manifest: Manifest, source: str | Path | None, workspace: str | Path | None, progress: Progress
) -> tuple[Rebuilt, list[Check]]:
    """Run the export's recipe again in a temporary place, and compare."""
    with tempfile.TemporaryDirectory(prefix="winnow-verify-") as place:
        paths = [_by_its_name(Path(source), manifest, Path(place))] if source else source_paths(manifest)
        again = Path(place) / "again"
        with run_again(folder / manifest.recipe.file, paths, workspace=workspace, anew=True, progress=progress) as done:
            made = export(done, again, command=manifest.command, progress=progress)
            card = card_text(done, manifest, evidence_in(_card(folder)) if manifest.evidence else [])
        same, rows = made.rows.digest == manifest.rows.digest, made.rows.kept
        least = least_cosine(folder, manifest, again, made)
        cosine = "" if least is None else f" Least cosine of their vectors: {least:.4f}."
        overlap = 1.0 if same else shared(folder, again)
        words = f"made again: the same {rows:,} rows in the same order.{cosine}"
        if not same:
            words = (
                f"made again: {overlap:.1%} of the rows are the same ({manifest.rows.kept:,} then, {rows:,} now)."
                f"{cosine} {_promise(manifest)}"
            )
        found = [
            Check("rebuild", same, words),
            *_compared(folder, manifest, again, made, card),
        ]
        return Rebuilt(same, made.rows.digest, rows, overlap, least, words), found


def _by_its_name(source: Path, manifest: Manifest, place: Path) -> str:
    """The file under the name that it had: a renamed one is the same source, and its name is part of what it is."""
    files = manifest.source.files
    if len(files) != 1 or not source.is_file() or source.name == files[0].name or "/" in files[0].name:
        return str(source)
    if file_digest(source) != files[0].sha256:
        return str(source)
    link = place / files[0].name
    link.symlink_to(source.resolve())
    return str(link)


def source_paths(manifest: Manifest) -> list[str]:
    """Where the source came from; raises `EngineError` where that is not known or gone."""
    paths = [f.path for f in manifest.source.files if f.path]
    gone = [p for p in paths if not as_written(Path(p)).exists()]
    if not paths or gone:
        raise NotFound(
            f"The source {gone[0] if gone else 'of this export'} is not here. Say where it is with --source FILE."
        )
    return paths


def _compared(a: Path, before: Manifest, b: Path, after: Manifest, card: str) -> Iterator[Check]:
    """Each file and each field against those of the export that was made again; marks change from day to day."""
    hidden = {c.name for c in before.columns if c.origin == "added" and _MARKS.fullmatch(c.key)}
    exact = all(before.versions.get(w) == after.versions.get(w) for w in _WRITERS)
    but = f" but for {', '.join(sorted(hidden))}, which people go on changing," if hidden else ""
    for file in before.data_files:
        data = _wrong_data(a / file, before, b / file, after, hidden, exact)
        yield check("rebuilt data", data, f"{file}: every value{but} is the same")
    for name in ("kept.parquet", "dropped.parquet"):
        # A row as written holds marks too, which people go on changing.
        leave = ("written",) if name == "kept.parquet" else () if written_here(before) else ("reason",)
        yield check(f"rebuilt {name}", _wrong_table(name, a, b, leave), f"every row{_but(leave)} is the same")
    if before.corrections is not None:
        made = _wrong_table(CORRECTIONS, a, b, ()) if after.corrections is not None else iter(["It is not made again."])
        yield check(f"rebuilt {CORRECTIONS}", made, "every row is the same")
    if written_here(before):
        measured = " but for the evidence, which is not measured again" if before.evidence else ""
        yield check("rebuilt README.md", _wrong_card(a, card), f"every word{measured} is the same")
    else:
        yield Check("rebuilt README.md", True, "not compared, as another version of Winnow wrote it")
    wrong = [f"{field}: {words}" for field, words in _differences(before, after)]
    yield check("rebuilt manifest", wrong, "every field that must be the same is")


def _but(leave: tuple[str, ...]) -> str:
    return " but for the wording of the reason, which another version of Winnow gave," if "reason" in leave else ""


def _wrong_data(a: Path, before: Manifest, b: Path, after: Manifest, hidden: set[str], exact: bool) -> Iterator[str]:
    """The first row that differs; by bytes where the same versions wrote both, else by value. hidden: columns left."""
    digests = [next((f.sha256 for f in m.files if f.path == a.name), "") for m in (before, after)]
    if digests[0] == digests[1]:
        return
    reads = cast(Callable[..., Iterator[Row]], EXPORTERS[before.output.format].about.reads)
    rows = [reads(path, before.output.params) for path in (a, b)]
    for i, (one, other) in enumerate(zip_longest(*rows)):
        values = [r and [(k, v) for k, v in r if k not in hidden] for r in (one, other)]
        if repr(values[0]) != repr(values[1]):  # repr: 1, 1.0 and True differ, and nan is nan
            yield f"{a.name}: row {i:,} is not what comes out when it is made again."
            return
    if exact and not hidden:
        yield f"{a.name}: each value is the same, but not the bytes, which the same versions write alike."


def _card(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8", errors="replace")


def _wrong_card(folder: Path, card: str) -> Iterator[str]:
    """The first line of the data card that is another one now."""
    for i, (one, other) in enumerate(zip_longest(_card(folder).split("\n"), card.split("\n")), 1):
        if one != other:
            yield f"README.md: line {i} says {_short(one)}; {_short(other)} comes out."
            return


def _wrong_table(name: str, a: Path, b: Path, leave: tuple[str, ...]) -> Iterator[str]:
    """The first row of a file of rows that differs, without some columns."""
    rows = 0
    for one, other in zip_longest(batches(a / name), batches(b / name)):
        if one is None or other is None or one.num_rows != other.num_rows:
            yield f"{name} has not as many rows as it has when it is made again."
            return
        for column in (c for c in one.schema.names if c not in leave):
            if not one.column(column).equals(other.column(column)):
                pairs = zip(one.column(column).to_pylist(), other.column(column).to_pylist(), strict=True)
                at = next(i for i, (x, y) in enumerate(pairs) if x != y)
                yield f"{name}: row {rows + at:,} has another {column} than it has when it is made again."
                return
        rows += one.num_rows


def _differences(before: Manifest, after: Manifest) -> Iterator[tuple[str, str]]:
    """Fields that differ and must not, with what is there and what comes out."""
    exact = before.versions == after.versions
    for name in (f.name for f in fields(Manifest)):
        one, other = getattr(before, name), getattr(after, name)
        if name == "artefacts":
            there = {(a.family, a.key) for a in one}
            yield from (
                (name, f"{a.key!r} is not there, and comes out.") for a in other if (a.family, a.key) not in there
            )
            one, other = _in_both(one, other)
        yield from _unlike(plain(one), plain(other), name, name, exact)


def _unlike(one: Json, other: Json, path: str, rule: str, exact: bool) -> Iterator[tuple[str, str]]:
    how = COMPARED.get(rule, "same")
    if how in ("may differ", "checked elsewhere") or (how == "same versions" and not exact):
        return
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            if rule in _IN_BOTH and (one.get(key) is None or other.get(key) is None):
                continue
            if (rule, key, one.get(key)) == ("columns[]", "held", ""):  # not said by an older Winnow
                continue
            yield from _unlike(one.get(key), other.get(key), f"{path}.{key}", f"{rule}.{key}", exact)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for i, (x, y) in enumerate(zip(one, other, strict=True)):
            yield from _unlike(x, y, f"{path}[{i}]", f"{rule}[]", exact)
    elif one != other:
        yield path, f"{_short(one)} is there, {_short(other)} comes out."


def _in_both(
    before: tuple[UsedArtefact, ...], after: tuple[UsedArtefact, ...]
) -> tuple[tuple[UsedArtefact, ...], tuple[UsedArtefact, ...]]:
    """Artefacts of both, by key: one that only a step that is off names was not made again."""
    named = [{(a.family, a.key): a for a in made} for made in (before, after)]
    keys = [k for k in named[1] if k in named[0]]
    return tuple(named[0][k] for k in keys), tuple(named[1][k] for k in keys)


def _short(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"


def shared(a: Path, b: Path) -> float:
    """Rows of two exports that are in both, as a share of the rows in either (by key), 0 to 1."""
    keys = [{k for batch in batches(f / "kept.parquet") for k in batch.column("key").to_pylist()} for f in (a, b)]
    either = len(keys[0] | keys[1])
    return len(keys[0] & keys[1]) / either if either else 1.0


def least_cosine(a: Path, before: Manifest, b: Path, after: Manifest) -> float | None:
    """The least cosine between the vectors of a row in two exports; None where they hold none, or rounded ones."""
    if not (before.output.embedding and all(EXPORTERS[m.output.format].about.exact for m in (before, after))):
        return None
    first, second = _vectors(a, before), _vectors(b, after)
    cosines = [
        float(v @ second[k] / (np.linalg.norm(v) * np.linalg.norm(second[k]))) for k, v in first.items() if k in second
    ]
    return min(cosines, default=None)


def _vectors(folder: Path, manifest: Manifest) -> dict[str, np.ndarray]:
    name = manifest.columns[-1].name  # vectors stand last
    kept = pq.read_table(folder / "kept.parquet").to_pydict()
    found: dict[str, np.ndarray] = {}
    for file in manifest.data_files:
        inside = {part.name for part in manifest.split.parts if part.file == file} if manifest.split else None
        keys = [k for i, k in enumerate(kept["key"]) if inside is None or kept["part"][i] in inside]
        column = pq.read_table(folder / file, columns=[name]).column(0).to_pylist()
        found |= {k: np.array(v, np.float64) for k, v in zip(keys, column, strict=True) if v is not None}
    return found


def _promise(manifest: Manifest) -> str:
    if any(a.family in ("embedding", "map", "topics") for a in manifest.artefacts):
        return (
            "The recipe stands on vectors or a map, so this is promised only with the stored artefacts, or on the same "
            "kind of machine with the same versions."
        )
    return "The recipe stands on the source alone, so the source has changed, or Winnow has."
