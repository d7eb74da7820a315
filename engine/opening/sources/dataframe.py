"""A table from Python: a DataFrame of pandas, or a table of Arrow."""

from collections.abc import Iterator

import pyarrow as pa

from engine.errors import EngineError
from engine.opening.sources._input import Input, Report
from engine.opening.sources._plain import plain_batch
from engine.opening.sources._values import Kinds, column_of
from engine.registry import About

_BATCH_ROWS = 20_000


ABOUT = About(title="DataFrame")


def dataframe(source: Input, report: Report) -> Iterator[pa.RecordBatch]:
    """Read a table that is in memory, with the types that it has."""
    if source.frame is None:
        raise EngineError(f"{source.name} is not a table in memory. Give a DataFrame.")
    for batch in source.frame.to_batches(_BATCH_ROWS):
        if batch.num_rows:
            yield plain_batch(batch)


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
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, UnicodeEncodeError):
            values = [None if v is None or v != v else v for v in series.tolist()]
            field, array = column_of(str(name), values, kinds, 0)
        fields.append(field)
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
