"""The k-nearest-neighbour graph, built once and shared by map, topics, duplicates and coverage."""

from collections.abc import Callable

import numpy as np

from indexes.about import Found, Index

GRAPH_BLOCK_ROWS = 4096


def blocks(m: int, *, block_rows: int = GRAPH_BLOCK_ROWS) -> list[tuple[int, int]]:
    """The graph's blocks as (first row, last row + 1): the unit in which it is built and resumed."""
    return [(start, min(m, start + block_rows)) for start in range(0, m, block_rows)]


def empty_graph(m: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Arrays for a graph over m nodes: neighbours int32 (m, k) of -1, similarities float32 (m, k) of 0."""
    return np.full((m, k), -1, dtype=np.int32), np.zeros((m, k), dtype=np.float32)


def knn_graph(
    index: Index,
    *,
    k: int = 30,
    into: tuple[np.ndarray, np.ndarray] | None = None,
    finished: np.ndarray | None = None,
    on_block: Callable[[int], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
    block_rows: int = GRAPH_BLOCK_ROWS,
) -> tuple[np.ndarray, np.ndarray]:
    """The {k} nearest neighbours of every row, itself left out.

    Returns neighbours int32 (m, k), best first, ties by row number, -1 where there are fewer than k, and similarities
    float32 (m, k), 0 where there is no neighbour. `into`: arrays (memory-mapped ones, say) to write to instead of new
    ones. `finished`: bool, one a block of `blocks(m, block_rows=block_rows)`; blocks marked there are not built again.
    `on_block(number)` is called after a block stands in the arrays. `progress(rows done, rows)` is called many times a
    block and may raise to cancel; blocks finished so far are then complete.
    """
    m = len(index.vectors)
    neighbours, similarities = empty_graph(m, k) if into is None else into
    done = 0
    for number, (start, stop) in enumerate(blocks(m, block_rows=block_rows)):
        if finished is None or not finished[number]:
            found = _search_block(index, k, start, stop, done, progress)
            neighbours[start:stop] = found.rows
            similarities[start:stop] = found.similarities
            if on_block is not None:
                on_block(number)
        done += stop - start
        if progress is not None:
            progress(done, m)
    return neighbours, similarities


def _search_block(
    index: Index, k: int, start: int, stop: int, done: int, progress: Callable[[int, int], None] | None
) -> Found:
    """Neighbours of the rows start…stop-1; between the index's own blocks progress may raise to cancel."""

    def tick() -> None:
        if progress is not None:
            progress(done, len(index.vectors))

    return index.search(np.asarray(index.vectors[start:stop]), k, exclude=np.arange(start, stop), tick=tick)
