"""Build the index that suits the vectors, and widen it until it finds enough."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from indexes.about import Approximate, Index, Progress
from indexes.choose import Choice, tiles_on
from indexes.exact import Exact
from indexes.kinds import INDEXES
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


@dataclass(frozen=True)
class Built:
    """An index, the recall measured on it, and in words how it came to be chosen."""

    index: Index
    recall: Recall
    reason: str


def build_index(
    vectors: np.ndarray,
    choice: Choice,
    *,
    seed: int = 0,
    floor: float = RECALL_FLOOR,
    progress: Progress | None = None,
) -> Built:
    """Build the chosen kind over grid vectors, int16 (m, d), and measure it. Under the floor it is made wider."""
    tiles = tiles_on(choice.device, vectors)
    kind = INDEXES[choice.kind]
    index = kind.build(vectors, tiles=tiles, seed=seed, progress=progress)
    if kind.about.exact:
        return Built(index, _whole(vectors), choice.reason)
    exact = Exact(vectors, tiles=tiles)
    return widened(cast(Approximate, index), choice.reason, seed=seed, floor=floor, exact=exact)


def widened(
    index: Approximate,
    reason: str,
    *,
    exact: Exact,
    seed: int = 0,
    floor: float = RECALL_FLOOR,
    rows: int = RECALL_ROWS,
) -> Built:
    """Let an index look further until recall at 10 reaches the floor, else fall back to exact search."""
    vectors = index.vectors
    sample = sampled_rows(len(vectors), rows=rows, seed=seed)
    rank_k = rank_k_similarity(vectors, sample, tiles=exact.tiles)
    story = reason
    while True:
        found = index.search(np.asarray(vectors[sample]), RECALL_K, exclude=sample)
        recall = recall_from(found_share(vectors, sample, found.rows, rank_k), k=RECALL_K, of=len(vectors))
        if recall.value >= floor:
            return Built(index, recall, story)
        story = f"{reason} With {index.breadth} only {recall.value:.1%} were found"
        wider = index.wider()
        if wider is None:
            return Built(exact, _whole(vectors), f"{story}, so the search is exact.")
        index = wider
        story = f"{story}, so {index.breadth} are looked through."


def _whole(vectors: np.ndarray) -> Recall:
    """The recall of exact search."""
    return Recall(1.0, 1.0, 1.0, RECALL_K, len(vectors), len(vectors))
