"""Which files there are to read behind paths, patterns and folders, and in which format each is."""

import glob
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import EngineError, unknown
from engine.opening.allowed_folders import check_all, check_allowed, check_pattern
from engine.opening.sources import FILE_FORMATS, SOURCES
from engine.opening.sources._input import LARGEST_ROW, Input, head, open_file, shown, silent, utf8

_FORMATS = {suffix: name for name, member in SOURCES.items() for suffix in member.about.suffixes}
_PACKED = (".gz", ".zst")
_SAMPLE = 1 << 16
_ESCAPED = re.compile(rb"\\x([89a-f][0-9a-f])")


def find(paths: Sequence[str | Path], format: str = "", allowed: Sequence[Path] | None = None) -> list[Input]:
    """The files behind paths, patterns (`*.jsonl`) and folders, in natural order, each with its format.

    A folder gives its tables where it has any, else all its texts as one input. Raises `EngineError` for a path that
    is not there, a pattern that matches nothing, and a folder with nothing to read.

    allowed: the folders in which every file that would be read has to lie, links followed; None: anywhere.
    """
    if format and format not in FILE_FORMATS:
        raise unknown("format", format, FILE_FORMATS)
    found: list[Input] = []
    for given in paths:
        for path in _behind(given, allowed):
            if _is_there(path) and path.is_dir():
                files = _files_in(path)
                if allowed is not None:
                    check_all(files, path, allowed)
                found += _of_folder(path, files, format)
            else:
                found.append(_of_file(path, format))
    if not found:
        raise EngineError("No file was given. Name at least one file, folder or pattern.")
    return _named(_texts_together(found))


def _behind(given: str | Path, allowed: Sequence[Path] | None) -> list[Path]:
    """The file or folder that is named, or all that a pattern matches, each inside the allowed folders."""
    path = as_written(Path(os.path.expanduser(given)))
    if not glob.has_magic(str(path)) or _is_there(path):
        if allowed is not None:
            check_allowed(path, allowed)
        return [path]
    if allowed is not None:
        check_pattern(str(path), allowed)
    matches = [Path(m) for m in sorted(glob.glob(str(path), recursive=True), key=natural)]
    if not matches:
        raise EngineError(f"No file matches {shown(given)!r}. Check the pattern; quote it in a shell.")
    if allowed is not None:
        check_all(matches, given, allowed)
    return matches


def natural(path: str | Path) -> list[tuple[int, int, str]]:
    """A sort key by which `part-10` comes after `part-9`."""
    key, digits = [], ""
    for c in f"{path}\0":
        if c.isdigit() and c.isascii():
            digits += c
            continue
        if digits:
            key.append((0, int(digits), ""))
            digits = ""
        key.append((1, 0, c))
    return key


def packed_suffix(path: Path) -> str:
    """The suffix that says the format, with .gz or .zst taken off, in lower case."""
    name = path.name.lower()
    for suffix in _PACKED:
        name = name.removesuffix(suffix)
    return Path(name).suffix


def is_readable(path: Path) -> bool:
    """Whether a file's name says that it is a table or a text."""
    return packed_suffix(path) in _FORMATS


def is_text(path: Path) -> bool:
    """Whether a file's name says that it is a text: many in a folder are a corpus."""
    return _FORMATS.get(packed_suffix(path)) == "folder"


def as_written(path: Path) -> Path:
    """The path; where none is there, the one that is `shown` so because its name is not UTF-8."""
    meant = Path(os.fsdecode(_ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), os.fsencode(path))))
    return meant if meant != path and not _is_there(path) and _is_there(meant) else path


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False  # a name that no file can have; whoever opens it says why


def _of_file(path: Path, format: str) -> Input:
    with open_file(path):
        pass
    name = shown(path.name)
    if format:
        return Input(path, name, format, (path,) if format == "folder" else ())
    found = _FORMATS.get(packed_suffix(path), "")
    if head(path, 4) == b"PAR1":
        found = "parquet"
    elif found in ("", "json", "jsonl"):
        found = _sniffed(path, found)
    return Input(path, name, found, (path,) if found == "folder" else ())


@dataclass(frozen=True)
class _Start:
    """The first line that is not blank: its first bytes, its last one, and the first bytes behind it, blanks apart."""

    line: bytes
    last: bytes
    behind: bytes


def _start(path: Path) -> _Start:
    """Read as far as the first line goes, holding no more of it than a sample; past the largest row it is cut."""
    line, size, last, behind = b"", 0, b"", b""
    ended = False
    for block in utf8(path, silent(), few_bad=3):
        part = block if ended or line else block.lstrip()
        if not ended:
            part, newline, behind = part.partition(b"\n")
            ended = bool(newline)
            line, last = (line + part)[:_SAMPLE], part.rstrip()[-1:] or last
            size += len(part)
        else:
            behind = (behind + part[:_SAMPLE]).lstrip()
        if ended and behind.strip() or size > LARGEST_ROW << 20:
            break
    return _Start(line, last, behind.lstrip()[:_SAMPLE])


def _sniffed(path: Path, name: str) -> str:
    """What a JSON file, or one of another name, holds: values, or a line for each row."""
    try:
        start = _start(path)
    except EngineError:
        return name or "lines"  # whoever reads it says what is wrong
    opened = start.line[:1]
    if opened not in (b"[", b"{"):
        if name or not start.line:
            return name or "lines"
        return "csv" if any(start.line.count(d) for d in (b"\t", b",", b";")) and start.behind else "lines"
    whole = start.last == (b"]" if opened == b"[" else b"}")
    # Old Macs end lines with a carriage return, which is a blank between values.
    if b"\r" in start.line.rstrip(b"\r"):
        return "json"
    if name == "jsonl" and opened == b"{":
        goes_on = start.last in (b"{", b"[") or start.last in (b",", b":") and start.behind[:1] != b"{"
        return "json" if goes_on else "jsonl"
    if opened == b"[":
        # A list on each line is JSON lines; a list over lines is one array.
        return "jsonl" if name == "jsonl" and whole and start.behind else "json"
    return "jsonl" if whole and (start.behind[:1] == b"{" if start.behind else name != "json") else "json"


def _files_in(path: Path) -> list[Path]:
    """All files of a folder and of those in it, without the hidden ones."""
    try:
        return sorted((p for p in path.rglob("*") if p.is_file() and not _hidden(p, path)), key=natural)
    except PermissionError:
        raise EngineError(f"No permission to read the folder {shown(path)}. Change its permissions.") from None


def _of_folder(path: Path, files: list[Path], format: str) -> list[Input]:
    if format and format != "folder":
        return [_of_file(p, format) for p in files]
    kinds = {p: _FORMATS.get(packed_suffix(p), "") for p in files}
    tables = [p for p in files if kinds[p] not in ("", "folder")]
    if tables and format != "folder":
        return [_of_file(p, "") for p in tables]
    texts = tuple(p for p in files if kinds[p] == "folder" or format == "folder")
    if not texts:
        raise EngineError(
            f"The folder {shown(path)} has nothing to read: no table (CSV, JSON, Parquet) and no text (.txt, .md)."
        )
    return [Input(path, shown(path.name), "folder", texts)]


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _texts_together(found: list[Input]) -> list[Input]:
    """Text files given one by one are rows of one input."""
    single = [i for i in found if i.format == "folder" and i.path.is_file()]
    if len(single) < 2:
        return found
    root = Path(os.path.commonpath([i.path.parent for i in single]))
    return [i for i in found if i not in single] + [
        Input(root, shown(root.name), "folder", tuple(i.path for i in single))
    ]


def _named(found: list[Input]) -> list[Input]:
    """Names to show; files of the same name get as much of their folder as tells them apart."""
    names = [i.name for i in found]
    return [i if names.count(i.name) == 1 else replace(i, name=f"{shown(i.path.parent.name)}/{i.name}") for i in found]
