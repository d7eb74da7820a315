"""What is in a workspace, and the room that it takes on disk."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.dataset.dataset import Dataset
from engine.registry import Json
from engine.store import FAMILIES, Store, datasets


@dataclass(frozen=True)
class Info:
    """A dataset at a glance. disk: bytes by kind (rows, vectors, marks …); added: keys of what was added, by family."""

    name: str
    rows: int
    columns: Mapping[str, str]
    text: str
    rejected: int
    revision: int
    added: Mapping[str, tuple[str, ...]]
    disk: Mapping[str, int]

    @property
    def bytes(self) -> int:
        """All of it on disk."""
        return sum(self.disk.values())

    def json(self) -> dict[str, Json]:
        """For programs."""
        return {
            "name": self.name,
            "rows": self.rows,
            "columns": dict(self.columns),
            "text": self.text,
            "rejected": self.rejected,
            "revision": self.revision,
            "added": {k: list(v) for k, v in self.added.items()},
            "disk": dict(self.disk),
            "bytes": self.bytes,
        }


def info(store: Store) -> Info:
    """What a dataset holds and how much room each part takes."""
    data = Dataset.load(store)
    return Info(
        name=data.name,
        rows=data.n,
        columns={c.key: c.type for c in data.columns.values()},
        text=data.text_view.words(),
        rejected=data.record.rejected,
        revision=data.revision,
        added={family: tuple(keys) for family in FAMILIES if (keys := data.keys_of(family))},
        disk=disk_use(store),
    )


def infos(workspace: Path | str) -> list[Info]:
    """Every dataset of a workspace, by name."""
    return [info(store) for store in datasets(workspace)]


def disk_use(store: Store) -> dict[str, int]:
    """Bytes on disk by kind; a file straight in the dataset's folder that is no rows, marks or rejected is `other`."""
    found: dict[str, int] = {}
    for path in sorted(store.folder.iterdir()):
        if path.is_dir():
            kind, size = path.name, size_of(path)
        else:
            stem = path.name.partition(".")[0].partition("-")[0]
            kind, size = stem if stem in ("rows", "marks", "rejected") else "other", path.stat().st_size
        found[kind] = found.get(kind, 0) + size
    return {kind: size for kind, size in found.items() if size}


def size_of(path: Path) -> int:
    """Bytes of a file or of everything in a folder; what vanishes meanwhile counts nothing."""
    if not path.is_dir():
        return path.stat().st_size if path.exists() else 0
    total = 0
    for inner in path.rglob("*"):
        try:
            total += inner.lstat().st_size if not inner.is_dir() else 0
        except FileNotFoundError:
            continue
    return total


def bytes_words(count: float) -> str:
    """Bytes as people say them.

    >>> bytes_words(1_530_000)
    '1.5 MB'
    """
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:,.0f} {unit}" if unit == "bytes" or count >= 100 else f"{count:,.1f} {unit}"
        count /= 1000
    return ""
