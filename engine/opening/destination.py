"""Where a source goes in a workspace: its digest, its name, the dataset that is already there, and publishing."""

import hashlib
import os
import re
from pathlib import Path

import pyarrow as pa

from engine.dataset import SourceFile, read_record
from engine.errors import EngineError, writing
from engine.opening.options import SourceOptions
from engine.opening.sources._input import Input, shown
from engine.progress import Progress
from engine.store import Store, datasets, sync

_HASH_BYTES = 4 << 20


def source_file(i: Input, progress: Progress) -> SourceFile:
    """Name, path, bytes and SHA-256 of an input; of a folder, of its names and files together."""
    digest = hashlib.sha256()
    size = size_of(i)
    if i.frame is not None:
        sink = pa.BufferOutputStream()
        for batch in i.frame.to_batches():
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, batch.schema) as writer:
                writer.write_batch(batch)
            digest.update(sink.getvalue())
    done = 0
    for path in i.files or ((i.path,) if i.frame is None else ()):
        if i.files:
            digest.update(os.fsencode(path.name) + b"\0")
        try:
            with path.open("rb") as file:
                while block := file.read(_HASH_BYTES):
                    digest.update(block)
                    done += len(block)
                    progress("Checking the source", done, size)
        except OSError as error:
            if not i.files:
                raise EngineError(
                    f"{shown(path)} cannot be read: {error.strerror or error}. Check its permissions."
                ) from error
    return SourceFile(i.name, _path_of(i), size, digest.hexdigest(), i.format)


def _path_of(i: Input) -> str:
    return shown(i.path.resolve()) if i.frame is None else ""


def size_of(i: Input) -> int:
    """Bytes of an input as it lies on disk, packed or not."""
    if i.frame is not None:
        return int(i.frame.nbytes)
    return sum(p.stat().st_size for p in i.files or (i.path,))


def place(
    workspace: Path, name: str, fingerprint: str, inputs: list[Input], options: SourceOptions, *, asked: bool
) -> tuple[Store, bool]:
    """Where the dataset goes, and whether one of the same source is there already."""
    check_name(name)
    paths = [_path_of(i) for i in inputs]
    there = {s.folder.name: s for s in datasets(workspace)}
    for store in there.values():
        record = read_record(store)
        was = SourceOptions.from_json(record.source_options)
        same_source = [f.path for f in record.files] == paths and paths != [""] and was.reading() == options.reading()
        if (same_source or record.fingerprint == fingerprint) and (not asked or store.folder.name == name):
            return store, True
    if name not in there and not (workspace / name).exists():
        return Store(workspace / name), False
    number = 2
    while f"{name}-{number}" in there or (workspace / f"{name}-{number}").exists():
        number += 1
    free = f"{name}-{number}"
    if asked:
        raise EngineError(
            f"There is already a dataset {name!r} from another source. Choose another name, such as {free!r}."
        )
    return Store(workspace / free), False


def publish(draft: Path, store: Store, fingerprint: str) -> Store:
    """Rename the draft to its place; an equal dataset that came first stays."""
    with writing(store.folder):
        for path in (*draft.rglob("*"), draft):
            sync(path)
        try:
            os.rename(draft, store.folder)
        except OSError:
            if not (store.folder / "dataset.json").exists():
                raise
            if read_record(store).fingerprint != fingerprint:
                raise EngineError(
                    f"Another source has just been opened as {store.folder.name!r}. Open this one again, under another "
                    "name."
                ) from None
    return store


def name_of(inputs: list[Input]) -> str:
    """The name of a dataset after its first file."""
    first = inputs[0].name.split("/")[-1]
    for suffix in (".gz", ".zst"):
        first = first.removesuffix(suffix)
    return re.sub(r"[^\w.-]+", "-", Path(first).stem, flags=re.ASCII).strip("-.").lower()[:60] or "dataset"


def check_name(name: str) -> None:
    """Raise `EngineError` for a name that no dataset can have."""
    if not re.fullmatch(r"[\w][\w .-]{0,99}", name):
        raise EngineError(f"{name!r} cannot be the name of a dataset. Use letters, digits, '-', '_' and '.'.")
