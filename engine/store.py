"""The only file that knows paths inside a workspace: artefacts, refs, records, published whole or not at all."""

import fcntl
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa

from engine.errors import Damaged, EngineError, NotFound, writing
from engine.registry import Json

FORMAT = 1
FAMILIES = (
    "rows",
    "texts",
    "keys",
    "vectors",
    "graph",
    "indexes",
    "maps",
    "clusters",
    "columns",
    "pairs",
    "models",
    "search",
)


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no spaces: equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def digest_of(value: object) -> str:
    """SHA-256 of the canonical JSON, as 32 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()[:32]


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in blocks, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_bytes(path: Path, content: bytes) -> None:
    """Write a whole file: temporary name, sync, rename. A reader sees the old file or the new one."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_json(path: Path, value: object) -> None:
    """Write JSON as people read it, whole or not at all."""
    write_bytes(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n")


def read_json(path: Path, what: str) -> dict[str, Json]:
    """Read a JSON object of ours; says which thing is missing, damaged or of a format from the future."""
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise NotFound(f"There is no {what} at {path}.") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise Damaged(f"The {what} at {path} is damaged (not JSON). Restore it, or make it again.") from None
    if not isinstance(value, dict):
        raise Damaged(f"The {what} at {path} is damaged (not an object). Restore it, or make it again.")
    if value.get("format", FORMAT) != FORMAT:
        raise EngineError(
            f"The {what} at {path} has format {value['format']}; this version of Winnow reads format {FORMAT}. "
            "Open it with the version that wrote it, or open the source again."
        )
    return cast(dict[str, Json], value)


@dataclass(frozen=True)
class Artefact:
    """Something that slow work added: arrays on disk with the sidecar that says how they came to be.

    identity: digest of member, version, parameters and input identities.
    key: the name on the screen, such as `density(k=20)@minilm`.
    notes: small facts (labels, reasons, recall, library versions) as JSON.
    """

    family: str
    identity: str
    key: str
    spec: dict[str, Json]
    notes: dict[str, Json]
    folder: Path
    arrays: dict[str, list[dict[str, Json]]] = field(repr=False, default_factory=dict)

    def array(self, name: str) -> np.ndarray:
        """An array, memory-mapped, read-only; joined when it has several segments."""
        parts = [self._open(segment) for segment in self._segments(name)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def file(self, name: str) -> Path:
        """The path of a file that is no array, such as a stored index."""
        return self.folder / str(self._segments(name)[0]["file"])

    def table(self, name: str) -> pa.Table:
        """Arrow columns, memory-mapped."""
        tables = []
        for segment in self._segments(name):
            with pa.memory_map(str(self.folder / str(segment["file"]))) as source:
                tables.append(pa.ipc.open_file(source).read_all())
        return pa.concat_tables(tables)

    def _segments(self, name: str) -> list[dict[str, Json]]:
        if name not in self.arrays:
            raise NotFound(f"{self.key} has no array {name!r}. There is: {', '.join(self.arrays)}.")
        return self.arrays[name]

    def _open(self, segment: dict[str, Json]) -> np.ndarray:
        path = self.folder / str(segment["file"])
        try:
            return cast(np.ndarray, np.load(path, mmap_mode="r", allow_pickle=False))
        except (ValueError, OSError, EOFError) as error:
            raise Damaged(
                f"{self.key}: {path.name} cannot be read ({error}). Delete it under Disk use, and make it again."
            ) from error

    def verify(self) -> None:
        """Compare every file with the digest in the sidecar; raises `Damaged` naming the first that differs."""
        for segments in self.arrays.values():
            for segment in segments:
                path = self.folder / str(segment["file"])
                if not path.exists() or file_digest(path) != segment["sha256"]:
                    raise Damaged(f"{self.key}: {path.name} is not the file that was written. Make it again.")

    @cached_property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())


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

    def record(self) -> dict[str, Json]:
        """dataset.json: what the dataset is."""
        if not (self.folder / "dataset.json").exists():
            raise NotFound(
                f"{self.folder} is not a dataset of Winnow (no dataset.json). Open a source with `winnow open FILE`."
            )
        return read_json(self.folder / "dataset.json", "dataset")

    def write_record(self, record: Mapping[str, Json]) -> None:
        write_json(self.folder / "dataset.json", {**record, "format": FORMAT})

    def change_record(self, change: Callable[[dict[str, Json]], Mapping[str, Json]]) -> None:
        """Write what `change` makes of dataset.json; others that change it wait, so that nothing of theirs is lost."""
        with _alone(self.folder / ".record.lock"):
            self.write_record(change(self.record()))

    def make_current(self, key: str, identity: str) -> None:
        """Let a key mean this artefact, of several that have it."""

        def change(record: dict[str, Json]) -> dict[str, Json]:
            return {**record, "current": {**cast(dict[str, Json], record.get("current", {})), key: identity}}

        self.change_record(change)

    def stamp(self) -> str:
        """Changes whenever the dataset or its artefacts change: the key for caches that hold a dataset."""
        paths = [self.folder / "dataset.json", *(self.folder / family for family in FAMILIES)]
        return "-".join(str(p.stat().st_mtime_ns) if p.exists() else "0" for p in paths)

    def artefacts(self, family: str) -> list[Artefact]:
        """Every whole artefact of a family, oldest first. A half-written one has another name and is not seen."""
        folder = self.folder / family
        found: list[tuple[str, Artefact]] = []
        for path in folder.glob("*/meta.json") if folder.exists() else ():
            if path.parent.name.startswith("."):
                continue
            try:
                meta = read_json(path, "sidecar")
            except NotFound:
                continue  # deleted since the folder was listed
            found.append((str(meta["created"]), _artefact(path.parent, meta)))
        return [artefact for _, artefact in sorted(found, key=lambda pair: (pair[0], pair[1].identity))]

    def find(self, family: str, identity: str) -> Artefact | None:
        """The artefact with this identity, or None."""
        path = self.folder / family / identity / "meta.json"
        return _artefact(path.parent, read_json(path, "sidecar")) if path.exists() else None

    def draft(self, family: str) -> Path:
        """A new folder with a temporary name, to be filled and handed to `publish`."""
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
        family: str,
        key: str,
        spec: Mapping[str, Json],
        arrays: Mapping[str, np.ndarray | pa.Table],
        notes: Mapping[str, Json] | None = None,
        identity: str = "",
        draft: Path | None = None,
    ) -> Artefact:
        """Write an artefact under the identity of its spec; an equal one that is there already is kept.

        arrays: numpy arrays (no objects) or Arrow tables by name. draft: a folder from `draft` that already holds
        `<name>.npy` or `<name>.arrow` files, for arrays too large for memory, or any other files; they are listed too.
        """
        identity = identity or digest_of(spec)
        final = self.folder / family / identity
        there = self.find(family, identity)
        folder = draft or self.draft(family)
        try:
            if there is None:
                with writing(final):
                    for name, value in arrays.items():
                        _write_array(folder, name, value)
                    meta = {
                        "format": FORMAT,
                        "family": family,
                        "identity": identity,
                        "key": key,
                        "spec": dict(spec),
                        "notes": dict(notes or {}),
                        "arrays": _listed(folder),
                        "created": datetime.now(UTC).isoformat(),
                    }
                    write_json(folder / "meta.json", meta)
                    _sync(folder)
                    try:
                        os.rename(folder, final)
                    except OSError:
                        if not (final / "meta.json").exists():
                            raise
                    _sync(final.parent)
        finally:
            if folder.exists():
                shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(self.folder / family / f".{identity}.work", ignore_errors=True)
        found = self.find(family, identity)
        if found is None:
            raise Damaged(f"{key} was written and is gone again. Is somebody cleaning {self.folder}? Run it once more.")
        return found

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

    def take_refs(self, folder: Path) -> None:
        """Copy the refs that came with a recipe or an export into this dataset."""
        for path in sorted(folder.glob("*.json")) if folder.exists() else ():
            body = path.read_bytes()
            if hashlib.sha256(body).hexdigest() != path.stem:
                raise Damaged(f"The ref {path} is not what its name says. Take it again from the export.")
            if not (self.folder / "refs" / path.name).exists():
                write_bytes(self.folder / "refs" / path.name, body)


def _artefact(folder: Path, meta: dict[str, Json]) -> Artefact:
    get: Callable[[str], dict[str, Json]] = lambda name: cast(dict[str, Json], meta[name])  # noqa: E731
    return Artefact(
        family=str(meta["family"]),
        identity=str(meta["identity"]),
        key=str(meta["key"]),
        spec=get("spec"),
        notes=get("notes"),
        folder=folder,
        arrays=cast(dict[str, list[dict[str, Json]]], meta["arrays"]),
    )


def _write_array(folder: Path, name: str, value: np.ndarray | pa.Table) -> None:
    if isinstance(value, pa.Table):
        with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, value.schema) as writer:
            writer.write_table(value, max_chunksize=65536)
    else:
        np.save(folder / f"{name}.npy", value, allow_pickle=False)
    _sync(folder / (f"{name}.arrow" if isinstance(value, pa.Table) else f"{name}.npy"))


def _listed(folder: Path) -> dict[str, Json]:
    """Every file of a draft with its digest: arrays by name, other files (an index, say) by file name.

    An array in several segments comes as `<name>.000.npy`, `<name>.001.npy` and so on, in that order.
    """
    found: dict[str, list[Json]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        array = name.removesuffix(".npy").removesuffix(".arrow")
        if array != name and array[-4:-3] == "." and array[-3:].isdigit():
            array = array[:-4]
        found.setdefault(array, []).append(_segment(path, name))
    return cast(dict[str, Json], found)


def _segment(path: Path, name: str) -> dict[str, Json]:
    facts: dict[str, Json] = {"file": name, "bytes": path.stat().st_size, "sha256": file_digest(path)}
    if path.suffix == ".npy":
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        facts |= {"dtype": array.dtype.str, "shape": list(array.shape)}
    return facts


def new_array(path: Path, shape: tuple[int, ...], dtype: type) -> np.ndarray:
    """A new memory-mapped array whose room on the disk is taken at once.

    Otherwise the file has holes, and on a full disk writing into one kills the process without a word.
    """
    with writing(path):
        array = np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)
        try:
            with path.open("r+b") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
        except OSError:
            path.unlink()
            raise
    return cast(np.ndarray, array)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock file; it goes with the process, so a kill leaves nothing locked."""
    with writing(path):
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def datasets(workspace: Path | str) -> list[Store]:
    """The datasets of a workspace, by name."""
    root = Path(workspace)
    # A name with a dot is one that is still being opened.
    found = sorted(root.glob("*/dataset.json")) if root.exists() else []
    return [Store(p.parent) for p in found if not p.parent.name.startswith(".")]
