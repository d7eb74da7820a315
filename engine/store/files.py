"""Files that appear whole or not at all: written, synced, renamed, locked, and known by their digests."""

import fcntl
import hashlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import numpy as np

from engine.errors import Damaged, EngineError, NotFound, writing
from engine.registry import Json

FORMAT = 2
"""Of everything on disk. Format 1 was used in no release; nothing of it is read."""


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


def read_json(path: Path, what: str, otherwise: str = "Open the source again in a new workspace") -> dict[str, Json]:
    """Read a JSON object of ours; says which thing is missing, damaged or of another format.

    otherwise: what to do with one of another format, beside using the version that wrote it.
    """
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
            f"{otherwise}, or use the version that wrote it."
        )
    return cast(dict[str, Json], value)


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
def alone(path: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold a lock file; it goes with the process, so a kill leaves nothing locked.

    waiting: called five times a second while somebody else holds it; it may raise to give up.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        while waiting:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                waiting()
                time.sleep(0.2)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def sync(path: Path) -> None:
    """Have a file or folder on the disk, not only on its way there."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
