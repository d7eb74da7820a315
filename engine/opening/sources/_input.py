"""What every source shares: a file unpacked as it streams, its encoding, and where to say what went wrong."""

import codecs
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import pyarrow as pa

from engine.errors import EngineError
from engine.registry import Json

SAMPLE_BYTES = 1 << 20
_BLOCK = 1 << 20
# A block of zstd of this size cannot unpack to more than memory holds, whoever made it.
_ZSTD_BLOCK = 8 << 10

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FOREIGN = {
    b"PK\x03\x04": "a zip archive (or an Excel file). Unpack it, or save the sheet as CSV",
    b"%PDF": "a PDF. Extract its text first",
    b"\x89PNG": "a picture. Winnow reads tables and texts",
    b"\xff\xd8\xff": "a picture. Winnow reads tables and texts",
    b"BZh": "packed with bzip2. Unpack it, or pack it with gzip or zstd",
    b"\xfd7zXZ": "packed with xz. Unpack it, or pack it with gzip or zstd",
    b"SQLite format 3": "an SQLite database. Export the table as CSV",
    b"ARROW1": "an Arrow file. Save it as Parquet",
}


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
    """

    reject: Reject
    drift: Callable[[str, int, str, str], None] = lambda column, row, before, after: None
    facts: dict[str, Json] = field(default_factory=dict)
    trouble: str = ""
    rest: Rest | None = None
    read: Callable[[int], None] = lambda count: None


def open_file(path: Path) -> BinaryIO:
    """The file's bytes as they are; says what is wrong with a path that cannot be opened."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise EngineError(f"There is no file {path}. Check the name, or choose it with the file picker.") from None
    except IsADirectoryError:
        raise EngineError(f"{path} is a folder. Give its files, or a pattern such as {path}/*.jsonl.") from None
    except PermissionError:
        raise EngineError(f"No permission to read {path}. Change its permissions, or copy it elsewhere.") from None
    except OSError as error:
        raise EngineError(f"{path} cannot be read: {error.strerror or error}.") from error


def blocks(path: Path, report: Report) -> Iterator[bytes]:
    """The unpacked bytes of a file, block by block. A damaged or cut-off packing ends them and is told in `trouble`."""
    with open_file(path) as file:
        magic = file.read(4)
        file.seek(0)
        counted = _counted(file, report)
        if magic[:2] == b"\x1f\x8b":
            yield from _gunzip(counted, report)
        elif magic == b"\x28\xb5\x2f\xfd":
            yield from _unzstd(counted, report)
        else:
            yield from counted


def _counted(file: BinaryIO, report: Report) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        report.read(len(block))
        yield block


def _gunzip(packed: Iterator[bytes], report: Report) -> Iterator[bytes]:
    unpack = zlib.decompressobj(31)
    fed = False
    for block in packed:
        while block:
            if unpack.eof:
                # A gzip file may hold several members one after the other; padding behind the last is not one.
                if not block.lstrip(b"\0"):
                    break
                unpack = zlib.decompressobj(31)
            fed = True
            try:
                yield unpack.decompress(block, 4 * _BLOCK)
            except zlib.error as error:
                report.trouble = f"the gzip data is damaged ({error})"
                return
            block = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    if fed and not unpack.eof:
        yield unpack.flush()
        report.trouble = "the gzip data is cut off"


def _unzstd(packed: Iterator[bytes], report: Report) -> Iterator[bytes]:
    import zstandard

    unpack = zstandard.ZstdDecompressor().decompressobj()
    for big in packed:
        for start in range(0, len(big), _ZSTD_BLOCK):
            block = big[start : start + _ZSTD_BLOCK]
            while block:
                if unpack.eof:
                    unpack = zstandard.ZstdDecompressor().decompressobj()
                try:
                    yield unpack.decompress(block)
                except zstandard.ZstdError as error:
                    report.trouble = f"the zstd data is damaged ({error})"
                    return
                block = unpack.unused_data if unpack.eof else b""
    if not unpack.eof:
        report.trouble = "the zstd data is cut off"


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
    try:
        decoder = codecs.getincrementaldecoder(found)(errors="replace")
    except LookupError:
        raise EngineError(
            f"There is no encoding {found!r}. Write for example utf-8, cp1252, utf-16 or shift_jis."
        ) from None
    if codecs.lookup(found).name in ("utf-8", "utf-8-sig", "ascii"):
        first = True
        for block in blocks(path, report):
            yield block.removeprefix(codecs.BOM_UTF8) if first else block
            first = False
        return
    for block in blocks(path, report):
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", True).encode("utf-8", "replace")


def split_lines(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of a stream of blocks, without their ends."""
    rest: list[bytes] = []
    for block in parts:
        first, *more = block.split(b"\n")
        rest.append(first)
        if more:
            yield b"".join(rest)
            yield from more[:-1]
            rest = [more[-1]]
    yield b"".join(rest)


def head(path: Path, size: int = SAMPLE_BYTES) -> bytes:
    """The first unpacked bytes of a file."""
    found = b""
    for block in blocks(path, Report(lambda line, raw, reason, rows=1: None)):
        found += block
        if len(found) >= size:
            break
    return found[:size]


def detect(sample: bytes, name: str, *, few_bad: int = 0) -> str:
    """The encoding of a text from its first bytes: byte order mark, UTF-8, UTF-16, else the best guess.

    few_bad: so many lines may be broken before another encoding is thought of. Raises `EngineError` for what is not
    text at all.
    """
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding
    for magic, what in _FOREIGN.items():
        if sample.startswith(magic):
            raise EngineError(f"{name} is {what}.")
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    half = len(sample) / 2
    if half and max(zeros) > 0.3 * half and min(zeros) < 0.05 * half:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if _is_utf8(sample):
        return "utf-8"
    control = sum(sample.count(c) for c in (*range(9), 11, *range(14, 27), *range(28, 32), 127))
    if control > 0.02 * len(sample):
        raise EngineError(
            f"{name} is not text: {control / len(sample):.0%} of its first bytes are control characters. "
            "Winnow reads CSV, TSV, JSON, JSON lines, Parquet and texts, each also packed with gzip or zstd."
        )
    bad = sum(not _is_utf8(line) for line in sample.split(b"\n"))
    foreign = sum(not line.isascii() for line in sample.split(b"\n"))
    if bad <= max(few_bad, 0.1 * foreign):
        return "utf-8"  # a few broken lines in a file of UTF-8: they are rejected, the others are kept
    from charset_normalizer import from_bytes

    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    best = from_bytes(b"\n".join(lines)[: 64 << 10]).best()
    if best is None:
        return "cp1252"
    # Short texts fit many tables; the most common one that gives the same text is the honest name.
    return "cp1252" if "cp1252" in best.could_be_from_charset else best.encoding


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True
