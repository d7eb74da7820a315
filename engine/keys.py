"""Row keys: a row's id, or the hash of its content with a number for repeats; they survive appends and edits."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from engine.registry import Json
from engine.store import Artefact

if TYPE_CHECKING:
    from engine.dataset import Dataset

_BLOCK_ROWS = 20_000


def of_rows(data: "Dataset", rows: np.ndarray) -> list[str]:
    """The key of each row: its id, or 16 hexadecimal digits of its content; a repeated one with `#2`, `#3` …"""
    found = artefact(data)
    repeat = found.array("repeat")[rows].tolist()
    id_key = str(found.spec["id"])
    if id_key:
        hashes = found.array("content")[rows].tolist()
        ids = as_text(data.column(id_key, rows)).to_pylist()
        names = [i if i is not None else f"{h:016x}" for i, h in zip(ids, hashes, strict=True)]
    else:
        names = [f"{h:016x}" for h in found.array("content")[rows].tolist()]
    return [f"{k}#{r + 1}" if r else k for k, r in zip(names, repeat, strict=True)]


def rows_of(data: "Dataset", keys: Sequence[str]) -> np.ndarray:
    """int64: the row of each key, -1 for a key that is not here."""
    all_keys, order = data._cache.get("keys/sorted", lambda: _sorted(data))
    if not len(order) or not len(keys):
        return np.full(len(keys), -1, np.int64)
    wanted = np.array([_hash(k.encode()) for k in keys], np.uint64)
    at = np.minimum(np.searchsorted(all_keys, wanted), len(order) - 1)
    found = np.where(all_keys[at] == wanted, order[at], -1)
    there = np.flatnonzero(found >= 0)
    names = of_rows(data, found[there])
    for i, name in zip(there.tolist(), names, strict=True):
        if name != keys[i]:
            found[i] = -1
    return found


def content(data: "Dataset", rows: np.ndarray) -> np.ndarray:
    """uint64: hash of the canonical content of each row; equal rows have equal hashes."""
    return artefact(data).array("content")[rows]


def artefact(data: "Dataset") -> Artefact:
    """The `keys` artefact of this revision, made once: content uint64 (n,), repeat int32 (n,), 0 for a first one."""
    return data._cache.get("keys/artefact", lambda: _artefact(data))


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
    return np.array([_hash(v) for v in joined.cast(pa.large_binary()).to_pylist()], np.uint64)


def as_text(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Values as text, missing stays missing; whole numbers alike whether they were stored as integers or not."""
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return values
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_temporal(kind):
        return values.cast(pa.large_string())
    written = [None if v is None else _written(v) for v in values.to_pylist()]
    return pa.array(written, pa.large_string())


def _artefact(data: "Dataset") -> Artefact:
    id_key = next((c.key for c in data.columns.values() if c.role == "id" and c.origin == "source"), "")
    spec: dict[str, Json] = {"rows": data.fingerprint, "id": id_key, "version": 1}
    sources = [c.key for c in data.columns.values() if c.origin == "source"]
    for made in data.store.artefacts("keys"):
        if made.spec == spec:
            return made
    blocks = [np.empty(0, np.uint64)]
    for start in range(0, data.n, _BLOCK_ROWS):
        block = slice(start, min(start + _BLOCK_ROWS, data.n))
        blocks.append(hashes([(k, data.column(k).slice(block.start, block.stop - block.start)) for k in sources]))
    found = np.concatenate(blocks)
    named = found
    if id_key:
        ids = as_text(data.column(id_key)).to_pylist()
        named = np.array(
            [int(h) if i is None else _hash(i.encode()) for i, h in zip(ids, found.tolist(), strict=True)], np.uint64
        )
    return data.store.publish("keys", "keys", spec, {"content": found, "repeat": repeats(named)})


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


def _sorted(data: "Dataset") -> tuple[np.ndarray, np.ndarray]:
    """Hashes of all keys in ascending order, and the row of each."""
    blocks = [np.empty(0, np.uint64)]
    for start in range(0, data.n, _BLOCK_ROWS):
        rows = np.arange(start, min(start + _BLOCK_ROWS, data.n), dtype=np.int64)
        blocks.append(np.array([_hash(k.encode()) for k in of_rows(data, rows)], np.uint64))
    every = np.concatenate(blocks)
    order = np.argsort(every, kind="stable")
    return every[order], order.astype(np.int64)


def _large(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _hash(value: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(value, digest_size=8).digest(), "big")


def _written(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**63 else repr(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()
    return str(value)
