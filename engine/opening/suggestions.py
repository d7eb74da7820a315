"""What a person may want to open: tables, and folders with tables or texts in them, the nearest first."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.opening.find import is_readable, is_text, natural

MOST = 300
"""Suggestions in all; more cannot be read through."""

_LOOKED_AT = 5000
"""Entries of folders that are looked at: a home folder may hold millions."""


def suggestions(folders: Sequence[Path]) -> list[str]:
    """Paths of the tables in these folders and below, the highest first; each folder below stands before what it holds.

    Whoever types the path of a folder finds it before the paths that begin so.
    """
    tables: list[Path] = []
    holding: set[Path] = set()
    for folder, files in _folders(folders):
        readable = [p for p in files if is_readable(p)]
        tables += [p for p in readable if not is_text(p)]
        if readable:
            holding |= {folder, *folder.parents}
    below = {p for p in holding if any(p != root and p.is_relative_to(root) for root in folders)}
    found = sorted([*tables, *below], key=lambda p: (len(p.parts) + (p not in below), natural(p)))
    return [str(p) for p in found[:MOST]]


def _folders(roots: Sequence[Path]) -> Iterator[tuple[Path, list[Path]]]:
    """Folders, the highest first, each with its files; hidden ones, links and those nobody may read are left out."""
    waiting = list(roots)
    seen: set[Path] = set()  # a root may lie in another one
    left = _LOOKED_AT
    while waiting and left > 0:
        folder = waiting.pop(0)
        if folder in seen:
            continue
        seen.add(folder)
        try:
            with os.scandir(folder) as listed:
                inside = [entry for entry in listed if entry.name[:1] not in (".", "_")]
        except OSError:
            continue
        left -= len(inside)
        waiting += sorted(Path(e.path) for e in inside if e.is_dir(follow_symlinks=False))
        yield folder, [Path(e.path) for e in inside if e.is_file(follow_symlinks=False)]
