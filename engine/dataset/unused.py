"""What a workspace could do without: listed with the reason and the room it takes, and deleted when asked."""

import shutil
import time
import uuid
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.dataset.dataset import Dataset
from engine.dataset.info import size_of
from engine.dataset.record import read_record
from engine.errors import unknown, writing
from engine.registry import Json
from engine.store import FAMILIES, Artefact, Store, deleted_folder, everything, with_origins

_FRESH_SECONDS = 3600
"""What was written to more recently may still be in somebody's hands."""

_FORGOTTEN_DAYS = 7
"""A choice that nobody used for so long may go: what asks for it again picks it again."""


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
    used |= {a.identity for a in known.values() if FAMILIES[a.family].apart and _current(a, data) and not _idle_days(a)}
    embedders = {a.origin.facts.get("embedder") for a in data.added.values()}
    found = [_loose(a, data, embedders) for a in known.values() if a.identity not in used]
    return sorted([*found, *_drafts(store), *_litter(store)], key=lambda loose: -loose.bytes)


def abandoned(workspace: Path | str) -> list[Loose]:
    """What killed runs left in a workspace, and the datasets that were deleted and could still be brought back."""
    why = {".opening": "opening it was broken off", ".gone": "left by a run that was killed"}
    left = [p for p in sorted(Path(workspace).glob(".*")) if p.suffix in why and not _fresh(p)]
    gone = sorted(deleted_folder(workspace).glob("*@*"))
    return [
        *(Loose(p, p.name, why[p.suffix], size_of(p)) for p in left),
        *(Loose(p, p.name.partition("@")[0], "deleted; it can still be brought back", size_of(p)) for p in gone),
    ]


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
    return bool(artefact.spec.by_hand)


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
    return artefact.origin.rows == data.fingerprint


def _fresh(path: Path) -> bool:
    """Whether it, or a file in it, was written to a short while ago."""
    newest = max((p.stat().st_mtime for p in (path, *path.rglob("*")) if p.exists()), default=0.0)
    return time.time() - newest < _FRESH_SECONDS


def _idle_days(artefact: Artefact) -> int:
    """Whole days since it was of use last; 0 while that is shorter ago than what counts as forgotten."""
    days = int((time.time() - artefact.folder.stat().st_mtime) / 86400)
    return days if days >= _FORGOTTEN_DAYS else 0


def _loose(artefact: Artefact, data: Dataset, embedders: Collection[Json]) -> Loose:
    what = (artefact.folder, artefact.key)
    if not _current(artefact, data):
        embedder = artefact.origin.facts.get("embedder")
        waits = artefact.family == "embedding" and embedder is not None and embedder not in embedders
        why = "; its vectors are reused when you embed again" if waits else ""
        return Loose(*what, "made for an earlier revision" + why, artefact.size, safe=not waits)
    if FAMILIES[artefact.family].apart:
        said = "a choice" if artefact.family == "picks" else FAMILIES[artefact.family].title
        return Loose(
            *what, f"{said} not used for {_idle_days(artefact)} days; made again when asked for", artefact.size
        )
    if artefact.key not in data.added:
        return Loose(
            *what, "made for another text view, or from what was replaced; used again when that comes back",
            artefact.size, safe=False,
        )  # fmt: skip
    lost = FAMILIES[artefact.family].lost
    return Loose(*what, "replaced by a newer one" + (f"; {lost}" if lost else ""), artefact.size, safe=not lost)


def _litter(store: Store) -> Iterator[Loose]:
    """Half-written files of killed runs beside the record and the refs, and rows that no revision reads any more."""
    for path in (*store.folder.glob(".*.tmp"), *store.folder.glob("refs/.*.tmp")):
        if not _fresh(path):
            yield Loose(path, path.name, "left by a run that was killed", size_of(path))
    read = {segment.file for segment in read_record(store).segments}
    for path in sorted(store.folder.glob("rows*.arrow")):
        if path.name not in read and not _fresh(path):
            yield Loose(path, path.name, "rows of an earlier revision", size_of(path))


def _drafts(store: Store) -> Iterator[Loose]:
    """Hidden folders: drafts and deleted things of killed runs, and the finished parts of work that was stopped."""
    for family in FAMILIES:
        folder = store.folder / family
        for path in sorted(folder.glob(".*")) if folder.exists() else ():
            if _fresh(path):
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
