"""A dataset as a whole: renamed, deleted with a way back, and never while a job works on it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from engine.dataset import change_record, read_record, size_of
from engine.errors import EngineError, unknown, writing
from engine.jobs.jobs import all_jobs
from engine.opening import check_name
from engine.store import Store, alone, deleted_folder, sync


@dataclass(frozen=True)
class Deleted:
    """A dataset that can still be brought back. at: when it was deleted, ISO 8601, UTC."""

    name: str
    at: str
    folder: Path
    rows: int
    bytes: int


def rename(store: Store, name: str) -> Store:
    """Give a dataset another name; marks, drafts, saved recipes and all that was made stay with it.

    Raises `EngineError` while a job works on it, and for a name that is taken or cannot be one.
    """
    check_name(name)
    target = store.folder.with_name(name)
    if target == store.folder:
        return store
    with _idle(store, "renamed"):
        return _moved(store.folder, target)


def delete(store: Store) -> Deleted:
    """Put a dataset aside, with all that was made of it; `restore` brings it back until `winnow clean` empties the bin.

    Its source files and exports are not touched. Raises `EngineError` while a job works on it.
    """
    bin_ = deleted_folder(store.folder.parent)
    target = bin_ / f"{store.folder.name}@{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    with _idle(store, "deleted"):
        with writing(bin_):
            bin_.mkdir(exist_ok=True)
        _move(store.folder, target, store.folder.name)
    return _deleted(target)


def restore(workspace: Path, gone: Deleted) -> Store:
    """Bring a deleted dataset back, under its name or, where that is taken since, under one with a number."""
    if not gone.folder.exists():
        raise EngineError(f"{gone.name!r} has been cleaned away, or is back already. Open its source again.")
    name, number = gone.name, 1
    while (workspace / name).exists():
        number += 1
        name = f"{gone.name}-{number}"
    return _moved(gone.folder, workspace / name)


def deleted(workspace: Path) -> list[Deleted]:
    """The datasets that can be brought back, the one deleted last first."""
    found = [_deleted(path.parent) for path in deleted_folder(workspace).glob("*/dataset.json")]
    return sorted(found, key=lambda gone: gone.at, reverse=True)


def deleted_one(workspace: Path, name: str) -> Deleted:
    """The dataset of this name that was deleted last; raises `NotFound` where there is none."""
    there = {gone.name: gone for gone in reversed(deleted(workspace))}
    if name not in there:
        raise unknown("deleted dataset", name, there)
    return there[name]


def _deleted(folder: Path) -> Deleted:
    name, _, at = folder.name.rpartition("@")
    when = datetime.strptime(at, "%Y%m%d-%H%M%S-%f").replace(tzinfo=UTC).isoformat()
    return Deleted(name, when, folder, read_record(Store(folder)).rows, size_of(folder))


@contextmanager
def _idle(store: Store, what: str) -> Iterator[None]:
    """Nothing starts on the dataset meanwhile; raises `EngineError` where something runs."""
    read_record(store)  # it may be gone already
    with alone(store.jobs_folder / ".lock"):
        running = [job.title for job in all_jobs(store) if job.status == "running"]
        if running:
            raise EngineError(
                f"{store.folder.name!r} cannot be {what} while {running[0]!r} runs. Stop it, or wait for its end."
            )
        yield


def _moved(folder: Path, target: Path) -> Store:
    """The dataset under the name of its new folder."""
    _move(folder, target, target.name)
    store = Store(target)
    change_record(store, lambda record: replace(record, name=target.name))
    return store


def _move(folder: Path, target: Path, name: str) -> None:
    if target.exists():
        raise EngineError(f"There is already something called {name!r}. Choose another name.")
    if not folder.exists():
        raise EngineError(f"{folder.name!r} is no longer there: somebody has renamed or deleted it.")
    with writing(target):
        os.rename(folder, target)
        sync(target.parent)
        sync(folder.parent)
