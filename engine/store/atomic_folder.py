"""A folder that appears whole or not at all: drafted beside its place, synced, renamed."""

import ctypes
import os
import re
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
def whole_folder(
    target: Path, *, overwrite: bool = False, ours: Callable[[Path], bool], touched: Callable[[Path], str]
) -> Iterator[Path]:
    """A new folder to fill; it takes the place of `target` at the end, and is gone after an error.

    What is at `target` is replaced only with `overwrite`, only where `ours` says that we wrote it, and only while
    `touched` finds nothing in it that is somebody's own: asked at the beginning, before the folders change places, and
    of the old one after that. A link is followed: what it leads to is replaced, the link stays. A reader sees the old
    folder or the new one. Drafts of killed runs are cleared first.
    """
    target = check_free(target, overwrite, ours, touched)
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
            check_free(target, overwrite, ours, touched)
            _put(draft, target, touched)
            sync(target.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def check_free(
    target: Path, overwrite: bool, ours: Callable[[Path], bool], touched: Callable[[Path], str] = lambda folder: ""
) -> Path:
    """Where a path leads, links followed; raises `EngineError` where something is there that must not be replaced.

    touched: what in a folder of ours is somebody's own, in words; "" for nothing.
    """
    target = Path(os.path.realpath(target))
    if target.is_symlink():
        raise EngineError(f"{target} is a link that leads in a circle. Choose another folder.")
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return target
    if not target.is_dir() or not ours(target):
        raise EngineError(f"{target} is there already, and Winnow did not write it. Choose another folder.")
    if not overwrite:
        raise EngineError(f"{target} holds an export already. Choose another folder, or replace it with --overwrite.")
    if said := touched(target):
        raise EngineError(said)
    return target


def _put(draft: Path, target: Path, touched: Callable[[Path], str]) -> None:
    if not target.exists():
        draft.rename(target)
        return
    _swap(draft, target)
    if any(draft.iterdir()) and (said := touched(draft)):  # saved there in the last moment
        _swap(draft, target)
        raise EngineError(said.replace(str(draft), str(target)))


def _swap(a: Path, b: Path) -> None:
    """Let two folders change places: in one step where the system can, else in three that lose neither."""
    if not _exchanged(a, b):
        away = a.with_suffix(".old")
        b.rename(away)
        a.rename(b)
        away.rename(a)


def _exchanged(a: Path, b: Path) -> bool:
    """Swap two folders in one step, where the system can."""
    if not sys.platform.startswith("linux"):
        return False
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return swap is not None and swap(_HERE, os.fsencode(a), _HERE, os.fsencode(b), _EXCHANGE) == 0


def _clear_dead_drafts(target: Path) -> None:
    draft = re.compile(rf"\.{re.escape(target.name)}\.([0-9]+)-[0-9a-f]{{8}}\.tmp")
    for left in target.parent.iterdir():
        named = draft.fullmatch(left.name)
        if named and not _alive(int(named[1])):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
