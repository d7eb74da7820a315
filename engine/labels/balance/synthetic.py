"""Synthetic rows of a rare label: vectors between its own, to look at and to export apart, never part of the corpus."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from engine.dataset import Dataset
from engine.errors import EngineError, unknown
from engine.store import write_bytes

BLOCK = 1 << 11
MOST = 1_000_000


@dataclass(frozen=True)
class Synthetic:
    """Points between two rows of one label. parents: int64 (m, 2), rows; along: float64 (m,), how far from the first to
    the second, 0 to 1. vectors: float32 (m, d), on the line between the parents', not brought to length 1.

    x, y: float32 (m,), on the line between the parents' places on the map; NaN without a map. crowded: bool (m,),
    points to which a text of another label is nearer than both parents: they lie on foreign ground.
    """

    label: str
    parents: np.ndarray
    along: np.ndarray
    vectors: np.ndarray
    x: np.ndarray
    y: np.ndarray
    crowded: np.ndarray


def synthetic(
    data: Dataset, label: str, value: str, embedding: str, *, count: int, k: int = 5, map: str = "", seed: int = 0
) -> Synthetic:
    """Points of one label between each of its texts and one of its k nearest of the same label (SMOTE).

    Every text is a first parent as often as another, give or take one; texts that are the same are one. Nothing is
    written. Source: Chawla et al. 2002. Raises `EngineError` for a label of fewer than two texts, and for k
    below 1.
    """
    codes, names = data.codes(label)
    if value not in names:
        raise unknown(f"label of {label}", value, names)
    if not 1 <= count <= MOST:
        raise EngineError(f"{count:,} synthetic rows were asked for; 1 to {MOST:,} can be made.")
    if k < 1:
        raise EngineError(f"A point lies between a text and one of its k nearest; k is {k}. Give 1 or more.")
    stored = data.embedding(embedding)
    of_row = np.asarray(stored.texts.of_row, np.int64)
    mine = np.flatnonzero((codes == names.index(value)) & (of_row >= 0))
    node, first = np.unique(of_row[mine], return_index=True)
    if len(node) < 2:
        raise EngineError(
            f"{value!r} has {len(node)} text; a point lies between two. Label more rows, or weigh them up."
        )
    rng = np.random.default_rng(seed)
    x = stored.floats(node)
    near = nearest_of_own(x, min(k, len(node) - 1))
    head = np.concatenate([rng.permutation(len(node)) for _ in range(-(-count // len(node)))])[:count]
    tail = near[head, rng.integers(0, near.shape[1], count)]
    along = rng.random(count)
    part = along[:, None].astype(np.float32)
    vectors = x[head] + part * (x[tail] - x[head])
    rows = mine[first]
    px, py = np.full(count, np.nan, np.float32), np.full(count, np.nan, np.float32)
    if map:
        placed = data.map(map)
        mx, my = (data.per_row(values, placed.texts)[rows] for values in (placed.x, placed.y))
        px, py = (v[head] + along * (v[tail] - v[head]) for v in (mx, my))
    others = np.setdiff1d(of_row[(codes >= 0) & (codes != names.index(value)) & (of_row >= 0)], node)
    crowded = _crowded(vectors, np.stack([x[head], x[tail]]), stored.floats, others)
    return Synthetic(
        value, np.stack([rows[head], rows[tail]], axis=1), along, vectors, px.astype(np.float32), py.astype(np.float32),
        crowded,
    )  # fmt: skip


def nearest_of_own(x: np.ndarray, k: int) -> np.ndarray:
    """int64 (m, k): the k nearest others of each vector, the nearest first. x: float32 (m, d)."""
    found = np.empty((len(x), k), np.int64)
    for start in range(0, len(x), BLOCK):
        close = x[start : start + BLOCK] @ x.T
        close[np.arange(len(close)), np.arange(start, start + len(close))] = -np.inf
        best = np.argpartition(-close, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(close, best, axis=1), axis=1, kind="stable")
        found[start : start + len(close)] = np.take_along_axis(best, order, axis=1)
    return found


def write_synthetic(data: Dataset, made: Synthetic, path: Path) -> None:
    """Write the points as a file of their own, whole or not at all."""
    write_bytes(path, synthetic_file(data, made))


def synthetic_file(data: Dataset, made: Synthetic) -> bytes:
    """The points as Parquet: label, vector, the keys of both parents, and `synthetic`, which is true in each."""
    first, second = data.keys(made.parents[:, 0]), data.keys(made.parents[:, 1])
    table = pa.table(
        {
            "label": pa.array([made.label] * len(first), pa.string()),
            "synthetic": pa.array([True] * len(first)),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(made.vectors.ravel()), made.vectors.shape[1]),
            "first_parent": first,
            "second_parent": second,
            "along": made.along,
        }
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def _crowded(
    made: np.ndarray, parents: np.ndarray, vectors: Callable[[np.ndarray], np.ndarray], others: np.ndarray
) -> np.ndarray:
    """bool (m,): whether a text of another label is closer, by cosine, than either parent."""
    size = np.sqrt((made * made).sum(axis=1, keepdims=True))
    unit = made / np.maximum(size, 1e-9)
    own = np.maximum((unit * parents[0]).sum(axis=1), (unit * parents[1]).sum(axis=1))
    found = np.zeros(len(made), bool)
    for start in range(0, len(others), BLOCK):
        theirs = vectors(others[start : start + BLOCK])
        for at in range(0, len(made), BLOCK):
            part = slice(at, at + BLOCK)
            found[part] |= (unit[part] @ theirs.T > own[part, None]).any(axis=1)
    return found
