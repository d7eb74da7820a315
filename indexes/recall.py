"""How many true neighbours an index finds, measured against exact search, with an interval."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from indexes.exact import Exact
from indexes.graph import Index
from indexes.grid import to_float
from indexes.tiles import Tiles

RECALL_K = 10
RECALL_FLOOR = 0.95
RECALL_ROWS = 1000
_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Recall:
    """Share of true neighbours found, 0…1, with a 95 % interval.

    k: neighbours asked for. rows: sampled rows of the `of` there are. The interval is Wilson's with the sampled rows as
    its count. The share found of one row lies in 0…1, so its variance is at most that of a yes or no with the same
    mean: the interval is never too narrow for neighbours that are missed together. When every row was looked at there
    is nothing left to estimate, and the interval is the value itself.
    """

    value: float
    low: float
    high: float
    k: int
    rows: int
    of: int

    def sentence(self) -> str:
        """The recall in words for the screen."""
        measured = "every row" if self.rows == self.of else f"{self.rows:,} of {self.of:,} rows"
        between = f"95 % interval {self.low:.1%} to {self.high:.1%}"
        return f"{self.value:.1%} of the true {self.k} neighbours found ({between}, measured on {measured})."


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's 95 % interval for a share seen in `count` draws; (0, 1) for none."""
    if count == 0:
        return 0.0, 1.0
    square = _Z95 * _Z95 / count
    middle = (share + square / 2) / (1 + square)
    half = _Z95 * sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def sampled_rows(m: int, *, rows: int = RECALL_ROWS, seed: int = 0) -> np.ndarray:
    """Row numbers drawn evenly without repeats, int64, ascending; all of them when there are no more than `rows`."""
    if m <= rows:
        return np.arange(m)
    return np.sort(np.random.default_rng(seed).choice(m, size=rows, replace=False)).astype(np.int64)


def rank_k_similarity(
    vectors: np.ndarray, rows: np.ndarray, *, k: int = RECALL_K, tiles: Tiles | None = None
) -> np.ndarray:
    """The exact similarity of each row's k-th true neighbour, itself left out: float32 (rows,).

    With fewer than k other rows it is that of the last one.
    """
    reach = min(k, len(vectors) - 1)
    if reach < 1:
        return np.zeros(len(rows), dtype=np.float32)
    found = Exact(vectors, tiles=tiles).search(np.asarray(vectors[rows]), reach, exclude=rows)
    return found.similarities[:, -1]


def found_share(
    vectors: np.ndarray, rows: np.ndarray, neighbours: np.ndarray, rank_k: np.ndarray, *, k: int = RECALL_K
) -> np.ndarray:
    """Share of the k true neighbours of each row among its `neighbours`, int (rows, ≥ k): float64 (rows,).

    A neighbour counts when it is at least as similar as the k-th true one, so that equally similar rows stand for each
    other. Similarities are taken from the vectors, not from what the index claims; the row itself, repeats and empty
    places do not count.
    """
    reach = min(k, len(vectors) - 1)
    share = np.ones(len(rows))
    if reach < 1:
        return share
    for place, row in enumerate(rows):
        others = np.unique(neighbours[place, :k])
        others = others[(others >= 0) & (others != row)]
        similarities = to_float(vectors[others]) @ to_float(vectors[row])
        share[place] = np.count_nonzero(similarities >= rank_k[place]) / reach
    return share


def recall_from(share: np.ndarray, *, k: int, of: int) -> Recall:
    """Mean share with its interval, from the shares of sampled rows of the `of` there are."""
    if len(share) == 0:
        return Recall(1.0, 1.0, 1.0, k, 0, of)
    value = float(share.mean())
    low, high = (value, value) if len(share) == of else wilson(value, len(share))
    return Recall(value, low, high, k, len(share), of)


def measure_recall(
    index: Index, *, k: int = RECALL_K, rows: int = RECALL_ROWS, seed: int = 0, tiles: Tiles | None = None
) -> Recall:
    """Recall of an index at k on sampled rows, each row itself left out."""
    sample = sampled_rows(len(index.vectors), rows=rows, seed=seed)
    rank_k = rank_k_similarity(index.vectors, sample, k=k, tiles=tiles)
    found = index.search(np.asarray(index.vectors[sample]), k, exclude=sample)
    return recall_from(found_share(index.vectors, sample, found.rows, rank_k, k=k), k=k, of=len(index.vectors))


def graph_recall(
    vectors: np.ndarray,
    neighbours: np.ndarray,
    *,
    k: int = RECALL_K,
    rows: int = RECALL_ROWS,
    seed: int = 0,
    tiles: Tiles | None = None,
) -> Recall:
    """Recall at k of a stored graph, int32 (m, ≥ k), on sampled rows."""
    reach = min(k, neighbours.shape[1])
    sample = sampled_rows(len(vectors), rows=rows, seed=seed)
    rank_k = rank_k_similarity(vectors, sample, k=reach, tiles=tiles)
    share = found_share(vectors, sample, np.asarray(neighbours[sample]), rank_k, k=reach)
    return recall_from(share, k=reach, of=len(vectors))
