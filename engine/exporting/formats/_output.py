"""What an exporter is given and what it says it wrote; shared by the members of the family."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import Dataset

BATCH = 8192
"""Rows held in memory at a time, whatever the size of the export."""

Turn: TypeAlias = dict[str, object]
"""One message of a chat: `role` (system, user, assistant, tool …), `content`, and what else the source had."""

Row: TypeAlias = tuple[tuple[str, object], ...]
"""A row read back: pairs of name and value, as names may repeat."""


@dataclass(frozen=True)
class Extra:
    """A column that is not of the source: a signal, marks, the rank, vectors.

    values: (row numbers, their ranks) -> the values of those rows; both int64.
    """

    name: str
    type: pa.DataType
    values: Callable[[np.ndarray, np.ndarray], pa.Array]


@dataclass(frozen=True)
class Output:
    """The rows to write, in rank order, and their columns.

    rows: int64. columns: keys of source and edited columns in the order to write. names: what each is called in the
    file; may repeat. turns: rows -> the chat of each, or the reason why it has none. only: int64 ascending, the ranks
    of the rows to write, None for all; types are still those that all rows need. rewritten: keys of columns whose texts
    are not those that came in.
    """

    data: Dataset
    rows: np.ndarray
    columns: tuple[str, ...]
    names: tuple[str, ...]
    extras: tuple[Extra, ...] = ()
    turns: Callable[[np.ndarray], list[list[Turn] | str]] = lambda rows: ["it is not a chat"] * len(rows)
    report: Callable[[int, int], None] = lambda done, total: None
    only: np.ndarray | None = None
    rewritten: frozenset[str] = frozenset()

    @property
    def schema(self) -> pa.Schema:
        """The Arrow types of all columns, extras last."""
        return self._schema(self.data.column)

    @property
    def cells_schema(self) -> pa.Schema:
        """The same, numbers and dates that were kept as the text of their cells being text."""
        return self._schema(self.data.cells)

    def _schema(self, column: Callable[[str, np.ndarray], pa.ChunkedArray]) -> pa.Schema:
        nothing = np.empty(0, np.int64)
        types = [column(key, nothing).type for key in self.columns]
        fields = [pa.field(n, t) for n, t in zip(self.names, types, strict=True)]
        return pa.schema([*fields, *(pa.field(e.name, e.type) for e in self.extras)])

    @property
    def count(self) -> int:
        """How many rows are to be written."""
        return len(self.rows if self.only is None else self.only)

    def slices(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Ranks and numbers of the rows to write, in batches; says how far the export is."""
        for start in range(0, self.count, BATCH):
            stop = min(start + BATCH, self.count)
            ranks = np.arange(start, stop) if self.only is None else self.only[start:stop]
            yield ranks, self.rows[ranks]
            self.report(stop, self.count)

    def every(self) -> Iterator[np.ndarray]:
        """All rows in batches, for what must be known of them before the first is written."""
        for start in range(0, len(self.rows), BATCH):
            yield self.rows[start : start + BATCH]

    def batches(self, *, cells: bool = False) -> Iterator[pa.Table]:
        """The rows as Arrow tables of at most `BATCH` rows; cells: with the types of `cells_schema`."""
        schema = self.cells_schema if cells else self.schema
        column = self.data.cells if cells else self.data.column
        for ranks, rows in self.slices():
            columns = [column(key, rows) for key in self.columns]
            yield pa.Table.from_arrays([*columns, *self.added(rows, ranks)], schema=schema)

    def added(self, rows: np.ndarray, ranks: np.ndarray) -> list[pa.ChunkedArray]:
        """The extras of one batch."""
        return [pa.chunked_array([e.values(rows, ranks)], e.type) for e in self.extras]

    @property
    def shapes(self) -> Mapping[str, str]:
        """How dates (`%Y-%m-%d`) and truth values (`True`) of delimited text were written, by column key."""
        return {c.key: c.written for c in self.data.record.columns if c.written}


def as_written(column: pa.ChunkedArray, shape: str) -> pa.ChunkedArray:
    """Dates or truth values as the text that they were read from."""
    if pa.types.is_boolean(column.type):
        yes, no = (shape, "False" if shape == "True" else "FALSE") if shape != "true" else ("true", "false")
        return pc.if_else(column, pa.scalar(yes), pa.scalar(no))
    if pa.types.is_date(column.type):
        return pc.strftime(column, shape)
    # Arrow's %S has as many decimals as the type; without a zone the text is that of UTC.
    exact = column.cast(pa.timestamp("us" if "%f" in shape else "s"))
    return pc.strftime(exact, shape.replace(".%f", ""))


@dataclass(frozen=True)
class Written:
    """What an exporter wrote. unfit: int64 rows that the format cannot hold, with the reason of each.

    changes: what is in the files otherwise than it came, in sentences. schema: of the file, where it has one.
    """

    files: tuple[Path, ...]
    rows: int
    unfit: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    reasons: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    schema: pa.Schema | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows did not fit, by reason."""
        return {reason: self.reasons.count(reason) for reason in dict.fromkeys(self.reasons)}

    def rows_of(self, output: Output) -> np.ndarray:
        """int64: the rows that stand in the files, in rank order."""
        rows = output.rows if output.only is None else output.rows[output.only]
        return rows[~np.isin(rows, self.unfit)]
