"""What people judged of pairs, as a step holds it."""

from typing import cast

import numpy as np

from engine.dataset import Dataset, read_ref


def judged(data: Dataset, stays: str | None, apart: str | None) -> tuple[np.ndarray, np.ndarray]:
    """Rows chosen to stay, int64, and pairs told apart, int64 (p, 2): of this dataset only."""
    chosen, both = _rows_in(data, stays), _rows_in(data, apart).reshape(-1, 2)
    return chosen[chosen >= 0], both[(both >= 0).all(axis=1)]


def _rows_in(data: Dataset, ref: str | None) -> np.ndarray:
    """int64: the rows of a ref in its order, -1 for one that is not here."""
    keys = cast(list[str], read_ref(data, ref, "rows")["keys"]) if ref else []
    return data.rows_of(keys).astype(np.int64)
