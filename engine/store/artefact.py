"""An artefact: what slow work added, immutable in its folder, with a sidecar that says it all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa

from engine.errors import Damaged, NotFound
from engine.registry import Json
from engine.store.files import file_digest, sync


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


def artefact_of(folder: Path, meta: dict[str, Json]) -> Artefact:
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


def write_array(folder: Path, name: str, value: np.ndarray | pa.Table) -> None:
    if isinstance(value, pa.Table):
        with pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink, pa.ipc.new_file(sink, value.schema) as writer:
            writer.write_table(value, max_chunksize=65536)
    else:
        np.save(folder / f"{name}.npy", value, allow_pickle=False)
    sync(folder / (f"{name}.arrow" if isinstance(value, pa.Table) else f"{name}.npy"))


def listed(folder: Path) -> dict[str, Json]:
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
