"""Rows that could not be read: counted, kept with file, line, raw value and reason, never fatal and never silent."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import EngineError, writing
from engine.opening.sources._input import Reject
from engine.store import Store

FILE = "rejected.parquet"
SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("line", pa.int64()),
        ("rows", pa.int64()),
        ("raw", pa.large_binary()),
        ("reason", pa.string()),
    ]
)
_BATCH = 1000
_BATCH_BYTES = 16 << 20


class Rejected:
    """Gathers rejected rows and writes them as they come, so that a file of nothing but rubbish takes no memory.

    count: records of the source, not lines of the file: a damaged row group is one line, and all its rows.
    strict: the first one stops everything with an `EngineError` instead.
    """

    def __init__(self, folder: Path, *, strict: bool = False) -> None:
        self.count = 0
        self._path = folder / FILE
        self._strict = strict
        self._rows: list[dict[str, object]] = []
        self._bytes = 0
        self._writer: pq.ParquetWriter | None = None

    def of(self, file: str) -> Reject:
        """The place where one file says what could not be read."""

        def reject(line: int, raw: bytes, reason: str, rows: int = 1) -> None:
            if self._strict:
                raise EngineError(
                    f"{file}, line {line:,}: {reason}: {shown(raw)!r}. Mend it, or open without strict: such rows are "
                    "then set aside and listed."
                )
            self.count += rows
            self._bytes += len(raw)
            self._rows.append({"file": file, "line": line, "rows": rows, "raw": raw, "reason": reason})
            if len(self._rows) >= _BATCH or self._bytes >= _BATCH_BYTES:
                self._flush()

        return reject

    def close(self) -> None:
        """Write what is left; always leaves a file, also without a row."""
        self._flush()
        if self._writer:
            self._writer.close()

    def _flush(self) -> None:
        with writing(self._path):
            if self._writer is None:
                self._writer = pq.ParquetWriter(self._path, SCHEMA, compression="zstd")
            if self._rows:
                self._writer.write_table(pa.Table.from_pylist(self._rows, schema=SCHEMA))
        self._rows, self._bytes = [], 0


def read(store: Store, *, limit: int = 1000) -> pa.Table:
    """The first rejected rows of a dataset: file, line, rows, raw, reason."""
    path = store.folder / FILE
    if not path.exists():
        return SCHEMA.empty_table()
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(limit):
            return pa.Table.from_batches([batch])
    return SCHEMA.empty_table()


def reasons(store: Store) -> dict[str, int]:
    """How many rows were rejected for each reason, most first."""
    path = store.folder / FILE
    counts: dict[str, int] = {}
    if path.exists():
        table = pq.read_table(path, columns=["reason", "rows"])
        for reason, rows in zip(*(column.to_pylist() for column in table.columns), strict=True):
            # Positions differ from row to row; the reason is what stands before them.
            plain = reason.split(" at ")[0]
            counts[plain] = counts.get(plain, 0) + rows
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def shown(raw: bytes, limit: int = 200) -> str:
    """Raw bytes as text for a message, cut to a length."""
    text = raw[: limit * 4].decode("utf-8", "replace")
    return text if len(text) <= limit else text[:limit] + "…"
