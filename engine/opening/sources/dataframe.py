"""A table from Python: a DataFrame of pandas, or a table of Arrow."""

from collections.abc import Iterator

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._count import table_rows
from engine.opening.sources._input import Input, Report
from engine.opening.sources._plain import note_orders, plain_batch
from engine.opening.sources._valid_text import with_valid_text
from engine.opening.sources._values import Kinds, column_of
from engine.registry import About

_BATCH_ROWS = 20_000


ABOUT = About(title="DataFrame", count=table_rows)


def dataframe(source: Input, report: Report) -> Iterator[pa.RecordBatch]:
    """Read a table that is in memory, with the types that it has."""
    if source.frame is None:
        raise EngineError(f"{source.name} is not a table in memory. Give a DataFrame.")
    report.schema = source.frame.schema
    start = 0
    for batch in source.frame.to_batches(_BATCH_ROWS):
        if batch.num_rows:
            note_orders(batch, report)
            yield with_valid_text(plain_batch(batch), start, report)
        start += batch.num_rows


def arrow_of(frame: object) -> pa.Table:
    """A pandas DataFrame or an Arrow table as an Arrow table; columns of mixed objects become text or JSON text.

    The index is left out; a number as column name becomes text. Raises `EngineError` for anything else.
    """
    if isinstance(frame, pa.Table):
        return frame
    columns = getattr(frame, "columns", None)
    if columns is None or not hasattr(frame, "iloc"):
        raise EngineError(f"A {type(frame).__name__} cannot be opened. Give a path, a DataFrame or an Arrow table.")
    kinds = Kinds(lambda column, row, before, after: None)
    fields, arrays = [], []
    for i, name in enumerate(columns):
        series = frame.iloc[:, i]
        try:
            array = pa.array(series, from_pandas=True)
            field = pa.field(str(name), array.type)
            if pa.types.is_struct(array.type):
                raise pa.ArrowInvalid("objects may differ from row to row")
        except (pa.ArrowException, OverflowError, ValueError):
            field, array = column_of(str(name), [_plain(v) for v in series.tolist()], kinds, 0)
        fields.append(field)
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _plain(value: object) -> object:
    """An object of a DataFrame as Python's own: arrays as lists, the many kinds of missing as None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if value is None or (value != value) is not False else value
