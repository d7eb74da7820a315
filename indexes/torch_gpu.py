"""Block products through torch: on a GPU where only torch has it, or on the CPU to check the same code."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from indexes.grid import GRID, to_grid
from indexes.tiles import Positions

if TYPE_CHECKING:
    import torch

_QUERY_ROWS = 4096
_UPLOAD_ROWS = 65_536


class TorchTiles:
    """Block products of grid vectors, int16 (m, d), on a torch device.

    Grid values are exact in float16, so tensor cores with float32 accumulation give the same similarities as float32;
    this is tried on the device first, and where it does not hold float32 without TF32 is used. The vectors stay on the
    device where they fit in half of its free memory, else blocks travel as they are needed.
    """

    def __init__(self, vectors: np.ndarray, *, device: str = "cuda", half: bool | None = None) -> None:
        import torch

        self.vectors = vectors
        self.device = device
        on_gpu = device.startswith("cuda")
        self.half = (on_gpu and half_is_exact(device)) if half is None else half
        self.query_rows = _QUERY_ROWS
        free = torch.cuda.mem_get_info(device)[0] if on_gpu else 1 << 30
        element = 2 if self.half else 4
        size = vectors.shape[0] * vectors.shape[1] * element
        # Product and its selection take about twice a tile of float32.
        self.base_rows = max(1024, int(free // 4) // (4 * _QUERY_ROWS))
        self._resident = self._uploaded(vectors) if on_gpu and size <= free // 2 else None

    def _uploaded(self, vectors: np.ndarray, block_rows: int = _UPLOAD_ROWS) -> "torch.Tensor":
        """All vectors on the device, block by block: room is taken once, and beside it for one block as integers."""
        import torch

        whole = torch.empty(vectors.shape, dtype=self._dtype(), device=self.device)
        for start in range(0, len(vectors), block_rows):
            whole[start : start + block_rows] = self._upload(vectors[start : start + block_rows])
        return whole

    def _upload(self, block: np.ndarray) -> "torch.Tensor":
        """Grid integers as values on the device, float16 or float32; exact in both."""
        import torch

        integers = torch.from_numpy(np.array(block, order="C")).to(self.device)
        return integers.to(self._dtype()).div_(GRID)

    def _dtype(self) -> "torch.dtype":
        import torch

        return torch.float16 if self.half else torch.float32

    def _block(self, positions: Positions) -> "torch.Tensor":
        """The vectors at some positions, on the device."""
        import torch

        if self._resident is None:
            return self._upload(self.vectors[positions])
        if isinstance(positions, slice):
            return self._resident[positions]
        return self._resident[torch.from_numpy(positions).to(self.device)]

    def _product(self, queries: np.ndarray, positions: Positions) -> "torch.Tensor":
        """Similarities of queries and positions, float32 (q, b)."""
        return product(self._upload(queries), self._block(positions))

    def top(self, queries: np.ndarray, positions: Positions, k: int) -> tuple[np.ndarray, np.ndarray]:
        """The k best of `positions` for each query."""
        import torch

        values, places = torch.topk(self._product(queries, positions), k, dim=1)
        return values.cpu().numpy(), places.cpu().numpy()

    def equal(self, queries: np.ndarray, positions: Positions, similarity: np.ndarray) -> np.ndarray:
        """Where the product of a query with a position is exactly its `similarity`."""
        import torch

        wanted = torch.from_numpy(np.ascontiguousarray(similarity)).to(self.device)
        return (self._product(queries, positions) == wanted[:, None]).cpu().numpy()


def product(queries: "torch.Tensor", base: "torch.Tensor") -> "torch.Tensor":
    """Inner products, float32 (q, b), of float16 or float32 rows, always accumulated in float32."""
    import torch

    if queries.dtype == torch.float16:
        return torch.mm(queries, base.T, out_dtype=torch.float32)
    allowed = torch.backends.cuda.matmul.allow_tf32
    torch.backends.cuda.matmul.allow_tf32 = False
    result = torch.mm(queries, base.T)
    torch.backends.cuda.matmul.allow_tf32 = allowed
    return result


@cache
def half_is_exact(device: str) -> bool:
    """Whether float16 products with float32 accumulation equal integer arithmetic on this device, tried on 512 rows."""
    import torch

    rng = np.random.default_rng(0)
    wide = to_grid(rng.normal(size=(256, 768)))
    steep = to_grid(rng.normal(size=(256, 768)) * np.geomspace(1.0, 1e-4, 768))
    rows = np.concatenate([wide, steep])
    expected = (rows.astype(np.int64) @ rows.astype(np.int64).T) / (GRID * GRID)
    tensor = torch.from_numpy(rows).to(device).to(torch.float16) / GRID
    try:
        got = product(tensor, tensor).cpu().numpy()
    except (RuntimeError, TypeError):
        return False
    return bool(np.array_equal(got.astype(np.float64), expected))
