"""Which files there are to read behind paths, patterns and folders, and in which format each is."""

import glob
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.errors import EngineError, unknown
from engine.opening.sources import FILE_FORMATS, SOURCES
from engine.opening.sources._input import BOMS, Input, head, open_file

_FORMATS = {suffix: name for name, member in SOURCES.items() for suffix in member.about.suffixes}
_PACKED = (".gz", ".zst")


def find(paths: Sequence[str | Path], format: str = "") -> list[Input]:
    """The files behind paths, patterns (`*.jsonl`) and folders, in natural order, each with its format.

    A folder gives its tables where it has any, else all its texts as one input. Raises `EngineError` for a path that
    is not there, a pattern that matches nothing, and a folder with nothing to read.
    """
    if format and format not in FILE_FORMATS:
        raise unknown("format", format, FILE_FORMATS)
    found: list[Input] = []
    for given in paths:
        path = Path(os.path.expanduser(given))
        if path.is_dir():
            found += _of_folder(path, format)
        elif path.exists() or not glob.has_magic(str(path)):
            found.append(_of_file(path, format))
        else:
            matches = sorted(glob.glob(str(path), recursive=True), key=natural)
            if not matches:
                raise EngineError(f"No file matches {str(given)!r}. Check the pattern; quote it in a shell.")
            found += [
                i
                for m in matches
                for i in (_of_folder(Path(m), format) if Path(m).is_dir() else [_of_file(Path(m), format)])
            ]
    if not found:
        raise EngineError("No file was given. Name at least one file, folder or pattern.")
    return _named(_texts_together(found))


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


def _of_file(path: Path, format: str) -> Input:
    if format:
        return Input(path, path.name, format, (path,) if format == "folder" else ())
    with open_file(path):
        pass
    name = _FORMATS.get(packed_suffix(path), "")
    sample = head(path, 1 << 16)
    if sample.startswith(b"PAR1"):
        name = "parquet"
    elif name in ("", "json", "jsonl"):
        name = _sniffed(sample, name)
    return Input(path, path.name, name, (path,) if name == "folder" else ())


def _sniffed(sample: bytes, name: str) -> str:
    """What a JSON file, or one of another name, holds: an array, one object, or a line for each row."""
    if not sample.strip():
        return name or "lines"
    encoding = next((e for mark, e in BOMS if sample.startswith(mark)), "utf-8")
    text = sample.decode(encoding, "replace").replace("\0", "").lstrip("\ufeff \t\r\n")
    first, _, rest = text.partition("\n")
    if text.startswith("["):
        # A list on each line is JSON lines; a list over lines is one array.
        return "jsonl" if name == "jsonl" and first.rstrip().endswith("]") and rest.lstrip().startswith("[") else "json"
    if text.startswith("{"):
        whole = first.rstrip().endswith("}")
        lines_ = rest.lstrip().startswith("{") if rest.strip() else name != "json"
        return "jsonl" if whole and lines_ or (name == "jsonl" and whole) else "json"
    if name:
        return name
    return "csv" if any(first.count(d) for d in ("\t", ",", ";")) and rest else "lines"


def _of_folder(path: Path, format: str) -> list[Input]:
    try:
        files = sorted((p for p in path.rglob("*") if p.is_file() and not _hidden(p, path)), key=natural)
    except PermissionError:
        raise EngineError(f"No permission to read the folder {path}. Change its permissions.") from None
    if format and format != "folder":
        return [_of_file(p, format) for p in files]
    kinds = {p: _FORMATS.get(packed_suffix(p), "") for p in files}
    tables = [p for p in files if kinds[p] not in ("", "folder")]
    if tables and format != "folder":
        return [_of_file(p, "") for p in tables]
    texts = tuple(p for p in files if kinds[p] == "folder" or format == "folder")
    if not texts:
        raise EngineError(
            f"The folder {path} has nothing to read: no table (CSV, JSON, Parquet) and no text (.txt, .md)."
        )
    return [Input(path, path.name, "folder", texts)]


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _texts_together(found: list[Input]) -> list[Input]:
    """Text files given one by one are rows of one input."""
    single = [i for i in found if i.format == "folder" and i.path.is_file()]
    if len(single) < 2:
        return found
    root = Path(os.path.commonpath([i.path.parent for i in single]))
    return [i for i in found if i not in single] + [Input(root, root.name, "folder", tuple(i.path for i in single))]


def _named(found: list[Input]) -> list[Input]:
    """Names to show; files of the same name get as much of their folder as tells them apart."""
    names = [i.name for i in found]
    return [i if names.count(i.name) == 1 else replace(i, name=f"{i.path.parent.name}/{i.name}") for i in found]
