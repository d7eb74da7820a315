"""What lies in the folder of an export: the files that it wrote, and what somebody else put there or changed since."""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from engine.errors import EngineError
from engine.exporting.manifest import FILE, Manifest, WrittenFile
from engine.store import file_digest

SIGNATURE = f"{FILE}.sig"
_SIGNED = b"-----BEGIN SSH SIGNATURE-----"
_SHOWN = 5
_LEFT_BY_VIEWERS = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What file managers leave in every folder that they show: nobody's work, and nothing of an export."""


def of_export(folder: Path, manifest: Manifest) -> set[str]:
    """Names of all files of an export: those that it lists, the manifest, and its signature where there is one."""
    path = folder / SIGNATURE
    signed = path.is_file() and not path.is_symlink() and path.read_bytes()[: len(_SIGNED)] == _SIGNED
    return {*(f.path for f in manifest.files), FILE, *([SIGNATURE] if signed else [])}


def strays(folder: Path, files: Collection[str]) -> Iterator[str]:
    """Everything in a folder that is none of these files, by name: files, empty folders, links, pipes.

    Nothing is followed: a link in place of a file is no file.
    """
    folders = {parent.as_posix() for name in files for parent in Path(name).parents}
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        for entry in entries:
            name = Path(entry.path).relative_to(folder).as_posix()
            if entry.is_dir(follow_symlinks=False):
                if name in folders:
                    waiting.append(Path(entry.path))
                else:
                    yield f"{_readable(name)}/"
            elif entry.is_symlink():
                yield f"{_readable(name)} (a link)"
            elif not entry.is_file(follow_symlinks=False):
                yield f"{_readable(name)} (neither a file nor a folder)"
            elif name not in files and entry.name not in _LEFT_BY_VIEWERS:
                yield _readable(name)


def change(folder: Path, file: WrittenFile) -> str:
    """What is wrong with a file of an export, in words; "" where each byte is as it was written."""
    path = folder / file.path
    try:
        if path.is_symlink() or not path.is_file():
            return f"{file.path} is {'missing' if not os.path.lexists(path) else 'not a plain file'}."
        if path.stat().st_size != file.bytes:
            return f"{file.path} has {path.stat().st_size:,} bytes; {file.bytes:,} were written."
        if file_digest(path) != file.sha256:
            return f"{file.path} has been changed: its SHA-256 is not the one that was written."
    except OSError as error:
        return f"{file.path} cannot be read: {error.strerror or error}."
    return ""


def touched(folder: Path, *, bytes_too: bool = True) -> str:
    """Why an export must not be replaced, in words; "" where everything in its folder is as it was written.

    What was added or changed since is somebody's own work. bytes_too: False looks at names only.
    """
    try:
        manifest = Manifest.read(folder)
    except EngineError as error:
        return f"{folder} is not replaced, as nobody can tell what in it is yours: {error} Choose another folder."
    there = [f for f in manifest.files if os.path.lexists(folder / f.path)]
    found = [*strays(folder, of_export(folder, manifest))]
    if bytes_too:
        found += [f"{f.path} (changed)" for f in there if change(folder, f) and f"{f.path} (a link)" not in found]
    if not found:
        return ""
    more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    return (
        f"{folder} is not replaced, as it holds what the export did not write: {', '.join(found[:_SHOWN])}{more}. "
        "Move that to another place, or choose another folder."
    )


def _readable(name: str) -> str:
    """A name that can be shown, also where its bytes are no text."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
