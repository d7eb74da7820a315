"""Columns as their files had them: the types, nullability and metadata that a source of types came with."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import known_zone, order_of, schema_of
from engine.exporting.formats._output import Output

_COLUMNS_TOLD = (b"pandas", b"huggingface", b"org.apache.spark.sql.parquet.row.metadata")
"""Metadata that lists the columns; it would be wrong of a file that has others."""


@dataclass(frozen=True)
class AsRead:
    """The schema to write, and what in it is not as it came, in sentences. orders: of columns of ordered categories."""

    schema: pa.Schema
    orders: tuple[pa.Array | None, ...]
    changes: tuple[str, ...] = ()

    def table(self, columns: pa.Table) -> pa.Table:
        """Columns with the types of the schema."""
        arrays = [
            _cast(c, f.type, order) for c, f, order in zip(columns.columns, self.schema, self.orders, strict=True)
        ]
        return pa.Table.from_arrays(arrays, schema=self.schema)


def as_read(output: Output) -> AsRead:
    """The columns of the source with the types that they came with, where all files agree; others as they are kept."""
    files = [schema_of(f.schema) if f.schema else None for f in output.data.record.files if f.rows]
    kept = output.schema
    fields, orders, changes = [], [], []
    for i, key in enumerate(output.columns):
        told, change = _field(kept.field(i), key, files, output)
        found, order = order_of(told)
        fields.append(found)
        orders.append(None if key in output.rewritten else order)
        changes += [change] if change else []
    fields += [kept.field(i) for i in range(len(output.columns), len(kept))]
    orders += [None] * len(output.extras)
    metadata, left_out = _metadata(output, files)
    changes += [f"left out: {left_out}"] if left_out else []
    return AsRead(pa.schema(fields, metadata or None), tuple(orders), tuple(changes))


def zone_changes(output: Output) -> tuple[str, ...]:
    """What to say of columns whose time zone nobody here knows, where the zone cannot be written."""
    schemas = [schema_of(f.schema) for f in output.data.record.files if f.schema]
    return tuple(
        f"{name!r}: its time zone, {zone!r}, is not known here; its times are in UTC"
        for name, key in zip(output.names, output.columns, strict=True)
        if output.data.columns[key].origin == "source"
        for zone in dict.fromkeys(z for s in schemas if key in s.names for z in _zones(s.field(key).type))
        if not known_zone(zone)
    )


def _zones(kind: pa.DataType) -> list[str]:
    if pa.types.is_nested(kind):
        return [zone for i in range(kind.num_fields) for zone in _zones(kind.field(i).type)]
    return [kind.tz] if pa.types.is_timestamp(kind) and kind.tz else []


def _field(kept: pa.Field, key: str, files: list[pa.Schema | None], output: Output) -> tuple[pa.Field, str]:
    """The field to write, and what is not as it came, "" for nothing."""
    if output.data.columns[key].origin != "source" or None in files:
        return kept, ""
    theirs = [f.field(key) for f in files if f is not None and key in f.names]
    if not theirs:
        return kept, ""  # the column that pooling added
    kinds = list(dict.fromkeys(f.type for f in theirs))
    if len(kinds) > 1:
        named = " and ".join(str(k) for k in kinds)
        return kept, f"{kept.name!r}: its files had {named}; it is {kept.type}"
    kind, change = kinds[0], ""
    alike = all((f.metadata or {}) == (theirs[0].metadata or {}) for f in theirs)
    if not _can(kept.type, kind) or (key in output.rewritten and _one_length(kind)):
        kind, change = kept.type, f"{kept.name!r}: it was {kind}; it is {kept.type}"
    elif pa.types.is_dictionary(kind) and kind.ordered and key in output.rewritten:
        kind = pa.dictionary(kind.index_type, kind.value_type)
        change = f"{kept.name!r}: its texts are not those that came in, so its categories are no longer ordered"
    elif pa.types.is_dictionary(kind) and kind.ordered and not alike:
        kind = pa.dictionary(kind.index_type, kind.value_type)
        change = f"{kept.name!r}: its files order their categories differently; they are no longer ordered"
    elif pa.types.is_dictionary(kind) and _too_many(output, key, kind):
        kind = pa.dictionary(pa.int32(), kind.value_type, kind.ordered)
        change = f"{kept.name!r}: more different values than {kinds[0].index_type} counts; it is {kind}"
    everywhere = len(theirs) == len(files) and not any(f.nullable for f in theirs)
    return pa.field(kept.name, kind, not everywhere, theirs[0].metadata if alike else None), change


def _can(kept: pa.DataType, kind: pa.DataType) -> bool:
    """Whether values that are kept as one type can be cast to another that they came with, however many they are."""
    if pa.types.is_nested(kind) and _small_index_in(kind):
        return False
    try:
        _cast(pa.chunked_array([pa.nulls(1, kept)]), kind)
    except (pa.ArrowException, TypeError):
        return False
    return True


def _one_length(kind: pa.DataType) -> bool:
    """Whether values are bytes of one length, which bytes that are rewritten may not have."""
    if isinstance(kind, pa.BaseExtensionType):
        return _one_length(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return _one_length(kind.value_type)
    return bool(pa.types.is_fixed_size_binary(kind))


def _small_index_in(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return bool(kind.index_type.bit_width < 32)
    return pa.types.is_nested(kind) and any(_small_index_in(kind.field(i).type) for i in range(kind.num_fields))


def _cast(values: pa.ChunkedArray, kind: pa.DataType, order: pa.Array | None = None) -> pa.ChunkedArray:
    if values.type == kind:
        return values
    if isinstance(kind, pa.BaseExtensionType):
        return _cast(values, kind.storage_type).cast(kind)
    if pa.types.is_null(kind):
        return pa.chunked_array([pa.nulls(len(values))])
    if pa.types.is_dictionary(kind):
        plain = values.cast(kind.value_type)
        return pa.chunked_array([_encoded(chunk, kind, order) for chunk in plain.chunks], kind)
    return values.cast(kind)


def _encoded(values: pa.Array, kind: pa.DictionaryType, order: pa.Array | None) -> pa.Array:
    if order is None:
        found = values.dictionary_encode()
        places, order = found.indices, found.dictionary
    else:
        places = pc.index_in(values, order)
    return pa.DictionaryArray.from_arrays(places.cast(kind.index_type), order, ordered=kind.ordered)


def _too_many(output: Output, key: str, kind: pa.DictionaryType) -> bool:
    """Whether a small index cannot count the different values, as of files pooled."""
    most = 2 ** (kind.index_type.bit_width - (0 if pa.types.is_unsigned_integer(kind.index_type) else 1))
    if most > 2**16:
        return False
    return pc.count_distinct(output.data.column(key, output.rows)).as_py() > most


def _metadata(output: Output, files: list[pa.Schema | None]) -> tuple[Mapping[bytes, bytes], str]:
    """The metadata of the files where all have the same, without what is no longer true; and what is left out."""
    theirs = [(f.metadata or {}) if f is not None else {} for f in files]
    if any(t != theirs[0] for t in theirs):
        return {}, "the metadata of the files, as they differ"
    found = dict(theirs[0]) if theirs else {}
    whole = len(files) == 1 and output.names == tuple(c.name for c in output.data.record.columns) and not output.extras
    stale: tuple[bytes, ...] = () if whole else _COLUMNS_TOLD
    if whole and not (output.only is None and output.data.are_all(output.rows)):
        stale = (b"pandas",)
    gone = [k.decode("utf-8", "replace") for k in stale if found.pop(k, None) is not None]
    return found, f"the metadata {', '.join(gone)}, which tells of other columns or rows" if gone else ""
