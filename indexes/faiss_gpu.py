"""Block products on a GPU that faiss sees."""

import numpy as np

from indexes.grid import to_float
from indexes.tiles import CpuTiles, Positions


class FaissGpuTiles(CpuTiles):
    """Block products by faiss on the GPU; ties are settled on the CPU, on the same exact numbers."""

    def __init__(self, vectors: np.ndarray) -> None:
        import faiss

        super().__init__(vectors, query_rows=8192, base_rows=1 << 18)
        self._resources = faiss.StandardGpuResources()

    def top(self, queries: np.ndarray, positions: Positions, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k best of `positions` for each query."""
        import faiss

        block = to_float(self.vectors[positions])
        return faiss.knn_gpu(self._resources, to_float(queries), block, k, metric=faiss.METRIC_INNER_PRODUCT)
