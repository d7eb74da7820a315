"""What of the texts of an export is not as it came in, counted row by row."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from engine.exporting.formats._output import Output, Written
from engine.exporting.masking import WORDS
from engine.exporting.rewritten import Rewritten


@dataclass(frozen=True)
class Masked:
    """How often one kind was masked: places, and the rows that they stand in."""

    places: int
    rows: int


@dataclass(frozen=True)
class WrittenContent:
    """What was done to the texts of the rows that were written.

    columns: keys of the columns that were looked through. rows: those in which something is not as it came in. masked:
    by kind, of each that the output names.
    """

    columns: tuple[str, ...]
    rows: int
    masked: Mapping[str, Masked]

    def says(self) -> Iterator[str]:
        """It in sentences, one a kind."""
        where = ", ".join(map(repr, self.columns))
        for kind, found in self.masked.items():
            yield f"{where}: {WORDS[kind]} are masked ({found.places:,} places in {found.rows:,} rows)"


def written_content(output: Output, written: Written, kinds: Mapping[str, str]) -> WrittenContent | None:
    """What was done to the rows that were written; None where the texts go out as they came in. kinds: to mask."""
    data = output.data
    if not isinstance(data, Rewritten):
        return None
    rows = output.rows if output.only is None else output.rows[output.only]
    places: Counter[str] = Counter()
    in_rows: Counter[str] = Counter()
    total = 0
    for counts in data.changed(rows[~np.isin(rows, written.unfit)].tolist()):
        total += 1
        places += counts
        in_rows.update(counts.keys())
    masked = {kind: Masked(places[kind], in_rows[kind]) for kind in kinds}
    return WrittenContent(tuple(data.rewrites), total, masked)
