"""The neighbour graph among the texts left: the stored one where it serves, else one of their own, made and kept."""

import hashlib
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from engine.dataset import Dataset, Graph, Vectors, origin_of
from engine.errors import Damaged, EngineError
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact, Origin, Spec
from engine.vectors.neighbours import finding_seconds

if TYPE_CHECKING:
    import indexes

FEW_NEIGHBOURS = 5
SAMPLED = 4096
CORES = 2
KEPT_FROM, KEPT = 10_000, 8
"""A graph of so many texts is worth a place on the disk, where so many of them stay: those used last."""


@dataclass(frozen=True)
class GraphLeft:
    """Neighbours among m texts: int32 (m, k), positions among them, -1 for none; similarity: float32 (m, k).

    notes: of a graph that was made for them its kind, recall and digest; None where the stored graph served.
    """

    neighbours: np.ndarray
    similarity: np.ndarray
    notes: Mapping[str, Json] | None = None


def neighbours_left(data: Dataset, embedding: str, nodes: np.ndarray, progress: Progress = quiet) -> GraphLeft:
    """The neighbours among some distinct texts, int64 (m,) in any order, along the graph of an embedding.

    Where fewer than 5 of a text's neighbours are left, counted on 4,096 of them or more, a graph of their own is made:
    exact, or approximate where two cores would take more than some minutes. Two, whatever the machine has: so every
    machine makes the same graph, and its digest can be compared.
    """
    vectors, graph = data.embedding(embedding), data.graph(embedding)
    if not _few(graph, nodes):
        at = np.full(len(graph.neighbours), -1, np.int32)
        at[nodes] = np.arange(len(nodes))
        inside = graph.neighbours[nodes]
        return GraphLeft(np.where(inside < 0, -1, at[inside]), graph.similarity[nodes])
    order = np.argsort(nodes).astype(np.int32)
    origin = _origin(data, vectors, graph, nodes[order])
    made = data._cache.get(
        _cached(origin), lambda: _stored(data, origin) or _made(data, vectors, origin, nodes[order], progress)
    )
    mine = np.argsort(order)
    return replace(
        made,
        neighbours=np.where(made.neighbours < 0, -1, order[made.neighbours])[mine],
        similarity=made.similarity[mine],
    )


def neighbours_left_seconds(data: Dataset, embedding: str, rows: np.ndarray, *, kept: bool = True) -> float:
    """How long `neighbours_left` makes a graph of the texts of some rows, int64; 0 where it makes none.

    kept: False counts a graph that is kept from before as one to make.
    """
    if f"graph@{embedding}" not in data.added:
        return 0.0
    vectors, graph = data.embedding(embedding), data.graph(embedding)
    there = np.zeros(len(graph.neighbours) + 1, bool)
    there[vectors.texts.of_row[rows]] = True  # rows without a text fall on the last place
    nodes = np.flatnonzero(there[:-1])
    if not _few(graph, nodes):
        return 0.0
    origin = _origin(data, vectors, graph, nodes)
    if kept and (data._cache.peek(_cached(origin)) or data.store.find("graph_left", origin.identity)):
        return 0.0
    return finding_seconds(len(nodes), vectors.grid.shape[1], exact=_exact(len(nodes), vectors.grid.shape[1]))


def _few(graph: Graph, nodes: np.ndarray) -> bool:
    """Whether the stored graph holds too few neighbours among these texts."""
    if len(nodes) == len(graph.neighbours):
        return False
    left = np.zeros(len(graph.neighbours), bool)
    left[nodes] = True
    some = np.flatnonzero(left)[:: max(1, len(nodes) // SAMPLED)]
    inside = graph.neighbours[some]
    held = int((left[inside] & (inside >= 0)).sum())
    return held < min(FEW_NEIGHBOURS, inside.shape[1], len(nodes) - 1) * len(some)


def _choice(m: int, dimension: int) -> "indexes.Choice":
    import indexes

    return indexes.choose(m, dimension, cores=CORES, device="cpu", memory_bytes=sys.maxsize)


def _exact(m: int, dimension: int) -> bool:
    import indexes

    return indexes.INDEXES[_choice(m, dimension).kind].about.exact


def _origin(data: Dataset, vectors: Vectors, graph: Graph, nodes: np.ndarray) -> Origin:
    """nodes: ascending."""
    k = min(graph.neighbours.shape[1], len(nodes) - 1)
    texts = hashlib.sha256(nodes.astype("<i8").tobytes()).hexdigest()
    facts: dict[str, Json] = {"nodes": texts, "index": _choice(len(nodes), vectors.grid.shape[1]).kind}
    spec = Spec("graph_left", params={"k": k}, on=vectors.key)
    return replace(origin_of(data, spec, vectors=vectors), facts=facts)


def _cached(origin: Origin) -> str:
    return f"graph_left/{origin.identity}"


def _stored(data: Dataset, origin: Origin) -> GraphLeft | None:
    """The graph that was kept, each byte as it was written; None where there is none."""
    try:
        there = data.store.made(origin)
        if there is None:
            return None
        there.verify()
        there.used_now()
        return GraphLeft(there.array("neighbours"), there.array("similarity"), there.notes)
    except (Damaged, OSError):
        data.store.remove("graph_left", origin.identity)
        return None


def _made(data: Dataset, vectors: Vectors, origin: Origin, nodes: np.ndarray, progress: Progress) -> GraphLeft:
    import indexes

    part = np.ascontiguousarray(vectors.grid[nodes])
    choice = replace(_choice(*part.shape), device=indexes.gpu_seen())
    built = indexes.build_index(
        part, choice, progress=lambda done, total: progress("Sorting the rows left for their neighbours", done, total)
    )
    neighbours, similarity = indexes.knn_graph(
        built.index, k=cast(int, origin.spec.params["k"]),
        progress=lambda done, total: progress("Finding neighbours among the rows left", done, total),
    )  # fmt: skip
    digest = hashlib.sha256(neighbours.astype("<i4").tobytes()).hexdigest()[:32]
    notes: dict[str, Json] = {"kind": built.index.kind, "recall": built.recall.value, "digest": digest}
    if len(nodes) >= KEPT_FROM:
        with suppress(
            EngineError, OSError
        ):  # a full disk, a workspace that may only be read, somebody else clearing up
            _keep(data, origin, {"neighbours": neighbours, "similarity": similarity}, notes)
    return GraphLeft(neighbours, similarity, notes)


def _keep(data: Dataset, origin: Origin, arrays: Mapping[str, np.ndarray], notes: Mapping[str, Json]) -> None:
    def used(one: Artefact) -> float:
        return one.folder.stat().st_mtime

    data.store.publish(f"graph_left@{origin.spec.on}", origin, arrays, notes)
    for old in sorted(data.store.artefacts("graph_left"), key=used)[:-KEPT]:
        data.store.remove("graph_left", old.identity)
