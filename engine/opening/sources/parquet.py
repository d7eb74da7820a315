"""Parquet files."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from engine.errors import EngineError
from engine.opening.sources._count import footer_rows
from engine.opening.sources._input import Input, Report, open_file
from engine.opening.sources._plain import note_orders, plain_batch
from engine.opening.sources._valid_text import with_valid_text
from engine.registry import About

_BATCH_ROWS = 20_000
_BATCH_BYTES = 16 << 20


ABOUT = About(suffixes=(".parquet", ".pq"), count=footer_rows)


def parquet(source: Input, report: Report) -> Iterator[pa.RecordBatch]:
    """Read Parquet with the types that it has.

    A row with a text that is not UTF-8 is rejected by itself; a row group that is damaged, from there on, with its
    number and rows. A file without its footer cannot be read at all.
    """
    with open_file(source.path) as raw:
        size = raw.seek(0, 2)
    if not size:
        raise EngineError(f"{source.name} is empty (0 bytes). Copy or write it again.")
    try:
        file = pq.ParquetFile(source.path, memory_map=True, page_checksum_verification=True)
        report.schema = file.schema_arrow
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise EngineError(
            f"{source.name} cannot be read as Parquet: {_first_line(error)} A file that was cut off has lost "
            "its footer, without which nothing can be read. Copy or write it again."
        ) from error
    with file:
        start = 0
        for group in range(file.num_row_groups):
            yield from _row_group(file, group, start, report)
            start += file.metadata.row_group(group).num_rows
            # Evenly: a damaged footer ends the whole process where it is asked for the bytes of a column.
            report.read(size // file.num_row_groups)


def _row_group(file: pq.ParquetFile, group: int, start: int, report: Report) -> Iterator[pa.RecordBatch]:
    """The rows of a row group. start: rows of the file before it."""
    facts = file.metadata.row_group(group)
    step = max(1, min(_BATCH_ROWS, facts.num_rows * _BATCH_BYTES // max(facts.total_byte_size, 1)))
    read, damage = 0, "it holds fewer rows than the footer says"
    try:
        for batch in file.iter_batches(step, row_groups=[group], use_threads=False):
            plain = plain_batch(batch)
            note_orders(batch, report)
            yield with_valid_text(plain, start + read, report)
            read += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        damage = _first_line(error)
    if lost := facts.num_rows - read:
        reason = f"row group {group + 1} is damaged ({damage}): {lost:,} rows from here on"
        report.reject(start + read + 1, b"", reason, rows=lost)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
