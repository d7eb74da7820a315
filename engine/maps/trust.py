"""How far a map can be trusted, point by point."""

from collections.abc import Mapping

import numpy as np

from engine.registry import Json

_BLOCK_ROWS = 16384
TRUST_K = 15
AMONG, AMONG_SHARE = 100, 20
"""A true neighbour counts as near among so many drawn next to a point, on a small map among a twentieth of it."""


def near_enough(m: int) -> int:
    """How many of those drawn next to a point count as near it, on a map of m nodes: 15 to 100."""
    return max(TRUST_K, min(AMONG, m // AMONG_SHARE))


def shares_kept(xy: np.ndarray, neighbours: np.ndarray, *, k: int = TRUST_K, among: int = 0) -> np.ndarray:
    """Each node's share of its k true neighbours that are near it on the map: float32 (2, m), 0 to 1.

    The first line counts those among its k nearest on the map, the second those among its `among` nearest (0: by
    `near_enough`). xy: float (m, 2). neighbours: int32 (m, ≥ k), best first, -1 where there are fewer; then k is what
    there is. A node without neighbours has lost none: 1. Read block by block.
    """
    from scipy.spatial import cKDTree

    m = len(xy)
    shares = np.ones((2, m), dtype=np.float32)
    reach = min(k, neighbours.shape[1], m - 1)
    if reach < 1:
        return shares
    wide = max(reach, min(among or near_enough(m), m - 1))
    tree = cKDTree(xy)
    for start in range(0, m, _BLOCK_ROWS):
        part = slice(start, min(m, start + _BLOCK_ROWS))
        true = np.asarray(neighbours[part, :reach])
        drawn = _others(tree.query(xy[part], k=wide + 1, workers=-1)[1].reshape(-1, wide + 1), part.start)
        kept = np.zeros((2, len(true)), dtype=np.int64)
        for column in range(reach):
            same = drawn == true[:, column : column + 1]
            kept[0] += same[:, :reach].any(axis=1)
            kept[1] += same.any(axis=1)
        there = (true >= 0).sum(axis=1)
        shares[:, part] = np.where(there > 0, kept / np.maximum(there, 1), 1.0)
    return shares


def trust_notes(shares: np.ndarray) -> dict[str, Json]:
    """What a map tells of its trust: `kept` and `trust`, the means of both lines of `shares_kept`, and `among`."""
    m = shares.shape[1]
    kept, near = (float(line.mean()) if m else None for line in shares)
    return {"kept": kept, "trust": near, "among": near_enough(m)}


def kept_share(notes: Mapping[str, Json]) -> float | None:
    """The share of true neighbours that a map keeps among as many nearest, by its notes; None where nobody counted."""
    kept = notes.get("kept") if "among" in notes else notes.get("trust")
    return kept if isinstance(kept, float) else None


def percent(share: float) -> str:
    """A share in words.

    >>> percent(0.38)
    '38 %'
    """
    return f"{share:.0%}".replace("%", " %")


def trust_words(notes: Mapping[str, Json]) -> str:
    """How far a map can be trusted, in words: “keeps 47 % of true neighbours, 73 % among the nearest 100”."""
    kept, near = kept_share(notes), notes.get("trust")
    if kept is None:
        return ""
    said = f"keeps {percent(kept)} of true neighbours"
    if "among" in notes and isinstance(near, float):
        said += f", {percent(near)} among the nearest {notes['among']}"
    return said


def _others(found: np.ndarray, first: int) -> np.ndarray:
    """The nearest on the map without the node itself, which need not come first when points lie on one spot."""
    own = found == np.arange(first, first + len(found))[:, None]
    own[~own.any(axis=1), -1] = True
    return found[~own].reshape(len(found), -1)
