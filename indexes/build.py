"""Build the index that suits the vectors, and widen it until it finds enough."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexes.choose import Choice, tiles_on
from indexes.exact import Exact
from indexes.ivf import Ivf, build_ivf
from indexes.recall import (
    RECALL_FLOOR,
    RECALL_K,
    RECALL_ROWS,
    Recall,
    found_share,
    rank_k_similarity,
    recall_from,
    sampled_rows,
)

_WIDEST_SHARE = 0.25


@dataclass(frozen=True)
class Built:
    """An index, the recall measured on it, and in words how it came to be chosen."""

    index: Exact | Ivf
    recall: Recall
    reason: str


def build_index(
    vectors: np.ndarray,
    choice: Choice,
    *,
    seed: int = 0,
    floor: float = RECALL_FLOOR,
    nprobe: int = 16,
    progress: Callable[[int, int], None] | None = None,
) -> Built:
    """Build the chosen kind over grid vectors, int16 (m, d), and measure it. Under the floor it is made wider.

    Wider means twice as many lists looked through; past a quarter of all lists exact search takes over.
    """
    m = len(vectors)
    tiles = tiles_on(choice.device, vectors)
    if choice.kind == "exact":
        return Built(Exact(vectors, tiles=tiles), Recall(1.0, 1.0, 1.0, RECALL_K, m, m), choice.reason)
    index = build_ivf(vectors, nprobe=nprobe, seed=seed, progress=progress)
    return widened(index, choice.reason, seed=seed, floor=floor, exact=Exact(vectors, tiles=tiles))


def widened(
    index: Ivf, reason: str, *, exact: Exact, seed: int = 0, floor: float = RECALL_FLOOR, rows: int = RECALL_ROWS
) -> Built:
    """Look through more lists until recall at 10 reaches the floor, else fall back to exact search."""
    vectors = index.vectors
    sample = sampled_rows(len(vectors), rows=rows, seed=seed)
    rank_k = rank_k_similarity(vectors, sample, tiles=exact.tiles)
    story = reason
    while True:
        found = index.search(np.asarray(vectors[sample]), RECALL_K, exclude=sample)
        recall = recall_from(found_share(vectors, sample, found.rows, rank_k), k=RECALL_K, of=len(vectors))
        if recall.value >= floor:
            return Built(index, recall, story)
        story = f"{reason} With {index.nprobe} of {index.lists.nlist} lists only {recall.value:.1%} were found"
        if index.nprobe * 2 > max(1.0, index.lists.nlist * _WIDEST_SHARE):
            m = len(vectors)
            return Built(exact, Recall(1.0, 1.0, 1.0, RECALL_K, m, m), f"{story}, so the search is exact.")
        index = Ivf(vectors, index.lists, nprobe=index.nprobe * 2)
        story = f"{story}, so {index.nprobe} are looked through."
