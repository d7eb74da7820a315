"""How far a map can be trusted, point by point."""

import numpy as np

_BLOCK_ROWS = 65536
TRUST_K = 15


def share_kept(xy: np.ndarray, neighbours: np.ndarray, *, k: int = TRUST_K) -> np.ndarray:
    """Each node's share of its k true neighbours that are among its k neighbours on the map: float32 (m,), 0 to 1.

    xy: float (m, 2). neighbours: int32 (m, ≥ k), best first, -1 where there are fewer; then k is what there is. A node
    without neighbours has lost none: 1.
    """
    from scipy.spatial import cKDTree

    m = len(xy)
    share = np.ones(m, dtype=np.float32)
    reach = min(k, neighbours.shape[1], m - 1)
    if reach < 1:
        return share
    tree = cKDTree(xy)
    for start in range(0, m, _BLOCK_ROWS):
        part = slice(start, min(m, start + _BLOCK_ROWS))
        true = np.asarray(neighbours[part, :reach])
        drawn = _others(tree.query(xy[part], k=reach + 1, workers=-1)[1].reshape(-1, reach + 1), part.start)
        kept = np.zeros(len(true), dtype=np.int64)
        for column in range(reach):
            kept += (drawn == true[:, column : column + 1]).any(axis=1)
        there = (true >= 0).sum(axis=1)
        share[part] = np.where(there > 0, kept / np.maximum(there, 1), 1.0)
    return share


def _others(found: np.ndarray, first: int) -> np.ndarray:
    """The nearest on the map without the node itself, which need not come first when points lie on one spot."""
    own = found == np.arange(first, first + len(found))[:, None]
    own[~own.any(axis=1), -1] = True
    return found[~own].reshape(len(found), -1)
