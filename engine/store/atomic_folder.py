"""A folder that appears whole or not at all: drafted beside its place, synced, renamed."""

import ctypes
import os
import shutil
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import EngineError, writing
from engine.store.files import sync

_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


@contextmanager
def whole_folder(target: Path, *, overwrite: bool = False, ours: Callable[[Path], bool]) -> Iterator[Path]:
    """A new folder to fill; it takes the place of `target` at the end, and is gone after an error.

    What is at `target` is replaced only with `overwrite` and only where `ours` says that we wrote it. A reader sees the
    old folder or the new one. Drafts of killed runs are cleared first.
    """
    check_free(target, overwrite, ours)
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_dead_drafts(target)
        draft = target.with_name(f".{target.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
        draft.mkdir()
    try:
        with writing(target):
            yield draft
        with writing(target):
            for path in sorted(draft.rglob("*"), reverse=True):
                sync(path)
            sync(draft)
            check_free(target, overwrite, ours)
            _put(draft, target)
            sync(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check_free(target: Path, overwrite: bool, ours: Callable[[Path], bool]) -> None:
    """Raise `EngineError` where something is at `target` that must not be replaced."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    if not target.is_dir() or not ours(target):
        raise EngineError(f"{target} is there already, and Winnow did not write it. Choose another folder.")
    if not overwrite:
        raise EngineError(f"{target} holds an export already. Choose another folder, or replace it with --overwrite.")


def _put(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.rename(target)
    elif not _exchanged(draft, target):
        away = draft.with_suffix(".old")
        target.rename(away)
        draft.rename(target)
        shutil.rmtree(away, ignore_errors=True)


def _exchanged(a: Path, b: Path) -> bool:
    """Swap two folders in one step, where the system can."""
    if not sys.platform.startswith("linux"):
        return False
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return swap is not None and swap(_HERE, os.fsencode(a), _HERE, os.fsencode(b), _EXCHANGE) == 0


def _clear_dead_drafts(target: Path) -> None:
    for left in target.parent.glob(f".{target.name}.*-*.tmp"):
        pid = left.name.removeprefix(f".{target.name}.").partition("-")[0]
        if pid.isdigit() and not _alive(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
