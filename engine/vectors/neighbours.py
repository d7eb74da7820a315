"""The index and the neighbour graph of an embedding: built once, kept, refused when damaged."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from engine.dataset import Dataset
from engine.errors import Damaged, EngineError
from engine.progress import Progress
from engine.registry import Json
from engine.store import Artefact, digest_of, new_array
from engine.vectors.chunks import alone

if TYPE_CHECKING:
    import indexes


def exact_graph(grid: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k true nearest neighbours of each of a few vectors: int32 and float32 (m, k)."""
    import indexes

    return indexes.knn_graph(indexes.Exact(grid), k=k)


def build_index(data: Dataset, key: str, full: dict[str, Json], on: str, progress: Progress) -> Artefact:
    """A stored index over the vectors of an embedding, with its measured recall; exact search needs no file."""
    import indexes

    vectors = data.vectors(on)
    built = _built(vectors.grid, progress)
    notes = _notes(built.index.kind, built.reason, built.recall)
    with data.store.drafting("indexes") as draft:
        if isinstance(built.index, indexes.Ivf):
            indexes.save_index(built.index, draft / "index.bin", vectors_digest=vectors.identity)
        return data.store.publish("indexes", key, full, {}, notes, draft=draft)


def build_graph(data: Dataset, key: str, full: dict[str, Json], on: str, k: int, progress: Progress) -> Artefact:
    """The neighbour graph, in blocks that survive a kill; one process at a time."""
    identity = digest_of(full)
    bench = data.store.workbench("graph", identity)
    with alone(bench, lambda: progress("waiting for another process that finds neighbours", 0, 1)):
        return data.store.find("graph", identity) or _graph(data, key, full, on, k, bench, progress)


def _graph(
    data: Dataset, key: str, full: dict[str, Json], on: str, k: int, bench: Path, progress: Progress
) -> Artefact:
    import indexes

    grid = data.vectors(on).grid
    m = len(grid)
    index, about = ready(data, on, progress)
    neighbours = _resumed(bench / "neighbours.npy", (m, k), np.int32)
    similarity = _resumed(bench / "similarity.npy", (m, k), np.float32)
    finished = _resumed(bench / "finished.npy", (len(indexes.blocks(m)),), np.bool_)

    def on_block(number: int) -> None:
        for array in (neighbours, similarity):
            _flush(array)
        finished[number] = True  # only after its rows are on disk
        _flush(finished)

    indexes.knn_graph(
        index, k=k, into=(neighbours, similarity), finished=finished, on_block=on_block,
        progress=lambda done, total: progress("Finding neighbours", done, total),
    )  # fmt: skip
    recall = indexes.graph_recall(grid, neighbours)
    notes = _notes(str(about["kind"]), str(about["reason"]), recall) | {"k": k}
    return data.store.publish("graph", key, full, {"neighbours": neighbours, "similarity": similarity}, notes)


def ready(data: Dataset, on: str, progress: Progress) -> tuple["indexes.Exact | indexes.Ivf", Mapping[str, Json]]:
    """The index over an embedding, and its notes: the stored one where there is one, else built and stored.

    A stored index that is damaged, or that belongs to other vectors, is refused, deleted and built again. Exact search
    needs nothing stored.
    """
    import indexes

    vectors = data.vectors(on)
    if indexes.choose(*vectors.grid.shape).kind == "exact":
        built = _built(vectors.grid, progress)
        return built.index, _notes(built.index.kind, built.reason, built.recall)
    full = index_spec(data, on)
    for _ in range(2):
        stored = data.store.find("indexes", digest_of(full)) or build_index(data, f"index@{on}", full, on, progress)
        if "index.bin" not in stored.arrays:
            return indexes.Exact(vectors.grid), stored.notes
        try:
            path = stored.file("index.bin")
            return indexes.load_index(path, vectors.grid, vectors_digest=vectors.identity), stored.notes
        except indexes.UnusableIndex:
            data.store.remove("indexes", stored.identity)
    raise Damaged(
        f"The index over {on!r} cannot be read back from disk, though it was just written. Is the disk failing?"
    )


def index_spec(data: Dataset, on: str) -> dict[str, Json]:
    """What the identity of the index over an embedding is the digest of."""
    vectors = data.vectors(on)
    return {
        "family": "index", "member": "", "version": 1, "params": {}, "on": on, "rows": data.fingerprint,
        "inputs": {"vectors": vectors.identity}, "nodes": vectors.nodes.identity,
    }  # fmt: skip


def _built(grid: np.ndarray, progress: Progress) -> "indexes.Built":
    import indexes
    from engine.vectors.neighbours import one_faiss

    one_faiss()
    choice = indexes.choose(*grid.shape)
    return indexes.build_index(grid, choice, progress=lambda done, total: progress("Building the index", done, total))


def _notes(kind: str, reason: str, recall: "indexes.Recall") -> dict[str, Json]:
    return {
        "kind": kind,
        "reason": reason,
        "recall": recall.value,
        "recall_low": recall.low,
        "recall_high": recall.high,
        "recall_says": recall.sentence(),
    }


def _resumed(path: Path, shape: tuple[int, ...], dtype: type) -> np.ndarray:
    """A memory-mapped array on disk, new or as an earlier run left it. No rows at all need no file."""
    if 0 in shape:
        return np.zeros(shape, dtype)
    if path.exists():
        try:
            there = cast(np.ndarray, np.load(path, mmap_mode="r+", allow_pickle=False))
            if there.shape == shape and there.dtype == dtype:
                return there
        except (ValueError, EOFError):
            path.unlink()  # cut off while it was made
    return new_array(path, shape, dtype)


def _flush(array: np.ndarray) -> None:
    if isinstance(array, np.memmap):
        array.flush()


_FAISS = ("faiss-cpu", "faiss-gpu", "faiss-gpu-cuvs", "faiss-gpu-cu12", "faiss-gpu-cu11")


def one_faiss() -> str:
    """The one faiss package that is installed.

    All of them install the same folder, `faiss`: with two, what runs is a mixture of both; with none, nothing runs.
    Raises `EngineError` in both cases. Asked before faiss is first imported, as the import itself may crash.
    """
    found = [name for name in _FAISS if _installed(name)]
    if not found:
        raise EngineError(
            "No faiss is installed, so neighbours cannot be found. Run `make setup`, or in your own environment "
            "`pip install faiss-cpu` (with an NVIDIA GPU on Linux: `pip install faiss-gpu`)."
        )
    if len(found) > 1:
        raise EngineError(
            f"{' and '.join(found)} are installed together and write over each other's files. Keep one: "
            f"`pip uninstall {' '.join(found)}`, then `pip install faiss-cpu` (with an NVIDIA GPU on Linux: "
            "`pip install faiss-gpu`)."
        )
    return found[0]


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True
