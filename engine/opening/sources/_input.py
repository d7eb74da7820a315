"""What every source shares: a file unpacked as it streams, its encoding, and where to say what went wrong."""

import codecs
import io
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, BinaryIO, Protocol

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._encoding import detect, text_encoding
from engine.opening.sources._unpack import packing, unpacked
from engine.registry import Bounds, Help, Json

SAMPLE_BYTES = 1 << 20
LARGEST_ROW = 64
LargestRow = Annotated[int, Bounds(1, 2000), Help("in MB; a row beyond is rejected without being held in memory")]
KEPT_BYTES = 1 << 20
"""Of a rejected row that is longer, so much is kept."""

_BLOCK = 1 << 20
_NO_FILES = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True)
class Input:
    """One thing to read. name: as shown. files: the texts of a folder. frame: a table from Python instead of a path."""

    path: Path
    name: str
    format: str = ""
    files: tuple[Path, ...] = ()
    frame: pa.Table | None = None


class Reject(Protocol):
    """Set aside what cannot be read. line: 1 is the first; rows: how many records of the file these bytes are."""

    def __call__(self, line: int, raw: bytes, reason: str, rows: int = 1) -> None: ...


@dataclass(frozen=True)
class Rest:
    """From this record on, the rest of a file cannot be read; how many records it holds is counted afterwards."""

    line: int
    raw: bytes
    reason: str


@dataclass
class Report:
    """What a source says while it reads.

    drift: column, row (0 is the first), what was there before, what came. facts: encoding, delimiter and the like, for
    the record. trouble: the file's packing is damaged from some point on. rest: the reader gave up before the end.
    schema: of a source that has types, with all that it says of its columns.
    """

    reject: Reject
    drift: Callable[[str, int, str, str], None] = lambda column, row, before, after: None
    facts: dict[str, Json] = field(default_factory=dict)
    trouble: str = ""
    rest: Rest | None = None
    schema: pa.Schema | None = None
    read: Callable[[int], None] = lambda count: None


def silent(read: Callable[[int], None] = lambda count: None) -> Report:
    """A report that nobody reads but for how far it is, for a look at a file beside its reading."""
    return Report(lambda line, raw, reason, rows=1: None, read=read)


def open_file(path: Path) -> BinaryIO:
    """The file's bytes as they are; says what is wrong with a path that cannot be opened.

    What is behind the path, and behind a link, is looked at before it is opened: a pipe would keep us waiting for ever.
    """
    name = shown(path)
    try:
        mode = path.stat().st_mode
        for is_such, what in _NO_FILES:
            if is_such(mode):
                raise EngineError(f"{name} is {what}, not a file. Save what comes out of it as a file first.")
        return path.open("rb")
    except FileNotFoundError:
        raise EngineError(f"There is no file {name}. Check the name, or choose it with the file picker.") from None
    except IsADirectoryError:
        raise EngineError(f"{name} is a folder. Give its files, or a pattern such as {name}/*.jsonl.") from None
    except PermissionError:
        raise EngineError(f"No permission to read {name}. Change its permissions, or copy it elsewhere.") from None
    except (OSError, ValueError) as error:
        raise EngineError(f"{name} cannot be read: {getattr(error, 'strerror', '') or error}.") from error


def shown(path: Path | str) -> str:
    """A path or name as text that can be written down: a byte that is not UTF-8 as `\\xff`. `find` takes it back."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def blocks(path: Path, report: Report) -> Iterator[bytes]:
    """The unpacked bytes of a file, block by block. A damaged or cut-off packing ends them and is told in `trouble`."""

    def damaged(said: str) -> None:
        report.trouble = said

    with open_file(path) as file:
        how = packing(_read(file, 4, path))
        file.seek(0)
        yield from unpacked(_counted(file, path, report), how, damaged)


def _counted(file: BinaryIO, path: Path, report: Report) -> Iterator[bytes]:
    while block := _read(file, _BLOCK, path):
        report.read(len(block))
        yield block


def _read(file: BinaryIO, count: int, path: Path) -> bytes:
    try:
        return file.read(count)
    except OSError as error:
        raise EngineError(f"{shown(path)} cannot be read: {error.strerror or error}.") from error


class Stream(io.RawIOBase):
    """Blocks of bytes as a file to read from; can give back what was read too far."""

    def __init__(self, source: Iterator[bytes]) -> None:
        self._source = source
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
        while not self._rest:
            block = next(self._source, None)
            if block is None:
                return 0
            self._rest = block
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def utf8(path: Path, report: Report, encoding: str | None = None, *, few_bad: int = 0) -> Iterator[bytes]:
    """The file as blocks of UTF-8 without a byte order mark; the encoding is detected and told in `facts`.

    Bytes that are not UTF-8 in a UTF-8 file are left to the caller; in another encoding they become U+FFFD.
    """
    found = encoding or detect(head(path), path.name, few_bad=few_bad)
    report.facts["encoding"] = found
    codec = text_encoding(found)
    if codec.name in ("utf-8", "utf-8-sig", "ascii"):
        yield from _without_mark(blocks(path, report))
        return
    decoder = codecs.getincrementaldecoder(found)(errors="replace")
    for block in blocks(path, report):
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def _without_mark(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks without the byte order mark that the first may begin with; the first may be of any size."""
    start = b""
    for block in parts:
        start += block
        if len(start) >= len(codecs.BOM_UTF8):
            break
    yield start.removeprefix(codecs.BOM_UTF8)
    yield from parts


def split_lines(parts: Iterator[bytes], most: int, blank: bytes = b" \t\r") -> Iterator[tuple[int, bytes, int]]:
    """The lines that are not blank in a stream of blocks, each with its number (1 is the first) and its bytes in all.

    A line of more than `most` bytes is never held: only its first `KEPT_BYTES` come. blank: bytes that are nothing.
    """
    number, begun = 1, Begun(most, blank)
    for block in parts:
        end = block.find(b"\n")
        if end < 0:
            begun.add(block)
            continue
        begun.add(block[:end])
        if not begun.blank:
            yield number, *begun.line()
        number, rest = number + 1, block[end + 1 :]
        begun = Begun(most, blank)
        if not rest.strip(blank + b"\n"):
            number += rest.count(b"\n")
            begun.add(rest[rest.rfind(b"\n") + 1 :])
            continue
        *whole, last = rest.split(b"\n")
        for line in whole:
            if line.strip(blank):
                yield number, line, len(line)
            number += 1
        begun.add(last)
    if not begun.blank:
        yield number, *begun.line()


class Begun:
    """A line, or another piece of a file, that goes on in the next block; past `most` bytes only its start is held."""

    def __init__(self, most: int, blank: bytes = b"") -> None:
        self._most = most
        self._of_blanks = blank
        self._parts: list[bytes] = []
        self.size = 0
        self.blank = True

    def add(self, part: bytes) -> None:
        self.blank = self.blank and not part.strip(self._of_blanks)
        self.size += len(part)
        if self.size <= self._most:
            self._parts.append(part)
        elif len(self._parts) != 1 or len(self._parts[0]) != KEPT_BYTES:
            self._parts = [b"".join((*self._parts, part))[:KEPT_BYTES]]

    def line(self) -> tuple[bytes, int]:
        return b"".join(self._parts), self.size


def set_aside(report: Report, line: int, raw: bytes, reason: str) -> None:
    """Reject one row; of its bytes the first are kept where it has very many."""
    if len(raw) > KEPT_BYTES:
        raw, reason = raw[:KEPT_BYTES], f"{reason}; only its first 1 MB is kept here"
    report.reject(line, raw, reason)


def too_long(size: int, most: int) -> str:
    """Why a row of so many bytes is set aside, and how it can be had."""
    return (
        f"longer than {most >> 20:,} MB ({size:,} bytes); only its first 1 MB is kept here. Open again with "
        "--largest-row and more MB to read it"
    )


def head(path: Path, size: int = SAMPLE_BYTES) -> bytes:
    """The first unpacked bytes of a file."""
    found = b""
    for block in blocks(path, silent()):
        found += block
        if len(found) >= size:
            break
    return found[:size]
