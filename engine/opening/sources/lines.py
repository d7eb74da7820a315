"""Plain text, each line a row."""

from collections.abc import Iterator
from typing import Annotated

import pyarrow as pa

from engine.opening.sources._count import text_lines
from engine.opening.sources._input import (
    LARGEST_ROW,
    Input,
    LargestRow,
    Report,
    set_aside,
    split_lines,
    too_long,
    utf8,
)
from engine.registry import About, Help

_BATCH_ROWS = 50_000
_BATCH_BYTES = 8 << 20


ABOUT = About(count=text_lines)


def lines(
    source: Input,
    report: Report,
    *,
    encoding: Annotated[str | None, Help("such as cp1252; found by itself when not given")] = None,
    largest_row: LargestRow = LARGEST_ROW,
) -> Iterator[pa.RecordBatch]:
    """Read plain text, each line that is not blank a row (encoding: {encoding}, largest line: {largest_row} MB)."""
    texts: list[str] = []
    held = 0
    most = largest_row << 20
    for number, line, size in split_lines(utf8(source.path, report, encoding), most, b" \t\r\v\f"):
        if size > most:
            set_aside(report, number, line, too_long(size, most))
            continue
        try:
            texts.append(line.rstrip(b"\r").decode())
        except UnicodeDecodeError as error:
            set_aside(report, number, line, f"bytes that are not UTF-8 at position {error.start:,}")
            continue
        held += size
        if held >= _BATCH_BYTES or len(texts) >= _BATCH_ROWS:
            yield pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.large_string())})
            texts, held = [], 0
    if texts:
        yield pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.large_string())})
