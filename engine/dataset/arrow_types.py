"""The Arrow types that a source came with, and those that the one table keeps in their place."""

import base64
import re
from functools import lru_cache
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

_ORDER = b"winnow:order"


def schema_text(schema: pa.Schema) -> str:
    """A schema with all that it says (nullability, metadata) as text: Arrow's own form of it in base64."""
    return base64.b64encode(schema.serialize()).decode()


def schema_of(text: str) -> pa.Schema:
    """The schema that `schema_text` wrote."""
    return pa.ipc.read_schema(pa.py_buffer(base64.b64decode(text)))


def with_order(field: pa.Field, categories: pa.Array) -> pa.Field:
    """A field of ordered categories that says which they are, as its type alone does not."""
    sink = pa.BufferOutputStream()
    batch = pa.record_batch([categories], names=["categories"])
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    told = {**(field.metadata or {}), _ORDER: base64.b64encode(sink.getvalue().to_pybytes())}
    return field.with_metadata(told)


def order_of(field: pa.Field) -> tuple[pa.Field, pa.Array | None]:
    """The field as it came, and its categories in their order where `with_order` has told them."""
    told = dict(field.metadata or {})
    body = told.pop(_ORDER, None)
    if body is None:
        return field, None
    with pa.ipc.open_stream(base64.b64decode(body)) as reader:
        return field.with_metadata(told or None), reader.read_all().column(0).combine_chunks()


def as_stored(values: pa.Array) -> pa.Array:
    """Values as the table keeps them; casting them to the type that they had gives the same values again."""
    if isinstance(values, pa.ExtensionArray):
        return as_stored(values.storage)
    if pa.types.is_dictionary(values.type):
        return as_stored(values.dictionary_decode())
    if pa.types.is_run_end_encoded(values.type):
        return as_stored(pc.run_end_decode(values))
    return values.cast(stored_type(values.type))


def stored_type(kind: pa.DataType) -> pa.DataType:
    """What the table keeps values of a type as: plain values, text and bytes with 64-bit offsets, times in zones known.

    A time zone that nobody here knows becomes UTC: the moments are the same, and they can be printed.
    """
    if pa.types.is_string(kind):
        return pa.large_string()
    if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.large_binary()
    return _plain(kind)


def _plain(kind: pa.DataType) -> pa.DataType:
    if isinstance(kind, pa.BaseExtensionType):
        return stored_type(kind.storage_type)
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return stored_type(kind.value_type)
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_decimal32(kind) or pa.types.is_decimal64(kind):
        return pa.decimal128(kind.precision, kind.scale)
    if pa.types.is_timestamp(kind):
        return kind if kind.tz is None or known_zone(kind.tz) else pa.timestamp(kind.unit, "UTC")
    if pa.types.is_struct(kind):
        return pa.struct([f.with_type(_plain(f.type)) for f in kind])
    if pa.types.is_map(kind):
        key, item = (f.with_type(_plain(f.type)) for f in (kind.key_field, kind.item_field))
        return pa.map_(key, item, keys_sorted=kind.keys_sorted)
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(kind.value_field.with_type(_plain(kind.value_type)), kind.list_size)
    if pa.types.is_list(kind) or pa.types.is_list_view(kind):
        return pa.list_(kind.value_field.with_type(_plain(kind.value_type)))
    if pa.types.is_large_list(kind) or pa.types.is_large_list_view(kind):
        return pa.large_list(kind.value_field.with_type(_plain(kind.value_type)))
    return kind


@lru_cache(maxsize=256)
def known_zone(name: str) -> bool:
    """Whether the times of a zone can be told, by Arrow and by Python: a name such as Europe/Berlin, or +05:30."""
    if re.fullmatch(r"[+-][0-9]{2}:[0-9]{2}", name):
        return True
    try:
        ZoneInfo(name)
        pa.scalar(0, pa.timestamp("s", name)).cast(pa.string())
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return False
    return True
