"""JSON lines: one object a row."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from engine.exporting.formats._json import SUFFIX, Compression, lines, pairs, reading, writing_lines
from engine.exporting.formats._output import Output, Row, Written
from engine.registry import About, Help


def jsonl(
    output: Output,
    folder: Path,
    *,
    compression: Annotated[Compression, Help("Pack the file; most loaders read packed files")] = "none",
) -> Written:
    """Write JSON lines, compression {compression}.

    A row of a JSON source goes out byte for byte. Otherwise dates are ISO 8601 and missing values are null.
    """
    path = folder / f"data.jsonl{SUFFIX[compression]}"
    with writing_lines(path, compression) as file:
        for start, rows in output.slices():
            file.write(b"\n".join([*lines(output, rows, start), b""]))
    return Written((path,), len(output.rows))


def read_jsonl(path: Path, options: Mapping[str, str]) -> Iterator[Row]:
    """The rows of a file that `jsonl` wrote."""
    return (pairs(line) for line in reading(path))


ABOUT = About(title="JSON lines", reads=read_jsonl)
