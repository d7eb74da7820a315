"""An artefact: what slow work added, immutable in its folder, with a sidecar that says it all."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa

from engine.errors import Damaged, NotFound
from engine.registry import Json
from engine.store.artefact_identity import Origin
from engine.store.files import FORMAT, file_digest, read_json, sync, write_json
from engine.store.frozen import plain, read_stored
from engine.store.spec import Spec


@dataclass(frozen=True)
class Segment:
    """One file of an array. file: inside the artefact's folder; dtype, shape: of a numpy array."""

    file: str
    bytes: int
    sha256: str
    dtype: str = ""
    shape: tuple[int, ...] = ()


@dataclass(frozen=True)
class Sidecar:
    """What stands beside the arrays: `meta.json`. created: ISO time in UTC."""

    family: str
    identity: str
    key: str
    origin: Origin
    notes: Mapping[str, Json]
    arrays: Mapping[str, tuple[Segment, ...]]
    created: str
    format: int = FORMAT


@dataclass(frozen=True)
class Artefact:
    """Something that slow work added: arrays on disk with the sidecar that says how they came to be.

    key: the name on the screen, such as `density(k=20)@minilm`. origin: what the identity is the digest of.
    notes: small facts (labels, reasons, recall, library versions) as JSON.
    """

    family: str
    identity: str
    key: str
    origin: Origin
    notes: Mapping[str, Json]
    folder: Path
    arrays: Mapping[str, tuple[Segment, ...]] = field(repr=False, default_factory=dict)

    @property
    def spec(self) -> Spec:
        """What was asked for."""
        return self.origin.spec

    def array(self, name: str) -> np.ndarray:
        """An array, memory-mapped, read-only; joined when it has several segments."""
        parts = [self._open(segment) for segment in self._segments(name)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def file(self, name: str) -> Path:
        """The path of a file that is no array, such as a stored index."""
        return self.folder / self._segments(name)[0].file

    def table(self, name: str) -> pa.Table:
        """Arrow columns, memory-mapped."""
        tables = []
        for segment in self._segments(name):
            with pa.memory_map(str(self.folder / segment.file)) as source:
                tables.append(pa.ipc.open_file(source).read_all())
        return pa.concat_tables(tables)

    def _segments(self, name: str) -> tuple[Segment, ...]:
        if name not in self.arrays:
            raise NotFound(f"{self.key} has no array {name!r}. There is: {', '.join(self.arrays)}.")
        return self.arrays[name]

    def _open(self, segment: Segment) -> np.ndarray:
        path = self.folder / segment.file
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
                path = self.folder / segment.file
                if not path.exists() or file_digest(path) != segment.sha256:
                    raise Damaged(f"{self.key}: {path.name} is not the file that was written. Make it again.")

    def used_now(self) -> None:
        """Note on the disk that it was of use just now; where nothing can be written, nothing is noted."""
        with suppress(OSError):
            os.utime(self.folder)

    @cached_property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())


def read_sidecar(folder: Path) -> tuple[str, Artefact]:
    """When the artefact of a folder was made, and the artefact."""
    meta = read_stored(Sidecar, read_json(folder / "meta.json", "sidecar"), f"the sidecar {folder / 'meta.json'}")
    made = Artefact(meta.family, meta.identity, meta.key, meta.origin, meta.notes, folder, meta.arrays)
    return meta.created, made


def write_sidecar(folder: Path, key: str, asked: Origin, notes: Mapping[str, Json], created: str) -> str:
    """Write the sidecar of a draft, with the digest of every file that lies there; returns the identity."""
    arrays = _listed(folder)
    origin = asked.made({name: [segment.sha256 for segment in parts] for name, parts in arrays.items()})
    sidecar = Sidecar(origin.spec.family, origin.identity, key, origin, notes, arrays, created)
    write_json(folder / "meta.json", plain(sidecar))
    return sidecar.identity


def write_array(folder: Path, name: str, value: np.ndarray | pa.Table) -> None:
    if isinstance(value, pa.Table):
        with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, value.schema) as writer:
            writer.write_table(value, max_chunksize=65536)
    else:
        np.save(folder / f"{name}.npy", value, allow_pickle=False)
    sync(folder / (f"{name}.arrow" if isinstance(value, pa.Table) else f"{name}.npy"))


def _listed(folder: Path) -> dict[str, tuple[Segment, ...]]:
    """Every file of a draft with its digest: arrays by name, other files (an index, say) by file name.

    An array in several segments comes as `<name>.000.npy`, `<name>.001.npy` and so on, in that order.
    """
    found: dict[str, tuple[Segment, ...]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        array = name.removesuffix(".npy").removesuffix(".arrow")
        if array != name and array[-4:-3] == "." and array[-3:].isdigit():
            array = array[:-4]
        found[array] = (*found.get(array, ()), _segment(path, name))
    return found


def _segment(path: Path, name: str) -> Segment:
    digest = file_digest(path)
    if path.suffix != ".npy":
        return Segment(name, path.stat().st_size, digest)
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    return Segment(name, path.stat().st_size, digest, array.dtype.str, array.shape)
