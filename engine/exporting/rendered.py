"""The first rows of an export, as they will stand in its file: written by the format itself."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa

from engine.exporting.formats import EXPORTERS
from engine.exporting.formats._output import Row, Written
from engine.exporting.output import Wanted, output_of
from engine.exporting.parts import file_of, first_part
from engine.exporting.split import placed
from engine.recipe import Run

ROWS = 3


@dataclass(frozen=True)
class Rendered:
    """What a file begins with.

    file: its name. text: of a file of text, unpacked, with its head. rows: each as pairs of name and value.
    """

    file: str
    text: str
    rows: tuple[Row, ...]


def rendered(run: Run, wanted: Wanted, *, rows: int = ROWS) -> Rendered:
    """The first rows of a run in a format; raises `EngineError` where the export would be refused."""
    wanted = Wanted.from_json(wanted.json())  # refused here by name as it would be when it is written
    parts = placed(run.data, run.rows, wanted.split) if wanted.split else None
    output = output_of(run, wanted, placed=parts)
    member = EXPORTERS[wanted.format]
    params = member.check(wanted.params)
    ranks = np.arange(len(output.rows)) if parts is None else parts.ranks(first_part(parts))
    first = rows
    while True:
        with tempfile.TemporaryDirectory(prefix="winnow-first-") as place:
            written = cast(Written, member.function(replace(output, only=ranks[:first]), Path(place), **params))
            if written.rows >= rows or first >= len(ranks):
                path = written.files[0]
                reads = cast(Callable[..., Iterator[Row]], member.about.reads)(path, params)
                # Only what rows may be unfit for is written past the first ones, and there a row is a line.
                text = "" if member.about.exact else _text(path, rows if first > rows else None)
                named = path.name if parts is None else file_of(first_part(parts), path)
                return Rendered(named, text, tuple(islice(reads, rows)))
        first *= 10  # most of these did not fit


def _text(path: Path, lines: int | None) -> str:
    with pa.input_stream(str(path), compression="detect") as file:
        text = cast(bytes, file.read()).decode()
    return text if lines is None else "".join(f"{line}\n" for line in text.split("\n")[: min(lines, text.count("\n"))])
