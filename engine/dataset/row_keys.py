"""Row keys: a row's id, or the hash of its content with a number for repeats; they survive appends and edits."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from engine.dataset.content import hash_of, hashes, repeats
from engine.store import Origin, Spec

_BLOCK_ROWS = 20_000
_NUMBERED = re.compile(r"#[0-9]+$")


@dataclass(frozen=True)
class RowKeys:
    """The keys of all rows of a revision.

    content: uint64 (n,), hash of the canonical content. name: uint64 (n,), the same whatever the types of the columns.
    repeat: int32 (n,), how many rows of the same id or name stand before. ids: the ids of some rows as text, None for a
    missing one; None where the content names the rows.
    """

    content: np.ndarray
    name: np.ndarray
    repeat: np.ndarray
    ids: Callable[[np.ndarray], list[str | None]] | None

    def of_rows(self, rows: np.ndarray) -> list[str]:
        """The key of each row: its id, or 16 hexadecimal digits of its content; a repeated one with `#2`, `#3` …

        An id that itself ends so gets `#1` behind it, so that no two rows share a key.
        """
        names = [f"{h:016x}" for h in self.name[rows].tolist()]
        if self.ids:
            names = [name if i is None else i for i, name in zip(self.ids(rows), names, strict=True)]
        return [
            f"{k}#{r + 1}" if r or _NUMBERED.search(k) else k
            for k, r in zip(names, self.repeat[rows].tolist(), strict=True)
        ]

    def rows_of(self, keys: Sequence[str]) -> np.ndarray:
        """int64: the row of each key, -1 for a key that is not here.

        A key from before ids that end in a number were told from repeated ones, or from when rows were named by their
        content alone, is found where no other row has it.
        """
        found = self._found(keys)
        older = [i for i in np.flatnonzero(found < 0).tolist() if _NUMBERED.search(keys[i])]
        if older:
            found[older] = self._found([f"{keys[i]}#1" for i in older])
        missing = np.flatnonzero(found < 0).tolist()
        if missing and not np.array_equal(self.name, self.content):
            found[missing] = self._by_content._found([keys[i] for i in missing])
        return found

    @cached_property
    def _by_content(self) -> "RowKeys":
        """The keys as they were when a row was named by its content, with the types that it has."""
        return RowKeys(self.content, self.content, repeats(self.content), None)

    def _found(self, keys: Sequence[str]) -> np.ndarray:
        all_keys, order = self._sorted
        if not len(order) or not len(keys):
            return np.full(len(keys), -1, np.int64)
        wanted = np.array([hash_of(k.encode()) for k in keys], np.uint64)
        at = np.minimum(np.searchsorted(all_keys, wanted), len(order) - 1)
        found = np.where(all_keys[at] == wanted, order[at], -1)
        there = np.flatnonzero(found >= 0)
        for i, name in zip(there.tolist(), self.of_rows(found[there]), strict=True):
            if name != keys[i]:
                found[i] = -1
        return found

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        """Hashes of all keys in ascending order, and the row of each."""
        blocks = [np.empty(0, np.uint64)]
        for start in range(0, len(self.content), _BLOCK_ROWS):
            rows = np.arange(start, min(start + _BLOCK_ROWS, len(self.content)), dtype=np.int64)
            blocks.append(np.array([hash_of(k.encode()) for k in self.of_rows(rows)], np.uint64))
        every = np.concatenate(blocks)
        order = np.argsort(every, kind="stable")
        return every[order], order.astype(np.int64)


def keys_origin(fingerprint: str, id_key: str) -> Origin:
    """What the keys of a revision depend on: its rows, and the column that names them ("": their content does)."""
    return Origin(Spec("keys", version=2), fingerprint, facts={"id": id_key})


def numbered(
    columns: Mapping[str, pa.ChunkedArray], ids: pa.ChunkedArray | None, n: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`content` uint64 (n,), `name` uint64 (n,) and `repeat` int32 (n,) of the source's columns.

    ids: text of the column that names rows, None where their content does.
    """
    content, name = np.empty(n, np.uint64), np.empty(n, np.uint64)
    for start in range(0, n, _BLOCK_ROWS):
        block = [(k, c.slice(start, min(_BLOCK_ROWS, n - start))) for k, c in columns.items()]
        content[start : start + _BLOCK_ROWS] = hashes(block)
        name[start : start + _BLOCK_ROWS] = hashes(block, whatever_type=True)
    named = name
    if ids is not None:
        pairs = zip(ids.to_pylist(), name.tolist(), strict=True)
        named = np.array(
            [int(h) if i is None else hash_of(i.encode()) for i, h in pairs],
            np.uint64,
        )
    return content, name, repeats(named)
