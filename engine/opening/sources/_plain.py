"""Arrow batches as we keep them: no dictionaries, no extension types, text with 64-bit offsets."""

import pyarrow as pa

from engine.dataset import as_stored, order_of, with_order
from engine.opening.sources._input import Report
from engine.opening.sources._values import HELD, json_texts


def plain_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Columns as the table keeps them; what no file of rows can hold, such as a union of types, as JSON text."""
    fields, arrays = [], []
    for field, array in zip(batch.schema, batch.columns, strict=True):
        held = (field.metadata or {}).get(HELD)
        if _odd(field.type):
            held, array = b"json", json_texts(array.to_pylist())
        else:
            array = as_stored(array)
        fields.append(pa.field(field.name, array.type, metadata={HELD: held} if held else None))
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def note_orders(batch: pa.RecordBatch, report: Report) -> None:
    """Tell the report of ordered categories, which are more than the values that occur."""
    for i, column in enumerate(batch.columns):
        if report.schema is None or not pa.types.is_dictionary(column.type) or not column.type.ordered:
            continue
        field, known = order_of(report.schema.field(i))
        found = column.dictionary if known is None else pa.concat_arrays([known, column.dictionary]).unique()
        if known is None or len(found) > len(known):
            report.schema = report.schema.set(i, with_order(field, found))


def _odd(kind: pa.DataType) -> bool:
    if pa.types.is_nested(kind) and not pa.types.is_union(kind):
        return any(_odd(kind.field(i).type) for i in range(kind.num_fields))
    return bool(pa.types.is_union(kind) or pa.types.is_interval(kind))
