"""JSON lines: one object a line."""

from collections.abc import Iterator
from typing import Annotated

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._count import json_lines
from engine.opening.sources._input import LARGEST_ROW, Input, LargestRow, Report, split_lines, utf8
from engine.opening.sources._json_rows import json_batches
from engine.opening.sources._json_text import Piece
from engine.registry import About, Help

ABOUT = About(title="JSON lines", suffixes=(".jsonl", ".ndjson"), count=json_lines)


def jsonl(
    source: Input,
    report: Report,
    *,
    encoding: Annotated[str | None, Help("such as utf-16; found by itself when not given")] = None,
    largest_row: LargestRow = LARGEST_ROW,
) -> Iterator[pa.RecordBatch]:
    """Read JSON lines, one object a line (encoding: {encoding}, largest line: {largest_row} MB).

    The bytes of each row are kept in the column `raw`. A line that is not an object is rejected; where the first line
    is a text, number or list, every line becomes a column `value`.
    """
    if not source.path.stat().st_size:
        raise EngineError(f"{source.name} is empty. Choose a file with at least one row.")
    most = largest_row << 20
    lines = split_lines(utf8(source.path, report, encoding, few_bad=3), most)
    pieces = (Piece(number, line.strip(b"\r\t "), size) for number, line, size in lines)
    yield from json_batches(pieces, report, most=most, what="line")
