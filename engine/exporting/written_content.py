"""What of the texts of an export is not as it came in, counted row by row."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from engine.exporting.formats import EXPORTERS
from engine.exporting.formats._output import Output, Written
from engine.exporting.masking import WORDS
from engine.exporting.output import Wanted
from engine.exporting.rewritten import Counts, Rewritten
from engine.recipe import Run


@dataclass(frozen=True)
class Masked:
    """How often one kind was masked: places, and the rows that they stand in."""

    places: int
    rows: int


@dataclass(frozen=True)
class WrittenContent:
    """What was done to the texts of the rows that were written.

    columns: keys of the columns that were looked through. rows: those in which something is not as it came in. masked:
    by kind, of each that the output names. tagged: rows by tag, of those that have one. prefixed: rows with metadata
    before their text. digest: of all rows as they stand in the data files, made of `written` in kept.parquet as the row
    digest is of `content`; "" where no text was rewritten, and in exports of before.
    """

    columns: tuple[str, ...]
    rows: int
    masked: Mapping[str, Masked]
    tagged: Mapping[str, int]
    prefixed: int
    digest: str = ""

    def says(self) -> Iterator[str]:
        """What is not as it came in, in sentences, one a kind."""
        where = ", ".join(map(repr, self.columns)) or "each row"
        for kind, found in self.masked.items():
            if found.places:
                yield f"{where}: {WORDS[kind]} are masked ({found.places:,} places in {found.rows:,} rows)"
        if self.tagged:
            said = " and ".join(f"{rows:,} with {tag!r}" for tag, rows in self.tagged.items())
            yield f"rows are tagged by a filter that drops none of them: {said}"
        if self.prefixed:
            yield f"metadata stands before the text of {self.prefixed:,} rows"


def written_content(run: Run, wanted: Wanted, output: Output, written: Written) -> WrittenContent | None:
    """What was done to the rows that were written; None where nothing was asked for."""
    if not (wanted.mask or wanted.tag or wanted.prefix):
        return None
    data = output.data
    rows = written.rows_of(output)
    nothing: tuple[int, Counts, Counts] = (0, Counter(), Counter())
    total, places, in_rows = data.changed(rows) if isinstance(data, Rewritten) else nothing
    masked = {kind: Masked(places[kind], in_rows[kind]) for kind in (wanted.mask.kinds if wanted.mask else ())}
    tagged = {}
    if (tag := wanted.tag) and tag.column:
        good = int(tag.verdicts(run.data, run.rows)[rows].sum())
        tagged = {tag.good: good, tag.bad: len(rows) - good}
    elif tag:
        tagged = {tag.good: in_rows["good"], tag.bad: in_rows["bad"]}
    columns = tuple(data.rewrites) if isinstance(data, Rewritten) else ()
    return WrittenContent(columns, total, masked, tagged, in_rows["prefix"])


def hashed(path: Path, wanted: Wanted, names: Sequence[str]) -> np.ndarray:
    """uint64: a hash of each row as it stands in a data file, in its order. names: of the file's columns."""
    hashes = cast(Callable[..., Iterator[np.ndarray]], EXPORTERS[wanted.format].about.hashed)
    return np.concatenate([np.empty(0, np.uint64), *hashes(path, wanted.params, names)])
