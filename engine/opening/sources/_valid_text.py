"""Texts that are not UTF-8: found in every batch, at any depth, and named by row."""

import pyarrow as pa
import pyarrow.compute as pc

from engine.opening.sources._encoding import is_utf8
from engine.opening.sources._input import Report


def with_valid_text(batch: pa.RecordBatch, start: int, report: Report) -> pa.RecordBatch:
    """The rows whose texts are UTF-8; the others are rejected, each with the first of its columns that is not."""
    bad: dict[int, tuple[str, bytes]] = {}
    for name, values in zip(batch.schema.names, batch.columns, strict=True):
        for row, raw in bad_rows(values):
            bad.setdefault(row, (name, raw))
    if not bad:
        return batch
    for row, (name, raw) in sorted(bad.items()):
        report.reject(start + row + 1, raw, f"text that is not UTF-8 in column {name!r}")
    return batch.filter(pc.invert(pc.is_in(pa.array(range(batch.num_rows)), pa.array(list(bad)))))


def bad_rows(values: pa.Array) -> list[tuple[int, bytes]]:
    """The rows whose text is not UTF-8, each with the bytes of the first such text in it.

    All rows are looked at in one pass; only where it fails, one by one: nested ones by halves until they are found.
    """
    if not _holds_text(values.type) or _valid(values):
        return []
    if not pa.types.is_nested(values.type):
        return [(i, raw) for i, raw in enumerate(_as_bytes(values).to_pylist()) if raw is not None and not is_utf8(raw)]
    if len(values) == 1:
        return [(0, _first_bad(values))]
    half = len(values) // 2
    return [*bad_rows(values[:half]), *((half + i, raw) for i, raw in bad_rows(values[half:]))]


def _first_bad(values: pa.Array) -> bytes:
    part = next(part for part in _parts(values) if not _valid(part))
    return _first_bad(part) if pa.types.is_nested(part.type) else bad_rows(part)[0][1]


def _holds_text(kind: pa.DataType) -> bool:
    if pa.types.is_nested(kind):
        return any(_holds_text(kind.field(i).type) for i in range(kind.num_fields))
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _valid(values: pa.Array) -> bool:
    if not pa.types.is_nested(values.type):
        try:
            _as_bytes(values).cast(values.type)  # looks, and copies nothing
        except pa.ArrowInvalid:
            return False
        return True
    return all(_valid(part) for part in _parts(values))


def _parts(values: pa.Array) -> list[pa.Array]:
    """What nested values hold, one step down, of those parts that may hold text."""
    if pa.types.is_map(values.type):
        entry = pa.struct([values.type.key_field, values.type.item_field])
        values = values.cast(pa.list_(entry))
    found = values.flatten()
    return [part for part in (found if isinstance(found, list) else [found]) if _holds_text(part.type)]


def _as_bytes(values: pa.Array) -> pa.Array:
    return values.view(pa.binary() if pa.types.is_string(values.type) else pa.large_binary())
