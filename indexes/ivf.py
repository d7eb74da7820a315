"""Approximate neighbours on the CPU: only the lists nearest to the query are looked through."""

from collections.abc import Callable, Mapping
from math import sqrt
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from indexes.about import About, Found, Progress
from indexes.exact import SLACK, Exact
from indexes.grid import GRID, check_grid, to_float
from indexes.kmeans import assign, kmeans
from indexes.ranking import PAD, levels, pack, unpack, widen
from indexes.tiles import Tiles

if TYPE_CHECKING:
    import faiss

_QUERY_ROWS = 2048
_BLOCK_ROWS = 65536
_POINTS_PER_LIST = 32
_FIT_ROUNDS = 8
_WIDEST_SHARE = 0.25

# The lists hold every vector once as float16, with room for growth while they are filled.
ABOUT = About("Inverted lists", exact=False, memory=lambda m, d: 3 * m * (2 * d + 8) // 2)


def _quiet() -> None:
    """Nothing to report between blocks."""


class Ivf:
    """Inverted lists over grid vectors, int16 (m, d). `nprobe` lists nearest to a query are looked through.

    Candidates are scored again on the grid vectors, so a similarity is exact; what may be wrong is that a neighbour is
    missing. `indexes.recall` says how often. Which list a vector is in and which are looked through is decided
    by exact search as well, ties to the lower list: the answer is the same on every machine, whatever its threads.
    """

    kind: ClassVar[str] = "ivf"
    about: ClassVar[About] = ABOUT

    @classmethod
    def build(
        cls, vectors: np.ndarray, *, tiles: Tiles | None = None, seed: int = 0, progress: Progress | None = None
    ) -> "Ivf":
        """Sort the vectors into lists."""
        return build_ivf(vectors, seed=seed, progress=progress)

    def __init__(self, vectors: np.ndarray, lists: "faiss.IndexIVF", *, nprobe: int) -> None:
        import faiss

        self.vectors = check_grid(vectors)
        self.lists = lists
        self.nprobe = min(nprobe, lists.nlist)
        held = faiss.downcast_index(lists.quantizer)
        self._centres = Exact(np.rint(held.reconstruct_n(0, held.ntotal) * GRID).astype(np.int16))

    @property
    def breadth(self) -> str:
        """How many lists are looked through."""
        return f"{self.nprobe} of {self.lists.nlist} lists"

    def wider(self) -> "Ivf | None":
        """Twice as many lists; None past a quarter of all lists."""
        if self.nprobe * 2 > max(1.0, self.lists.nlist * _WIDEST_SHARE):
            return None
        return Ivf(self.vectors, self.lists, nprobe=self.nprobe * 2)

    def write(self, write: Callable[[bytes], int]) -> dict[str, int]:
        """The lists as faiss writes them, streamed."""
        import faiss

        writer = faiss.PyCallbackIOWriter(write)  # type: ignore[attr-defined]
        faiss.write_index(self.lists, writer)
        del writer
        return {"nprobe": self.nprobe}

    @classmethod
    def read(cls, read: Callable[[int], bytes], vectors: np.ndarray, numbers: Mapping[str, int]) -> "Ivf":
        """The lists as faiss reads them, streamed."""
        import faiss

        reader = faiss.PyCallbackIOReader(read)  # type: ignore[attr-defined]
        lists = faiss.read_index(reader)
        del reader
        if not isinstance(lists, faiss.IndexIVF):
            raise ValueError("it holds another kind of index than it says")
        return cls(vectors, lists, nprobe=numbers["nprobe"])

    def search(
        self,
        queries: np.ndarray,
        k: int,
        *,
        within: np.ndarray | None = None,
        exclude: np.ndarray | None = None,
        tick: Callable[[], None] = _quiet,
    ) -> Found:
        """The k candidates most similar to each query, best first, ties by row number. Exact inside `within`.

        Arguments and result are those of `Exact.search`.
        """
        if within is not None:
            return Exact(self.vectors).search(queries, k, within=within, exclude=exclude, tick=tick)
        check_grid(queries)
        skip = np.full(len(queries), -1, dtype=np.int64) if exclude is None else np.asarray(exclude, dtype=np.int64)
        keys = np.full((len(queries), k), PAD, dtype=np.int64)
        if k > 0 and len(self.vectors) > 0:
            for start in range(0, len(queries), _QUERY_ROWS):
                part = slice(start, start + _QUERY_ROWS)
                keys[part] = self._block(np.asarray(queries[part]), k, skip[part])
                tick()
        return Found(*unpack(keys))

    def _block(self, queries: np.ndarray, k: int, skip: np.ndarray) -> np.ndarray:
        """Sorted keys (q, k). Where candidates tied at rank k may be missing, more are fetched until none can be."""
        m = len(self.vectors)
        keys = np.full((len(queries), k), PAD, dtype=np.int64)
        waiting = np.arange(len(queries))
        width = k + 1 + SLACK
        while len(waiting):
            width = min(width, m)
            found = self._candidates(queries[waiting], width, skip[waiting])
            keys[waiting] = widen(found, k)
            # A list that is not full holds every candidate; the own row may have left one place empty.
            tied = levels(found[:, min(k, width) - 1]) == levels(found[:, max(width - 2, 0)])
            full = found[:, max(width - 2, 0)] != PAD
            waiting = waiting[tied & full] if width < m else waiting[:0]
            width *= 4
        return keys

    def _candidates(self, queries: np.ndarray, width: int, skip: np.ndarray) -> np.ndarray:
        """Sorted keys (q, width) of what the lists hold, scored on the grid vectors, the skipped row left out."""
        near = self._centres.search(queries, self.nprobe)
        self.lists.nprobe = self.nprobe  # it is asked how many lists it is given; a wider one shares the lists
        search: Any = self.lists.search_preassigned  # takes arrays, where its type says pointers
        _, rows = search(to_float(queries), width, near.rows, near.similarities)
        similarities = np.empty(rows.shape, dtype=np.float32)
        step = max(1, _BLOCK_ROWS // width)
        for start in range(0, len(queries), step):
            part = slice(start, start + step)
            candidates = to_float(self.vectors[np.maximum(rows[part], 0).ravel()]).reshape(-1, width, queries.shape[1])
            similarities[part] = np.einsum("qd,qwd->qw", to_float(queries[part]), candidates)
        keys = pack(similarities, rows)
        keys[rows == skip[:, None]] = PAD
        return np.sort(keys, axis=1)


def build_ivf(
    vectors: np.ndarray,
    *,
    lists: int | None = None,
    nprobe: int = 16,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Ivf:
    """Sort grid vectors, int16 (m, d), into {lists} lists (4 times the square root of m when not given).

    The lists' centres are k-means centroids fitted on a seeded sample, so the same seed gives the same lists on every
    machine. Vectors are kept as float16, which holds grid values exactly, in half the memory.
    progress(rows filed, rows) may raise to cancel.
    """
    import faiss

    check_grid(vectors)
    m, d = vectors.shape
    wanted = max(1, min(m, lists or int(4 * sqrt(m))))

    def fitting(_round: int, _rounds: int) -> None:
        if progress is not None:
            progress(0, m)

    means = kmeans(
        vectors,
        wanted,
        seed=seed,
        rounds=_FIT_ROUNDS,
        sample=_POINTS_PER_LIST * wanted,
        start="random",
        label_all=False,
        progress=fitting,
    )
    centres = faiss.IndexFlatIP(d)
    centres.add(to_float(means.centroids))
    held = faiss.IndexIVFScalarQuantizer(
        centres, d, max(1, centres.ntotal), faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT, False
    )
    held.is_trained = True
    for start in range(0, m, _BLOCK_ROWS):
        block = to_float(vectors[start : start + _BLOCK_ROWS])
        nearest, _ = assign(vectors[start : start + _BLOCK_ROWS], means.centroids)  # faiss leaves ties open
        held.add_core(len(block), faiss.swig_ptr(block), None, faiss.swig_ptr(nearest))
        if progress is not None:
            progress(min(m, start + _BLOCK_ROWS), m)
    return Ivf(vectors, held, nprobe=nprobe)
