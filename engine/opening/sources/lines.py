"""Plain text, each line a row."""

from collections.abc import Iterator
from typing import Annotated

import pyarrow as pa

from engine.opening.sources._input import Input, Report, split_lines, utf8
from engine.registry import About, Help

_BATCH_ROWS = 50_000
_BATCH_BYTES = 8 << 20


ABOUT = About()


def lines(
    source: Input,
    report: Report,
    *,
    encoding: Annotated[str | None, Help("such as cp1252; found by itself when not given")] = None,
) -> Iterator[pa.RecordBatch]:
    """Read plain text, each line that is not blank a row (encoding: {encoding})."""
    texts: list[str] = []
    size = 0
    for number, line in enumerate(split_lines(utf8(source.path, report, encoding)), 1):
        line = line.rstrip(b"\r")
        if not line.strip():
            continue
        try:
            texts.append(line.decode())
        except UnicodeDecodeError as error:
            report.reject(number, line, f"bytes that are not UTF-8 at position {error.start:,}")
            continue
        size += len(line)
        if size >= _BATCH_BYTES or len(texts) >= _BATCH_ROWS:
            yield pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.large_string())})
            texts, size = [], 0
    if texts:
        yield pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.large_string())})
