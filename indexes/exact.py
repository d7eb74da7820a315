"""Exact nearest neighbours in the defined order, in blocks."""

from collections.abc import Callable, Iterator
from typing import ClassVar

import numpy as np

from indexes.about import About, Found, Progress
from indexes.grid import check_grid
from indexes.ranking import PAD, levels, pack, unpack, widen
from indexes.tiles import CpuTiles, Positions, Tiles

# A few places more than asked for: ties at rank k are then almost always settled without a second look.
SLACK = 4
_REPAIR_QUERIES = 256


ABOUT = About("Exact search", exact=True, memory=lambda m, d: 0)


def _quiet() -> None:
    """Nothing to report between blocks."""


class Exact:
    """Exact search over grid vectors, int16 (m, d), which may be memory-mapped.

    `tiles` does the products (CPU by default). The answer does not depend on device, threads or block sizes.
    """

    kind: ClassVar[str] = "exact"
    about: ClassVar[About] = ABOUT

    @classmethod
    def build(
        cls, vectors: np.ndarray, *, tiles: Tiles | None = None, seed: int = 0, progress: Progress | None = None
    ) -> "Exact":
        """There is nothing to build."""
        return cls(vectors, tiles=tiles)

    def __init__(self, vectors: np.ndarray, *, tiles: Tiles | None = None) -> None:
        self.vectors = check_grid(vectors)
        self.tiles = tiles or CpuTiles(vectors)

    def search(
        self,
        queries: np.ndarray,
        k: int,
        *,
        within: np.ndarray | None = None,
        exclude: np.ndarray | None = None,
        tick: Callable[[], None] = _quiet,
    ) -> Found:
        """The k rows most similar to each query, best first, ties by row number, also at rank k.

        queries: int16 (q, d). within: row numbers to search in, int64; the others are not looked at. exclude: one row
        number a query that must not be found, int64 (q,), -1 for none; a row's own number when rows are the queries.
        tick is called after every block and may raise to stop.
        """
        check_grid(queries)
        base = None if within is None else np.unique(np.asarray(within, dtype=np.int64))
        skip = np.full(len(queries), -1, dtype=np.int64) if exclude is None else np.asarray(exclude, dtype=np.int64)
        keys = np.full((len(queries), k), PAD, dtype=np.int64)
        if k > 0:
            for start in range(0, len(queries), self.tiles.query_rows):
                part = slice(start, start + self.tiles.query_rows)
                keys[part] = self._block(np.asarray(queries[part]), k, base, skip[part], tick)
        return Found(*unpack(keys))

    def _pieces(self, base: np.ndarray | None) -> Iterator[tuple[Positions, np.ndarray]]:
        """Blocks to search, each as positions in the vectors and as row numbers, ascending."""
        total = len(self.vectors) if base is None else len(base)
        for start in range(0, total, self.tiles.base_rows):
            stop = min(total, start + self.tiles.base_rows)
            if base is None:
                yield slice(start, stop), np.arange(start, stop)
            else:
                yield base[start:stop], base[start:stop]

    def _block(
        self, queries: np.ndarray, k: int, base: np.ndarray | None, skip: np.ndarray, tick: Callable[[], None]
    ) -> np.ndarray:
        """Sorted keys (q, k) for one block of queries."""
        keep = k + SLACK
        best = np.empty((len(queries), 0), dtype=np.int64)
        for positions, rows in self._pieces(base):
            similarities, places = self.tiles.top(queries, positions, min(keep + 1, len(rows)))
            keys = pack(similarities, rows[places])
            keys[rows[places] == skip[:, None]] = PAD
            best = np.concatenate([best, keys], axis=1)
            best.sort(axis=1)
            best = best[:, :keep]
            tick()
        best = widen(best, keep)
        # The lists hold every row more similar than their last place. Where the k-th is as similar as the last, rows
        # tied with it may be missing, and the lowest row numbers among them must win.
        open_ties = np.flatnonzero((best[:, -1] != PAD) & (levels(best[:, k - 1]) == levels(best[:, -1])))
        for start in range(0, len(open_ties), _REPAIR_QUERIES):
            part = open_ties[start : start + _REPAIR_QUERIES]
            best[part, :k] = self._settle_ties(queries[part], best[part, :k], base, skip[part], tick)
        return best[:, :k]

    def _settle_ties(
        self, queries: np.ndarray, best: np.ndarray, base: np.ndarray | None, skip: np.ndarray, tick: Callable[[], None]
    ) -> np.ndarray:
        """Fill the places at the k-th similarity with the lowest row numbers that have it."""
        k = best.shape[1]
        _, similarities = unpack(best)
        last = similarities[:, -1]
        settled = np.where(levels(best) < levels(best[:, -1:]), best, PAD)
        filled = (settled != PAD).sum(axis=1)
        for positions, rows in self._pieces(base):
            hungry = np.flatnonzero(filled < k)
            if len(hungry) == 0:
                break
            tied = self.tiles.equal(queries[hungry], positions, last[hungry])
            tied &= rows[None, :] != skip[hungry, None]
            for query, mask in zip(hungry, tied, strict=True):
                lowest = rows[np.flatnonzero(mask)[: k - filled[query]]]
                settled[query, filled[query] : filled[query] + len(lowest)] = pack(
                    np.full(len(lowest), last[query]), lowest
                )
                filled[query] += len(lowest)
            tick()
        return settled
