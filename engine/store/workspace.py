"""The only file that knows paths inside a workspace: artefacts, refs, records, published whole or not at all."""

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa

from engine.errors import Damaged, EngineError, NotFound, writing
from engine.registry import Json
from engine.store.artefact import Artefact, read_sidecar, write_array, write_sidecar
from engine.store.artefact_identity import Origin
from engine.store.families import FAMILIES
from engine.store.files import FORMAT, alone, canonical, file_digest, read_json, sync, write_bytes, write_json


class Store:
    """One dataset's folder. Knows where things lie, and publishes them atomically."""

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r})"

    @property
    def marks_file(self) -> Path:
        return self.folder / "marks.sqlite"

    @property
    def jobs_folder(self) -> Path:
        return self.folder / "jobs"

    @property
    def speeds_file(self) -> Path:
        """How long work took here: of all datasets of the workspace, so it lies beside them."""
        return self.folder.parent / "speeds.json"

    def record_json(self) -> dict[str, Json]:
        """dataset.json: what the dataset is (`engine.dataset.record` reads it)."""
        if not (self.folder / "dataset.json").exists():
            raise NotFound(
                f"{self.folder} is not a dataset of Winnow (no dataset.json). Open a source with `winnow open FILE`."
            )
        return read_json(self.folder / "dataset.json", "dataset")

    def write_record_json(self, record: Mapping[str, Json]) -> None:
        write_json(self.folder / "dataset.json", {"format": FORMAT, **record})

    @contextmanager
    def record_alone(self) -> Iterator[None]:
        """Nobody else changes dataset.json meanwhile: others wait, so that nothing of theirs is lost."""
        with alone(self.folder / ".record.lock"):
            yield

    def stamp(self) -> str:
        """Changes whenever the dataset or its artefacts change: the key for caches that hold a dataset."""
        seen = [name for name, family in FAMILIES.items() if not family.apart]
        paths = [self.folder / "dataset.json", *(self.folder / name for name in seen)]
        return "-".join(str(p.stat().st_mtime_ns) if p.exists() else "0" for p in paths)

    def artefacts(self, family: str) -> list[Artefact]:
        """Every whole artefact of a family, oldest first. A half-written one has another name and is not seen."""
        folder = self.folder / family
        found: list[tuple[str, Artefact]] = []
        for path in folder.glob("*/meta.json") if folder.exists() else ():
            if path.parent.name.startswith("."):
                continue
            try:
                found.append(read_sidecar(path.parent))
            except NotFound:
                if path.exists():
                    raise
                # deleted since the folder was listed
        return [artefact for _, artefact in sorted(found, key=lambda pair: (pair[0], pair[1].identity))]

    def find(self, family: str, identity: str) -> Artefact | None:
        """The artefact with this identity, or None."""
        path = self.folder / family / identity
        return read_sidecar(path)[1] if (path / "meta.json").exists() else None

    def check_there(self) -> None:
        """Raise `NotFound` where the folder is gone: who wrote on would make another that nobody looks into."""
        if not self.folder.exists():
            raise NotFound(
                f"The dataset {self.folder.name!r} is no longer there: somebody has renamed or deleted it. Choose one "
                "on the page Open."
            )

    def draft(self, family: str) -> Path:
        """A new folder with a temporary name, to be filled and handed to `publish`."""
        self.check_there()
        path = self.folder / family / f".{uuid.uuid4().hex}.tmp"
        with writing(path):
            path.mkdir(parents=True)
        return path

    @contextmanager
    def drafting(self, family: str) -> Iterator[Path]:
        """A draft that is gone after an error: what stays of it on a full disk would only fill it."""
        path = self.draft(family)
        try:
            with writing(path):
                yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def workbench(self, family: str, identity: str) -> Path:
        """A folder for the finished chunks of resumable work; deleted once the artefact is published."""
        path = self.folder / family / f".{identity}.work"
        with writing(path):
            path.mkdir(parents=True, exist_ok=True)
        return path

    def workbenches(self, family: str) -> dict[str, Path]:
        """The workbenches of work that is not published yet, by identity."""
        return {p.name[1:-5]: p for p in sorted((self.folder / family).glob(".*.work"))}

    def publish(
        self,
        key: str,
        origin: Origin,
        arrays: Mapping[str, np.ndarray | pa.Table],
        notes: Mapping[str, Json] | None = None,
        draft: Path | None = None,
    ) -> Artefact:
        """Write an artefact under the identity of its origin; one that answers the same and is there already is kept.

        arrays: numpy arrays (no objects) or Arrow tables by name. draft: a folder from `draft` that already holds
        `<name>.npy` or `<name>.arrow` files, for arrays too large for memory, or any other files; they are listed too.
        """
        family, asked = origin.spec.family, origin.asked
        folder = draft or self.draft(family)
        there = self.made(asked)
        identity = there.identity if there else asked.identity
        try:
            if there is None:
                with writing(folder):
                    for name, value in arrays.items():
                        write_array(folder, name, value)
                    identity = write_sidecar(folder, key, asked, notes or {}, datetime.now(UTC).isoformat())
                    sync(folder)
                    final = self.folder / family / identity
                    try:
                        os.rename(folder, final)
                    except OSError:
                        if not (final / "meta.json").exists():
                            raise
                    sync(final.parent)
        finally:
            if folder.exists():
                shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.folder / family / f".{asked.identity}.work", ignore_errors=True)
        found = self.find(family, identity)
        if found is None:
            raise Damaged(f"{key} was written and is gone again. Is somebody cleaning {self.folder}? Run it once more.")
        return found

    def made(self, origin: Origin) -> Artefact | None:
        """The artefact that was asked for as this origin says, the newest of several, or None."""
        family, asked = origin.spec.family, origin.asked.identity
        found = self.find(family, asked)
        if found or not FAMILIES[family].by_outcome:
            return found
        return next((a for a in reversed(self.artefacts(family)) if a.origin.asked.identity == asked), None)

    def adopt(self, artefact: Artefact) -> None:
        """Take over a whole artefact of a draft of this dataset; one that is here already stays."""
        final = self.folder / artefact.family / artefact.identity
        with writing(final):
            final.parent.mkdir(exist_ok=True)
            if not final.exists():
                artefact.folder.rename(final)

    def remove(self, family: str, identity: str) -> None:
        """Delete an artefact: renamed away first, so that nobody reads half of it."""
        path = self.folder / family / identity
        if path.exists():
            away = path.with_name(f".{uuid.uuid4().hex}.gone")
            with writing(path):
                path.rename(away)
            shutil.rmtree(away, ignore_errors=True)

    def write_ref(self, kind: str, content: Mapping[str, Json]) -> str:
        """Keep an immutable snapshot (listed rows, a polygon, a target); recipes name it by the SHA-256 returned."""
        body = canonical({"kind": kind, **content})
        name = hashlib.sha256(body).hexdigest()
        path = self.folder / "refs" / f"{name}.json"
        if not path.exists():
            self.check_there()
            write_bytes(path, body)
        return name

    def read_ref(self, name: str) -> dict[str, Json]:
        """The snapshot with this SHA-256; refuses one whose bytes have changed."""
        if not all(c in "0123456789abcdef" for c in name) or len(name) != 64:
            raise EngineError(f"{name!r} is not the name of a ref (64 hexadecimal digits).")
        path = self.folder / "refs" / f"{name}.json"
        if not path.exists():
            raise NotFound(
                f"The recipe needs the ref {name[:12]}…, which is not in this workspace. "
                "Keep the `refs` folder beside the recipe."
            )
        body = path.read_bytes()
        if hashlib.sha256(body).hexdigest() != name:
            raise Damaged(f"The ref {name[:12]}… has been changed on disk. Take it from the export it came with.")
        return cast(dict[str, Json], json.loads(body))

    def refs(self, begin: bytes = b"") -> list[str]:
        """Names of all snapshots, the oldest first. begin: only those whose first bytes are these."""
        found = sorted(self.folder.glob("refs/*.json"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [path.stem for path in found if _begins(path, begin)]

    def has_ref(self, name: str) -> bool:
        """Whether the snapshot is here, each byte as it was written."""
        path = self.folder / "refs" / f"{name}.json"
        return len(name) == 64 and name.isalnum() and path.exists() and file_digest(path) == name

    def take_refs(self, folder: Path) -> None:
        """Copy the refs that came with a recipe or an export into this dataset."""
        for path in sorted(folder.glob("*.json")) if folder.exists() else ():
            body = path.read_bytes()
            if hashlib.sha256(body).hexdigest() != path.stem:
                raise Damaged(f"The ref {path} is not what its name says. Take it again from the export.")
            self.take_ref(path.stem, body)

    def take_ref(self, name: str, body: bytes) -> None:
        """Keep a snapshot that came from elsewhere; what it holds was compared with its name."""
        if not (self.folder / "refs" / f"{name}.json").exists():
            write_bytes(self.folder / "refs" / f"{name}.json", body)


def _begins(path: Path, begin: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(begin)) == begin


def datasets(workspace: Path | str) -> list[Store]:
    """The datasets of a workspace, by name."""
    root = Path(workspace)
    # A name with a dot is one that is still being opened.
    found = sorted(root.glob("*/dataset.json")) if root.exists() else []
    return [Store(p.parent) for p in found if not p.parent.name.startswith(".")]


def deleted_folder(workspace: Path | str) -> Path:
    """Where deleted datasets lie until they are cleaned away."""
    return Path(workspace) / ".deleted"
