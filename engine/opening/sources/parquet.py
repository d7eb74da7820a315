"""Parquet files."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import EngineError
from engine.opening.sources._input import Input, Report, open_file
from engine.opening.sources._plain import plain_batch
from engine.registry import About

_BATCH_ROWS = 20_000
_BATCH_BYTES = 16 << 20


ABOUT = About(suffixes=(".parquet", ".pq"))


def parquet(source: Input, report: Report) -> Iterator[pa.RecordBatch]:
    """Read Parquet with the types that it has.

    A row group that is damaged is rejected as a whole, with its number and rows; a file without its footer cannot be
    read at all.
    """
    with open_file(source.path) as raw:
        size = raw.seek(0, 2)
    if not size:
        raise EngineError(f"{source.name} is empty (0 bytes). Copy or write it again.")
    try:
        file = pq.ParquetFile(source.path, memory_map=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise EngineError(
            f"{source.name} cannot be read as Parquet: {str(error).splitlines()[0]} A file that was cut off has lost "
            "its footer, without which nothing can be read. Copy or write it again."
        ) from error
    with file:
        done = 0
        for group in range(file.num_row_groups):
            facts = file.metadata.row_group(group)
            step = max(1, min(_BATCH_ROWS, facts.num_rows * _BATCH_BYTES // max(facts.total_byte_size, 1)))
            read = 0
            try:
                for batch in file.iter_batches(step, row_groups=[group], use_threads=False):
                    read += batch.num_rows
                    yield plain_batch(batch)
            except (pa.ArrowInvalid, OSError, pa.ArrowNotImplementedError) as error:
                lost = facts.num_rows - read
                reason = f"row group {group + 1} is damaged ({str(error).splitlines()[0]}): {lost:,} rows from here on"
                report.reject(done + read + 1, b"", reason)
                report.facts["lost_rows"] = int(report.facts.get("lost_rows") or 0) + lost  # type: ignore[arg-type]
            done += facts.num_rows
            report.read(facts.total_compressed_size if hasattr(facts, "total_compressed_size") else 0)
