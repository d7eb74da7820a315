"""From the batches of several files to the one table: types widened as drift is met, nothing whole in memory."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.dataset import ColumnType, Drift
from engine.errors import writing
from engine.opening.infer import Guess, converted, joint_field
from engine.opening.sources._values import RAW
from engine.opening.type_widening import WIDE, cast_to, column_type, held, join, marked, measured, missing, shape

_BATCH_BYTES = 32 << 20
_BATCH_ROWS = 65_536


@dataclass
class _Part:
    """Batches of one file that share a schema, as an Arrow stream on disk."""

    path: Path
    file: int
    schema: pa.Schema
    rows: int = 0


@dataclass
class _File:
    """One file: its name, where its columns go, and what its cells look like."""

    name: str
    renamed: Mapping[str, str]
    guesses: dict[str, Guess] = field(default_factory=dict)
    rows: int = 0


class Staging:
    """Takes in batches file by file, then writes them as one table with columns c0…cn.

    sample: keep exactly so many rows, chosen with `seed`, in source order; None keeps all.
    """

    def __init__(self, folder: Path, *, sample: int | None = None, seed: int = 0) -> None:
        self.drift: list[Drift] = []
        self.shapes: dict[str, str] = {}
        self.names: dict[str, str] = {}  # of the source, by key: a repeated one has a number in its key
        self._folder = folder
        self._guesses: dict[str, pa.Field] = {}
        self._parts: list[_Part] = []
        self._files: list[_File] = []
        self._writer: pa.RecordBatchStreamWriter | None = None
        self._sink: pa.OSFile | None = None
        self._sample = sample
        self._rng = np.random.default_rng(seed)
        self._draws: list[np.ndarray] = []
        self._limit = 1.0

    def begin(self, name: str, renamed: Mapping[str, str]) -> None:
        """The next file. renamed: column of the file -> column of the table, where they differ."""
        self._end_part()
        self._files.append(_File(name, renamed))

    def note_drift(self, column: str, row: int, before: str, after: str) -> None:
        """A column holds something else from a row on; rows count from 0 within the file."""
        file = self._files[-1].name
        self.drift.append(Drift(file, column, row, before, after))

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in one batch of the current file; columns with the same name get a number."""
        file = self._files[-1]
        names = [file.renamed.get(n, n) for n in batch.schema.names]
        hidden = [held(f) == "raw" for f in batch.schema]
        own = iter(column_keys([n for n, is_hidden in zip(names, hidden, strict=True) if not is_hidden]))
        keys = [RAW if is_hidden else next(own) for is_hidden in hidden]
        self.names |= dict(zip(keys, names, strict=True))
        fields = [
            measured(marked(k, f.type, held(f)), c) for k, f, c in zip(keys, batch.schema, batch.columns, strict=True)
        ]
        file.rows += batch.num_rows
        for f, column in zip(fields, batch.columns, strict=True):
            # Dates in JSON are texts; in Parquet a text is a text.
            if held(f) == "cells" or RAW in keys and f.name != RAW:
                guess = file.guesses.setdefault(f.name, Guess(dates_only=held(f) != "cells"))
                if _guessed(f):
                    guess.see(column)
                elif not pa.types.is_null(f.type):
                    guess.spoil()
        columns = list(batch.columns)
        if self._sample is not None:
            chosen = self._draw(batch.num_rows)
            columns = [c.take(chosen) for c in columns]
        self._write(fields, columns, len(columns[0]) if columns else 0)

    @property
    def rows(self) -> int:
        """Rows taken in so far."""
        return sum(f.rows for f in self._files)

    def rows_of_files(self) -> list[int]:
        """Rows taken in, file by file."""
        return [f.rows for f in self._files]

    def finish(self, path: Path, *, source: str = "", tick: Callable[[int], None] = lambda rows: None) -> "Written":
        """Write the one table to `path`. source: name of a column that says the file, "" for none."""
        self._end_part()
        self._settle_guesses()
        fields = self._fields()
        keys = [k for k in fields if k != RAW]
        has_raw = len(keys) < len(fields)
        if source:
            source = unique_keys([*keys, source])[-1]
            fields[source] = marked(source, pa.large_string())
            keys.append(source)
        schema = pa.schema(
            [marked(f"c{i}", _stored(fields[k]), held(fields[k])) for i, k in enumerate(keys)]
            + ([marked("raw", pa.large_binary(), "raw")] if has_raw else [])
        )
        count = 0
        with (
            writing(path),
            pa.OSFile(str(path), "wb") as sink,
            pa.ipc.new_file(sink, schema) as writer,
        ):
            for batch in _regrouped(self._final(fields, keys, source, has_raw, schema)):
                writer.write_batch(batch)
                count += batch.num_rows
                tick(count)
        for part in self._parts:
            part.path.unlink()
        return Written(count, [(k, _stored(fields[k]), held(fields[k]), column_type(fields[k])) for k in keys], has_raw)

    def _fields(self) -> dict[str, pa.Field]:
        """All columns, in the order of their first appearance, each with the type that holds every file's values."""
        found: dict[str, pa.Field] = {}
        for part in self._parts:
            for f in part.schema:
                mine = self._guesses[f.name] if f.name in self._files[part.file].guesses and _guessed(f) else f
                found[f.name] = join(found[f.name], mine) if f.name in found else mine
        self.shapes = {key: shape(f) for key, f in found.items() if shape(f)}
        return {key: marked(key, f.type) if held(f) == WIDE else f for key, f in found.items()}

    def _settle_guesses(self) -> None:
        of_files: dict[str, list[Guess]] = {}
        for file in self._files:
            for name, guess in file.guesses.items():
                of_files.setdefault(name, []).append(guess)
                if guess.drift:
                    row, before, after = guess.drift
                    self.drift.append(Drift(file.name, name, row, before, after))
        self._guesses = {name: joint_field(name, guesses) for name, guesses in of_files.items()}

    def _final(
        self, fields: Mapping[str, pa.Field], keys: list[str], source: str, has_raw: bool, schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        chosen = self._chosen()
        start = 0
        for part in self._parts:
            file = self._files[part.file]
            with pa.OSFile(str(part.path), "rb") as raw, pa.ipc.open_stream(raw) as reader:
                for batch in reader:
                    rows = batch.num_rows
                    if chosen is not None:
                        mine = chosen[(chosen >= start) & (chosen < start + rows)] - start
                        batch = batch.take(pa.array(mine, pa.int64()))
                    start += rows
                    there = {f.name: (f, c) for f, c in zip(part.schema, batch.columns, strict=True)}
                    columns = []
                    for key in [*keys, RAW] if has_raw else keys:
                        if key == source and source:
                            columns.append(pa.array([file.name] * batch.num_rows, pa.large_string()))
                        elif key not in there:
                            columns.append(missing(batch.num_rows, _stored(fields[key])))
                        else:
                            mine = self._guesses[key] if key in file.guesses else None
                            columns.append(_settled(*there[key], fields[key], mine))
                    yield pa.RecordBatch.from_arrays(columns, schema=schema)

    def _write(self, fields: list[pa.Field], columns: list[pa.Array], rows: int) -> None:
        part = self._parts[-1] if self._writer else None
        known = {f.name: f for f in part.schema} if part else {}
        new = {f.name: f for f in fields}
        wide = {k: join(known[k], new[k]) if k in known and k in new else known.get(k, new.get(k)) for k in known | new}
        schema = pa.schema(list(wide.values()))
        if part is None or not part.schema.equals(schema, check_metadata=True):
            self._end_part()
            part = _Part(self._folder / f"part-{len(self._parts)}.arrows", len(self._files) - 1, schema)
            self._parts.append(part)
            with writing(part.path):
                self._sink = pa.OSFile(str(part.path), "wb")
                self._writer = pa.ipc.new_stream(self._sink, schema)
        there = dict(zip(new, columns, strict=True))
        arrays = [cast_to(there[f.name], new[f.name], f) if f.name in there else missing(rows, f.type) for f in schema]
        batch = pa.RecordBatch.from_arrays(arrays, schema=schema)
        with writing(part.path):
            assert self._writer is not None
            self._writer.write_batch(batch)
        part.rows += rows

    def _end_part(self) -> None:
        if self._writer and self._sink:
            with writing(self._parts[-1].path):
                self._writer.close()
                self._sink.close()
        self._writer = self._sink = None

    def _draw(self, rows: int) -> pa.Array:
        """The rows of a batch that may be in the sample: their draw is among the smallest so far."""
        assert self._sample is not None
        draws = self._rng.random(rows)
        near = np.flatnonzero(draws <= self._limit)
        self._draws.append(draws[near])
        seen = np.concatenate(self._draws)
        if len(seen) > self._sample:
            self._limit = float(np.partition(seen, self._sample - 1)[self._sample - 1]) if self._sample else -1.0
        return pa.array(near, pa.int64())

    def _chosen(self) -> np.ndarray | None:
        """Numbers, among the staged rows, of those in the sample; int64 ascending."""
        if self._sample is None:
            return None
        draws = np.concatenate([np.empty(0), *self._draws])
        return np.sort(np.argsort(draws, kind="stable")[: self._sample])


@dataclass(frozen=True)
class Written:
    """The one table. columns: key, Arrow type, what its text stands for, type as the screen names it."""

    rows: int
    columns: list[tuple[str, pa.DataType, str, ColumnType]]
    has_raw: bool


def column_keys(names: list[str]) -> list[str]:
    """The keys of a file's columns: unique, and none of them that of the hidden column."""
    return unique_keys([RAW, *names])[1:]


def unique_keys(names: list[str]) -> list[str]:
    """Names made unique: a repeated one gets a number.

    >>> unique_keys(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    taken = set(names)
    seen: set[str] = set()
    keys = []
    for name in names:
        key, number = name, 1
        while key in seen or (number > 1 and key in taken):
            number += 1
            key = f"{name} ({number})"
        seen.add(key)
        keys.append(key)
    return keys


def _guessed(f: pa.Field) -> bool:
    return held(f) == "cells" or (f.type == pa.large_string() and not held(f))


def _stored(f: pa.Field) -> pa.DataType:
    return pa.large_string() if pa.types.is_null(f.type) else f.type


def _settled(before: pa.Field, values: pa.Array, after: pa.Field, found: pa.Field | None) -> pa.Array:
    after = marked(after.name, _stored(after), held(after))
    if found is not None and _guessed(before):
        if after.type == pa.large_string() and held(after) != "json":
            return converted(values, after)
        text = marked(before.name, pa.large_string())
        values, before = (values, text) if held(after) == "json" else (converted(values, found), found)
    return cast_to(values, before, after)


def _regrouped(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of a good size: small ones joined, as each costs room in the file."""
    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        if batch.num_rows == 0:
            continue
        waiting.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= _BATCH_ROWS or size >= _BATCH_BYTES:
            yield waiting[0] if len(waiting) == 1 else pa.concat_batches(waiting)
            waiting, rows, size = [], 0, 0
    if waiting:
        yield waiting[0] if len(waiting) == 1 else pa.concat_batches(waiting)
