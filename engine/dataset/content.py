"""The content of a row as a hash: equal rows have equal hashes, however they are stored."""

import hashlib
from collections.abc import Sequence

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset.arrow_types import as_stored, stored_type
from engine.text import python_values


def hashes(columns: Sequence[tuple[str, pa.Array | pa.ChunkedArray]]) -> np.ndarray:
    """uint64: 64-bit BLAKE2b of each row's canonical content.

    Canonical: every value that is there, as text, with its column's key and its length, in the order of the keys. So a
    new column that is missing in old rows, and a column that turns from integer to text, change no old row's hash.
    """
    parts = []
    for key, values in sorted(columns, key=lambda c: c[0]):
        text = as_text(values).cast(pa.large_string())
        length = pc.binary_length(text).cast(pa.large_string())
        part = pc.binary_join_element_wise(_large(f"{key}\x1f"), length, _large(":"), text, _large(""))
        parts.append(pc.fill_null(part, ""))
    if not parts:
        return np.empty(0, np.uint64)
    joined = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, _large(""))
    return np.array([hash_of(v) for v in joined.cast(pa.large_binary()).to_pylist()], np.uint64)


def as_text(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Values as text, missing stays missing; whole numbers alike whether they were stored as integers or not."""
    values = _plain(values)
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_temporal(kind):
        return values.cast(pa.large_string())
    written = [None if v is None else _written(v) for v in python_values(values)]
    return pa.array(written, pa.large_string())


def repeats(values: np.ndarray) -> np.ndarray:
    """int32: how many equal values stand before each one.

    >>> repeats(np.array([7, 5, 7, 7])).tolist()
    [0, 0, 1, 2]
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(values) else np.empty(0, np.int64)
    lengths = np.diff(np.r_[starts, len(values)])
    counts = np.empty(len(values), np.int32)
    counts[order] = np.arange(len(values)) - np.repeat(starts, lengths)
    return counts


def _plain(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Values as the table keeps them: those of a file that was exported are hashed as those that it was made from."""
    if isinstance(values, pa.ChunkedArray):
        return pa.chunked_array([as_stored(c) for c in values.chunks], stored_type(values.type))
    return as_stored(values)


def _large(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def hash_of(value: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(value, digest_size=8).digest(), "big")


def _written(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**63 else repr(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()
    return str(value)
