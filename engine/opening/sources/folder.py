"""Text files: each one is a row."""

import codecs
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._count import texts_of
from engine.opening.sources._encoding import detect, text_encoding
from engine.opening.sources._input import (
    LARGEST_ROW,
    SAMPLE_BYTES,
    Input,
    LargestRow,
    Report,
    blocks,
    set_aside,
    shown,
)
from engine.registry import About, Help

_BATCH_BYTES = 8 << 20
_BATCH_ROWS = 5_000


ABOUT = About(title="Folder of texts", suffixes=(".txt", ".md", ".rst", ".text", ".html", ".htm"), count=texts_of)


def folder(
    source: Input,
    report: Report,
    *,
    encoding: Annotated[str | None, Help("such as cp1252; found for each file when not given")] = None,
    largest_row: LargestRow = LARGEST_ROW,
) -> Iterator[pa.RecordBatch]:
    """Read text files, each as one row with `file` and `text` (encoding: {encoding}, largest: {largest_row} MB).

    A file that is not text, or cannot be read, is rejected.
    """
    root = source.path if source.path.is_dir() else source.path.parent
    names: list[str] = []
    texts: list[str] = []
    size = 0
    encodings: dict[str, int] = {}
    for path in source.files:
        name = shown(os.path.relpath(path, root))
        try:
            text, found = text_of(path, report, encoding, largest_row << 20)
        except EngineError as error:
            report.reject(0, name.encode(), str(error))
            continue
        encodings[found] = encodings.get(found, 0) + 1
        names.append(name)
        texts.append(text)
        size += len(text)
        if size >= _BATCH_BYTES or len(texts) >= _BATCH_ROWS:
            yield _batch(names, texts)
            names, texts, size = [], [], 0
    report.facts["encoding"] = ", ".join(
        f"{k} ({v:,} files)" if len(encodings) > 1 else k for k, v in encodings.items()
    )
    if texts:
        yield _batch(names, texts)


def text_of(path: Path, report: Report, encoding: str | None, most: int) -> tuple[str, str]:
    """The text of a file and its encoding; bytes that do not fit become U+FFFD.

    Raises `EngineError` for one of more than `most` bytes.
    """
    mine = Report(report.reject, read=report.read)
    parts, size = [], 0
    for block in blocks(path, mine):  # to its end, so that damage is told of a file that is too large as well
        size += len(block)
        if size <= most:
            parts.append(block)
    content = b"".join(parts)
    if mine.trouble:
        kept = "" if size > most else "; the text up to there is kept"
        set_aside(report, 0, content, f"{shown(path.name)}: {mine.trouble}{kept}")
    if size > most:
        raise EngineError(
            f"{shown(path.name)} is larger than {most >> 20:,} MB. Open again with --largest-row and more MB."
        )
    found = encoding or detect(content[:SAMPLE_BYTES], path.name)
    return codecs.decode(content, text_encoding(found).name, "replace"), found


def _batch(names: list[str], texts: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {"file": pa.array(names, pa.large_string()), "text": pa.array(texts, pa.large_string())}
    )
