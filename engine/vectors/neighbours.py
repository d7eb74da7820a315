"""The index and the neighbour graph of an embedding: built once, kept, refused when damaged."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from engine.dataset import Dataset, Vectors, origin_of
from engine.errors import Damaged, EngineError, unknown, writing
from engine.progress import Progress
from engine.registry import MEGABYTE, About, Cost, Json, Load
from engine.store import Artefact, Origin, Spec, Store, alone, new_array

if TYPE_CHECKING:
    import indexes


PAIRS_A_SECOND = 2.6e8  # compared vectors of 384 dimensions, on two cores of a server of 2024
TEXTS_A_SECOND = 3_600.0  # where inverted lists have taken over
EXACT_MOST = 200_000


def finding_seconds(texts: int, dimension: int, *, exact: bool) -> float:
    """How long finding the neighbours of so many texts takes."""
    return texts**2 / PAIRS_A_SECOND * dimension / 384 if exact else texts / TEXTS_A_SECOND


def _comparing(load: Load) -> Cost:
    seconds = finding_seconds(load.texts, load.dimension, exact=load.texts <= EXACT_MOST)
    return Cost(seconds, 300 * MEGABYTE + load.texts * (load.dimension * 4 + 240), load.texts * 240)


GRAPH = About(title="Neighbour graph", cost=_comparing)
INDEX = About(title="Index", cost=lambda load: replace(_comparing(load), disk=0))


def exact_graph(grid: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k true nearest neighbours of each of a few vectors: int32 and float32 (m, k)."""
    import indexes

    return indexes.knn_graph(indexes.Exact(grid), k=k)


def build_index(data: Dataset, spec: Spec, progress: Progress) -> Artefact:
    """A stored index over the vectors of an embedding, with its measured recall; exact search needs no file."""
    import indexes

    vectors = data.embedding(spec.on)
    origin = origin_of(data, spec, vectors=vectors)
    there = data.store.made(origin)
    if there:
        return there
    built = _built(vectors.grid, progress)
    notes = _notes(built.index.kind, built.reason, built.recall)
    with data.store.drafting("index") as draft:
        if not built.index.about.exact:
            approximate = cast("indexes.Approximate", built.index)
            indexes.save_index(approximate, draft / "index.bin", vectors_digest=vectors.identity)
        return data.store.publish(f"index@{spec.on}", origin, {}, notes, draft=draft)


def build_graph(data: Dataset, spec: Spec, progress: Progress) -> Artefact:
    """The neighbour graph, in blocks that survive a kill; one process at a time.

    Which kind of index found the neighbours is part of its identity: what stands on a graph never meets one that
    another kind made. A graph that is there answers the question, whichever kind made it. A recipe's spec says under
    `index` which kind made its graph, so that another machine makes the same.
    """
    vectors = data.embedding(spec.on)
    kind = str(spec.params.get("index", ""))
    spec = replace(spec, params={name: value for name, value in spec.params.items() if name != "index"})
    asked = origin_of(data, spec, vectors=vectors)
    there = _there(data.store, asked)
    if there:
        return there
    bench = data.store.workbench("graph", asked.identity)
    with alone(bench / ".lock", lambda: progress("waiting for another process that finds neighbours", 0, 1)):
        made = _there(data.store, asked) or _graph(data, vectors, asked, bench, progress, kind)
        shutil.rmtree(bench, ignore_errors=True)
        return made


def _there(store: Store, asked: Origin) -> Artefact | None:
    """The newest graph of this origin, whichever kind of index found it."""
    return next((a for a in reversed(store.artefacts("graph")) if replace(a.origin, facts={}) == asked), None)


def _graph(data: Dataset, vectors: Vectors, asked: Origin, bench: Path, progress: Progress, kind: str) -> Artefact:
    import indexes

    m, k = len(vectors.grid), cast(int, asked.spec.params["k"])
    index, about = ready(data, vectors.key, progress, kind)
    exact = index.about.exact
    used: dict[str, Json] = {"kind": index.kind, "breadth": "" if exact else cast("indexes.Approximate", index).breadth}
    origin = replace(asked, facts={"index": used})
    bench = bench / origin.identity  # blocks of another kind of index, from before a kill, are not gone on with
    with writing(bench):
        bench.mkdir(exist_ok=True)
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
    recall = indexes.graph_recall(vectors.grid, neighbours)
    notes = _notes(str(about["kind"]), str(about["reason"]), recall) | {"k": k}
    arrays = {"neighbours": neighbours, "similarity": similarity}
    return data.store.publish(f"graph@{vectors.key}", origin, arrays, notes)


def ready(data: Dataset, on: str, progress: Progress, kind: str = "") -> tuple["indexes.Index", Mapping[str, Json]]:
    """The index over an embedding, and its notes: the stored one where there is one, else built and stored.

    A stored index that is damaged, or that belongs to other vectors, is refused, deleted and built again. Exact search
    needs nothing stored, and an index of another kind than this machine would choose is not.
    """
    import indexes

    vectors = data.embedding(on)
    own = indexes.choose(*vectors.grid.shape).kind
    if kind and kind not in indexes.INDEXES:
        raise unknown("kind of index", kind, indexes.INDEXES)
    if kind not in ("", own) or indexes.INDEXES[own].about.exact:
        built = _built(vectors.grid, progress, kind)
        return built.index, _notes(built.index.kind, built.reason, built.recall)
    for _ in range(2):
        stored = build_index(data, Spec("index", on=on), progress)
        if "index.bin" not in stored.arrays:
            return indexes.Exact(vectors.grid), stored.notes
        try:
            path = stored.file("index.bin")
            return indexes.load_index(path, vectors.grid, vectors_digest=vectors.identity), stored.notes
        except indexes.UnusableIndex:
            data.store.remove("index", stored.identity)
    raise Damaged(
        f"The index over {on!r} cannot be read back from disk, though it was just written. Is the disk failing?"
    )


def _built(grid: np.ndarray, progress: Progress, kind: str = "") -> "indexes.Built":
    import indexes
    from engine.vectors.neighbours import one_faiss

    one_faiss()
    choice = indexes.choose(*grid.shape)
    if kind not in ("", choice.kind):
        choice = replace(choice, kind=kind, reason="As on the machine that the recipe comes from.")
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
