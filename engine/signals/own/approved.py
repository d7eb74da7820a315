"""Approved files: whole copies in the person's own folder, each under its SHA-256, so that what runs was read."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from engine.errors import EngineError, NotFound
from engine.registry import Member, Registry
from engine.signals.own.reading import LARGEST, OwnSignal, read_own
from engine.signals.own.running import Runs
from engine.store import write_bytes

FOLDER = "plugins"
"""Of a workspace: where files with own signals are found."""


def place() -> Path:
    """Where approvals live: outside every workspace, which may come from somebody else."""
    named = os.environ.get("WINNOW_CONFIG")
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return (Path(named) if named else config / "winnow") / "approved-signals"


def waiting(workspace: Path) -> list[Path]:
    """The files in the workspace's folder for own signals, by name; no links, which could lead to any other file."""
    folder = workspace / FOLDER
    return sorted(p for p in folder.glob("*.py") if p.is_file() and not p.is_symlink()) if folder.is_dir() else []


def contents(path: Path) -> bytes:
    """The bytes of a file with an own signal; raises `EngineError` where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise NotFound(f"{path} cannot be read ({error.strerror or error}). Give the file of a signal.") from error


def approve(content: bytes, file: str) -> OwnSignal:
    """Let these very bytes run from now on, as a copy of their own; raises `EngineError` for what is no signal."""
    own = read_own(content, file)
    folder = place()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_bytes(folder / f"{own.digest}.py", content)
    return own


def revoke(digest: str) -> None:
    """Let a file run no more; what it has measured stays."""
    path = place() / f"{digest}.py"
    if not path.is_file():
        raise NotFound(f"No file with the SHA-256 {digest} is approved. `winnow plugins` lists those that are.")
    path.unlink()


class OwnSignals(Registry):
    """The list of approved own signals, as it is now: a file that was approved a moment ago is in it."""

    def __init__(self) -> None:
        super().__init__("row signal", [])

    @property
    def _members(self) -> dict[str, Member]:
        folder = place()
        paths = sorted(folder.glob("*.py")) if folder.is_dir() else []
        found = [own for path in paths if (own := _approved(str(path), path.stat().st_mtime_ns, path.stat().st_size))]
        return {own.member.name: own.member for own in found}

    @_members.setter
    def _members(self, empty: dict[str, Member]) -> None:
        """The list itself holds none."""

    def __getitem__(self, name: str) -> Member:
        there = self._members
        if name not in there:
            raise NotFound(not_approved(name))
        return there[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)


def not_approved(name: str) -> str:
    """What to do about an own signal that may not run here."""
    called, _, digest = name.partition(":")
    return (
        f"The signal of somebody's own {called!r} (SHA-256 {digest}) is not approved here. Get its file, read it, put "
        f"it into the folder {FOLDER!r} of the workspace, and approve it: winnow plugins --approve {digest[:16]}."
    )


@lru_cache(maxsize=256)
def _approved(path: str, written: int, size: int) -> OwnSignal | None:
    """An approved file as a signal; None for one that is not what its name says: that was never approved.

    written, size: of the file, so that one that was changed is read again.
    """
    content = Path(path).read_bytes()
    if hashlib.sha256(content).hexdigest() != Path(path).stem:
        return None
    try:
        own = read_own(content, path)
    except EngineError:  # approved by another version of Winnow, which took more
        return None
    runs = Runs(path, own.digest, own.name, *own.member.about.values)
    return replace(own, member=replace(own.member, function=runs))
