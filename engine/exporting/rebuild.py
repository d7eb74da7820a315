"""Make an export once more and say how near it comes: rows in common, and the least cosine of their vectors."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from engine.errors import NotFound
from engine.exporting.formats import EXPORTERS
from engine.exporting.headless import replay
from engine.exporting.kept_dropped import read_kept
from engine.exporting.manifest import Manifest
from engine.progress import Progress


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
) -> Rebuilt:
    """Run the export's recipe again in a temporary place, and compare."""
    paths = [str(source)] if source else source_paths(manifest)
    with tempfile.TemporaryDirectory(prefix="winnow-verify-") as place:
        again = Path(place) / "again"
        made = replay(folder / "recipe.json", paths, again, workspace=workspace, progress=progress)
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
        return Rebuilt(same, made.rows.digest, rows, overlap, least, words)


def source_paths(manifest: Manifest) -> list[str]:
    """Where the source came from; raises `EngineError` where that is not known or gone."""
    paths = [f.path for f in manifest.source.files if f.path]
    gone = [p for p in paths if not Path(p).exists()]
    if not paths or gone:
        raise NotFound(
            f"The source {gone[0] if gone else 'of this export'} is not here. Say where it is with --source FILE."
        )
    return paths


def shared(a: Path, b: Path) -> float:
    """Rows of two exports that are in both, as a share of the rows in either (by key), 0 to 1."""
    keys = [{k for batch in read_kept(f / "kept.parquet") for k in batch.column("key").to_pylist()} for f in (a, b)]
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
    keys = [k for batch in read_kept(folder / "kept.parquet") for k in batch.column("key").to_pylist()]
    column = pq.read_table(folder / manifest.data_file, columns=[name]).column(0).to_pylist()
    return {k: np.array(v, np.float64) for k, v in zip(keys, column, strict=True) if v is not None}


def _promise(manifest: Manifest) -> str:
    if any(a.family in ("embedding", "map", "topics") for a in manifest.artefacts):
        return (
            "The recipe stands on vectors or a map, so this is promised only with the stored artefacts, or on the same "
            "kind of machine with the same versions."
        )
    return "The recipe stands on the source alone, so the source has changed, or Winnow has."
