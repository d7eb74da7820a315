"""An index in a file, with a checksum and the name of the vectors it belongs to."""

import hashlib
import json
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from indexes.about import Approximate
from indexes.kinds import INDEXES

FORMAT = 2
_MAGIC = b"WINNOWIX"


class UnusableIndex(Exception):
    """The stored index must be built again; the message says why."""


class StaleIndex(UnusableIndex):
    """The stored index belongs to other vectors."""


class DamagedIndex(UnusableIndex):
    """The stored index is not what was written."""


def save_index(index: Approximate, path: Path, *, vectors_digest: str) -> None:
    """Write an index to a new file: its content, then what it is, then checksum and length. Streamed, not copied.

    The caller writes to a temporary name and publishes it.
    """
    with path.open("wb") as file:
        sha = hashlib.sha256()

        def write(piece: bytes) -> int:
            sha.update(piece)
            return file.write(piece)

        write(_MAGIC)
        numbers = index.write(write)
        about = {
            "format": FORMAT,
            "kind": index.kind,
            "rows": len(index.vectors),
            "dimension": index.vectors.shape[1],
            "numbers": numbers,
            "vectors": vectors_digest,
            "sha256": sha.hexdigest(),
        }
        trailer = json.dumps(about).encode()
        file.write(trailer)
        file.write(len(trailer).to_bytes(8, "little"))


def load_index(path: Path, vectors: np.ndarray, *, vectors_digest: str) -> Approximate:
    """Read a stored index for these vectors.

    Raises StaleIndex when it was built for other vectors, DamagedIndex when the file is not what was written. In both
    cases build it again.
    """
    with path.open("rb") as file:
        about, content = _about(file, path)
        if about.get("format") != FORMAT or about.get("kind") not in INDEXES:
            raise StaleIndex(f"{path.name} is a {about.get('kind')} of format {about.get('format')}, not of {FORMAT}")
        if about.get("vectors") != vectors_digest or about.get("rows") != len(vectors):
            raise StaleIndex(f"{path.name} was built for {about.get('rows')} other vectors, not these {len(vectors)}")
        _check_content(file, content, str(about.get("sha256")), path)
        file.seek(len(_MAGIC))
        kind = cast(type[Approximate], INDEXES[str(about["kind"])])
        try:
            return kind.read(file.read, vectors, cast(dict[str, int], about["numbers"]))
        except ValueError as error:
            raise DamagedIndex(f"{path.name}: {error}") from error


def _about(file: BinaryIO, path: Path) -> tuple[dict[str, object], int]:
    """What the file says it holds, and the length of the content before it."""
    length = file.seek(0, 2)
    if length < len(_MAGIC) + 8:
        raise DamagedIndex(f"{path.name} is {length} bytes long: too short for an index")
    file.seek(length - 8)
    trailer = int.from_bytes(file.read(8), "little")
    content = length - 8 - trailer
    if content < len(_MAGIC):
        raise DamagedIndex(f"{path.name} is cut off or overwritten at its end")
    file.seek(content)
    try:
        about = json.loads(file.read(trailer))
    except ValueError as error:
        raise DamagedIndex(f"{path.name} is cut off or overwritten at its end") from error
    if not isinstance(about, dict):
        raise DamagedIndex(f"{path.name} does not say what it holds")
    return about, content


def _check_content(file: BinaryIO, content: int, expected: str, path: Path) -> None:
    """Raise DamagedIndex unless the first `content` bytes have the expected SHA-256."""
    sha = hashlib.sha256()
    file.seek(0)
    left = content
    while left > 0:
        piece = file.read(min(left, 1 << 20))
        sha.update(piece)
        left -= len(piece)
    if sha.hexdigest() != expected:
        raise DamagedIndex(f"{path.name} was changed after it was written: its checksum does not match")
