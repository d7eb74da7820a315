"""Arrow batches as we keep them: no dictionaries, no extension types, text with 64-bit offsets."""

import pyarrow as pa

from engine.opening.sources._values import HELD


def plain_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Dictionaries and extension types as the plain values that they stand for; text with 64-bit offsets."""
    fields, arrays = [], []
    for field, array in zip(batch.schema, batch.columns, strict=True):
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        kind = array.type
        if pa.types.is_string(kind) or pa.types.is_string_view(kind):
            array = array.cast(pa.large_string())
        elif pa.types.is_binary(kind) or pa.types.is_binary_view(kind):
            array = array.cast(pa.large_binary())
        fields.append(pa.field(field.name, array.type, metadata=_marks(field)))
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _marks(field: pa.Field) -> dict[bytes, bytes] | None:
    found = (field.metadata or {}).get(HELD)
    return {HELD: found} if found else None
