"""Who stays and who goes, row by row, on disk: kept.parquet, dropped.parquet, and the digest of the rows."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from engine.exporting.formats._output import BATCH, Written
from engine.progress import Progress, quiet
from engine.recipe import Run, dropped, reasons_at

_KEPT = pa.schema([("rank", pa.int64()), ("key", pa.string()), ("row", pa.int64()), ("content", pa.uint64())])
_PART, _WEIGHT, _WRITTEN = (
    pa.field("part", pa.string()), pa.field("weight", pa.float64()), pa.field("written", pa.uint64())
)  # fmt: skip
DROPPED = pa.schema([("key", pa.string()), ("row", pa.int64()), ("step", pa.int32()), ("reason", pa.string())])


def kept_schema(*, parts: bool, weights: bool, rewritten: bool) -> pa.Schema:
    """The columns of kept.parquet: where there are parts with the part, where rows are weighed with the weight, where
    texts were rewritten with the row's hash as it stands in the data file."""
    more = ((_PART, parts), (_WEIGHT, weights), (_WRITTEN, rewritten))
    return pa.schema([*_KEPT, *(field for field, there in more if there)])


class RowDigest:
    """SHA-256 over rows in rank order, each as the JSON line `["key","content in 16 hexadecimal digits"]`."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, keys: Iterable[str], content: Iterable[int]) -> None:
        """The next rows."""
        for key, value in zip(keys, content, strict=True):
            self._hash.update(orjson.dumps([key, f"{value:016x}"]) + b"\n")

    @property
    def text(self) -> str:
        """64 hexadecimal digits."""
        return self._hash.hexdigest()


def row_digest(run: Run) -> str:
    """The digest of the rows that a run keeps: equal digests, equal rows in equal order."""
    digest = RowDigest()
    for rows in _batches(run.rows):
        digest.add(run.data.keys(rows), run.data.content(rows).tolist())
    return digest.text


def write_kept(
    run: Run,
    path: Path,
    parts: np.ndarray | None = None,
    weights: np.ndarray | None = None,
    written: np.ndarray | None = None,
) -> str:
    """Write key, row number and content hash of each kept row in rank order; returns the row digest.

    parts: str, the part of each, "" for a row that is in none; written where there are any. weights: float64, of each.
    written: uint64, the hash of each as it stands in the data file, 0 for one that was not written; where texts were
    rewritten.
    """
    digest = RowDigest()
    start = 0
    schema = kept_schema(parts=parts is not None, weights=weights is not None, rewritten=written is not None)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in _batches(run.rows):
            keys, content = run.data.keys(rows), run.data.content(rows)
            digest.add(keys, content.tolist())
            ranks = np.arange(start, start + len(rows), dtype=np.int64)
            columns = [pa.array(v) for v in (ranks, keys, rows, content)]
            columns += [] if parts is None else [pa.array(parts[ranks], pa.string())]
            columns += [] if weights is None else [pa.array(weights[ranks])]
            columns += [] if written is None else [pa.array(written[ranks])]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            start += len(rows)
    return digest.text


def write_dropped(run: Run, path: Path, written: Written, progress: Progress = quiet) -> int:
    """Write key, row number, step and reason of each dropped row, ascending within its step; returns how many.

    step: 0 for a verdict by hand, 1 … for the recipe's steps that are on, -1 for a row that the format could not hold.
    """
    total = run.data.n - len(run.rows) + len(written.unfit)
    done = 0
    with pq.ParquetWriter(path, DROPPED, compression="zstd") as writer:
        for at in range(len(run.stages)):
            for rows in _batches(dropped(run, at)):
                _write(writer, run, rows, at, reasons_at(run, at, rows))
                done += len(rows)
                progress("Writing reasons", done, total)
        reasons = [f"Not written: {reason}." for reason in written.reasons]
        for start in range(0, len(reasons), BATCH):
            part = slice(start, start + BATCH)
            _write(writer, run, written.unfit[part], -1, reasons[part])
            done += len(reasons[part])
    return done


def batches(path: Path) -> Iterator[pa.RecordBatch]:
    """kept.parquet or dropped.parquet in batches."""
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(BATCH)


def digest_of_kept(path: Path, column: Literal["content", "written"] = "content") -> tuple[str, int]:
    """The row digest and the number of rows, computed from kept.parquet; or the same over the rows as written."""
    digest, rows = RowDigest(), 0
    for batch in batches(path):
        digest.add(batch.column("key").to_pylist(), batch.column(column).to_pylist())
        rows += batch.num_rows
    return digest.text, rows


def _write(writer: pq.ParquetWriter, run: Run, rows: np.ndarray, at: int, reasons: list[str]) -> None:
    steps = np.full(len(rows), at, np.int32)
    columns = [pa.array(v) for v in (run.data.keys(rows), rows, steps, reasons)]
    writer.write_table(pa.Table.from_arrays(columns, schema=DROPPED))


def _batches(rows: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
