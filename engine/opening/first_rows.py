"""The first rows of every file, before anything is opened: what each file's text is by itself, and what all become."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.dataset import ColumnType
from engine.errors import EngineError
from engine.opening.options import SourceOptions
from engine.opening.pooled_chats import with_messages
from engine.opening.sources import SOURCES
from engine.opening.sources._input import Input, Report, silent
from engine.opening.sources._values import RAW
from engine.opening.staging import Staging
from engine.registry import Json
from engine.text import TextView, row_text

_MOST = 1000
"""Rows looked at of a file, of its first batch: the first ones, and others spread over the rest."""

_MOST_IN_ALL = 5000
_LEAST = 20


@dataclass(frozen=True)
class FirstRows:
    """Some rows of a file as its reader gives them. facts: encoding and the like. trouble: why there are none."""

    input: Input
    batch: pa.RecordBatch
    facts: dict[str, Json]
    trouble: str = ""

    @property
    def columns(self) -> list[str]:
        """The names of its columns."""
        return [name for name in self.batch.schema.names if name != RAW]


@dataclass(frozen=True)
class Table:
    """Rows of one or several files as opening would store them: columns by key, types as the screen names them."""

    values: pa.Table
    types: dict[str, ColumnType]

    @property
    def view(self) -> TextView:
        """The text that fits best."""
        return row_text.guess(list(self.types.items()), {k: self.values.column(k) for k in self.types})

    def texts(self, view: TextView) -> list[str]:
        """The text of each row."""
        there = {k: self.values.column(k) for k in view.columns}
        return row_text.render(view, there, self.values.num_rows)


def batches(i: Input, report: Report, options: SourceOptions) -> Iterator[pa.RecordBatch]:
    """All rows of a file, with the chats that were asked for."""
    member = SOURCES[i.format]
    given = {p.name: getattr(options, p.name) for p in member.params}
    for batch in member.function(i, report, **{k: None if v == "" else v for k, v in given.items()}):
        view = options.file_views.get(i.name)
        yield with_messages(batch, view, options.messages) if view else batch


def first_rows(inputs: Sequence[Input], options: SourceOptions) -> list[FirstRows]:
    """Some rows of every file; one of several that cannot be read says why, as it will when it is opened."""
    most = max(_LEAST, min(_MOST, _MOST_IN_ALL // len(inputs)))
    found = []
    for i in inputs:
        report = silent()
        try:
            batch = next((b for b in batches(i, report, options) if b.num_rows), pa.record_batch([], []))
            found.append(FirstRows(i, _some(batch, most), dict(report.facts)))
        except EngineError as error:
            if len(inputs) == 1:
                raise
            found.append(FirstRows(i, pa.record_batch([], []), {}, str(error)))
    return found


def own_views(files: Sequence[FirstRows], options: SourceOptions) -> dict[str, TextView]:
    """What fits best as the text of each file by itself, of those that have rows."""
    return {f.input.name: staged([f], options).view for f in files if f.batch.num_rows}


def staged(files: Sequence[FirstRows], options: SourceOptions, *, source: str = "") -> Table:
    """These rows as the one table. source: name of the column that says the file, "" for none."""
    with tempfile.TemporaryDirectory(prefix="winnow-") as folder:
        staging = Staging(Path(folder))
        for file in files:
            staging.begin(file.input.name, renamed(options, file.input.name))
            if file.batch.num_rows:
                staging.add(file.batch)
        path = Path(folder) / "rows.arrow"
        written = staging.finish(path, source=source)
        with pa.OSFile(str(path), "rb") as opened:
            table = pa.ipc.open_file(opened).read_all()
    keys = [key for key, *_ in written.columns]
    return Table(
        table.select(range(len(keys))).rename_columns(keys), {key: type_ for key, _, _, type_ in written.columns}
    )


def renamed(options: SourceOptions, file: str) -> dict[str, str]:
    """The columns of a file that have another name in the table, where files are pooled by role."""
    return {column: pooled_name(options, role) for role, column in options.file_roles.get(file, {}).items()}


def pooled_name(options: SourceOptions, role: str) -> str:
    """The name that a role's column has in the pooled table: that of the first file that says."""
    return next(roles[role] for roles in options.file_roles.values() if role in roles)


def _some(batch: pa.RecordBatch, most: int) -> pa.RecordBatch:
    n = batch.num_rows
    if n <= most:
        return batch
    spread = np.linspace(most // 2, n - 1, most - most // 2).astype(np.int64)
    return batch.take(pa.array(np.unique(np.concatenate([np.arange(most // 2), spread]))))
