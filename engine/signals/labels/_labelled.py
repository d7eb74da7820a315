"""Labelled rows as label signals see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError

BLOCK, BLOCK_CELLS = 1 << 14, 1 << 23
COPIES = 0.95
"""Similarity from which two texts count as copies, which must not vote for each other."""


@dataclass(frozen=True)
class Labelled:
    """codes: int64 (n,), -1 for a row without a label; names: of the codes. node: int64 (n,), where a row's vector is,
    -1 for none. rows: int64 (r,), those that have both."""

    codes: np.ndarray
    names: tuple[str, ...]
    node: np.ndarray
    rows: np.ndarray


def labelled(data: Dataset, label: str, embedding: str) -> Labelled:
    """The labels of a column beside the vectors of an embedding; raises `EngineError` where fewer than two are used."""
    node = np.asarray(data.embedding(embedding).texts.of_row, np.int64)
    codes, names = used(data, label, node >= 0)
    return Labelled(codes, names, node, np.flatnonzero((codes >= 0) & (node >= 0)))


def used(data: Dataset, label: str, there: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """The labels of a column, int64 (n,), -1 for none, and their names; raises `EngineError` where fewer than two are
    used by rows that are there, bool (n,)."""
    codes, names = data.codes(label)
    found = np.unique(codes[(codes >= 0) & there])
    if len(found) < 2:
        said = f"only {names[int(found[0])]!r}" if len(found) else "no label"
        raise EngineError(
            f"{label!r} has {said} in rows that can be read. Doubt needs two labels at least: choose another column."
        )
    return codes.astype(np.int64), tuple(names)


def blocks(n: int, classes: int = 1) -> Iterator[slice]:
    """Rows in parts that fit the memory, whatever the number of labels."""
    size = max(1, min(BLOCK, BLOCK_CELLS // max(classes, 1)))
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))


def empty(n: int, values: Mapping[str, object]) -> dict[str, np.ndarray]:
    """float32 (n,) for each value, all missing."""
    return {name: np.full(n, np.nan, np.float32) for name in values}
