"""Block products with the best columns kept: the arithmetic under every exact search."""

from typing import Protocol

import numpy as np

from indexes.grid import to_float

Positions = slice | np.ndarray
_TILE_BYTES = 96 << 20


class Tiles(Protocol):
    """What exact search needs of a device: the best columns of a block product, and where a product equals a value."""

    query_rows: int
    base_rows: int

    def top(self, queries: np.ndarray, positions: Positions, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k best of `positions` for each query: similarities float32 (q, k), places in `positions` int64 (q, k).

        The similarities are right and exact; which of several equally similar places at rank k is returned is open.
        """
        ...

    def equal(self, queries: np.ndarray, positions: Positions, similarity: np.ndarray) -> np.ndarray:
        """Boolean (q, b): where the product of a query with a position is exactly its `similarity`, float32 (q,)."""
        ...


class CpuTiles:
    """Block products on the CPU by faiss, which fuses the product with the selection of the best columns.

    Only one block of the vectors is held as float32 at a time.
    """

    def __init__(self, vectors: np.ndarray, *, query_rows: int = 2048, base_rows: int | None = None) -> None:
        self.vectors = vectors
        self.query_rows = query_rows
        self.base_rows = base_rows or max(1024, _TILE_BYTES // (4 * max(1, vectors.shape[1])))

    def top(self, queries: np.ndarray, positions: Positions, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k best of `positions` for each query."""
        import faiss

        block = to_float(self.vectors[positions])
        return faiss.knn(to_float(queries), block, k, metric=faiss.METRIC_INNER_PRODUCT)

    def equal(self, queries: np.ndarray, positions: Positions, similarity: np.ndarray) -> np.ndarray:
        """Where the product of a query with a position is exactly its `similarity`."""
        product = to_float(queries) @ to_float(self.vectors[positions]).T
        return product == similarity[:, None]
