"""What a workspace could do without: listed with the reason and the room it takes, and deleted when asked."""

import shutil
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.dataset import Dataset
from engine.errors import unknown, writing
from engine.info import size_of
from engine.lineage import everything, with_origins
from engine.store import FAMILIES, Artefact, Store

_FRESH_SECONDS = 3600
"""A draft younger than this may still be written by somebody."""


@dataclass(frozen=True)
class Loose:
    """Something on disk that the dataset as it is now does not need. safe: nothing that a person made goes with it."""

    path: Path
    what: str
    why: str
    bytes: int
    safe: bool = True


def unreferenced(store: Store) -> list[Loose]:
    """What could go: artefacts of earlier revisions, replaced ones, drafts of killed runs, unfinished work."""
    data = Dataset.load(store)
    known = everything(store)
    used = with_origins(known, (a.identity for a in data.added.values()))
    used |= {a.identity for a in known.values() if a.family in ("keys", "texts") and _current(a, data)}
    found = [_loose(a, data) for a in known.values() if a.identity not in used]
    return sorted([*found, *_drafts(store)], key=lambda loose: -loose.bytes)


def abandoned(workspace: Path | str) -> list[Loose]:
    """Sources that were being opened when the run was killed."""
    old = [p for p in sorted(Path(workspace).glob(".*.opening")) if time.time() - p.stat().st_mtime >= _FRESH_SECONDS]
    return [Loose(p, p.name, "opening it was broken off", size_of(p)) for p in old]


def standing_on(store: Store, key: str) -> list[Loose]:
    """An added thing and all that was made from it, such as an embedding with its graph, maps, topics and signals.

    Raises `NotFound` for a key that is not there. What a recipe needs can be made again from its specs; topics changed
    by hand cannot, so they are not safe.
    """
    data = Dataset.load(store)
    if key not in data.added:
        raise unknown("added thing", key, data.added)
    identity = data.added[key].identity
    known = everything(store)
    above = [a for a in known.values() if identity in with_origins(known, [a.identity])]
    return [
        Loose(a.folder, a.key, "asked for" if a.identity == identity else f"made from {key}", a.size, not _by_hand(a))
        for a in above
    ]


def _by_hand(artefact: Artefact) -> bool:
    return bool(artefact.spec.get("edits"))


def clean(loose: Iterable[Loose]) -> int:
    """Delete what was listed; returns the bytes that are free again. Nobody can read half of it meanwhile."""
    freed = 0
    for item in loose:
        if not item.path.exists():
            continue
        away = item.path.with_name(f".{uuid.uuid4().hex}.gone")
        with writing(item.path):
            item.path.rename(away)
        shutil.rmtree(away, ignore_errors=True) if away.is_dir() else away.unlink()
        freed += item.bytes
    return freed


def _current(artefact: Artefact, data: Dataset) -> bool:
    return artefact.spec.get("rows") == data.fingerprint


def _loose(artefact: Artefact, data: Dataset) -> Loose:
    if not _current(artefact, data):
        why = "made for an earlier revision" + (
            "; its vectors are reused when you embed again" if artefact.family == "vectors" else ""
        )
        return Loose(artefact.folder, artefact.key, why, artefact.size)
    made_by_hand = artefact.family == "clusters"
    why = "replaced by a newer one" + ("; undoing a change of topics may need it" if made_by_hand else "")
    return Loose(artefact.folder, artefact.key, why, artefact.size, safe=not made_by_hand)


def _drafts(store: Store) -> Iterator[Loose]:
    """Hidden folders: drafts and deleted things of killed runs, and the finished parts of work that was stopped."""
    for family in FAMILIES:
        folder = store.folder / family
        for path in sorted(folder.glob(".*")) if folder.exists() else ():
            if time.time() - path.stat().st_mtime < _FRESH_SECONDS:
                continue
            if path.suffix in (".tmp", ".gone"):
                yield Loose(path, f"{family}/{path.name}", "left by a run that was killed", size_of(path))
            elif path.suffix == ".work":
                yield Loose(
                    path,
                    f"{family}/{path.name}",
                    "unfinished; started again it would go on from here",
                    size_of(path),
                    False,
                )
