"""Corpora small enough to check in the head, made straight in a temporary workspace."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.dataset.dataset import Dataset
from engine.registry import Json
from engine.store.files import digest_of
from engine.store.store import Store
from indexes import Exact, knn_graph, to_grid

TYPES = {str: "text", int: "integer", float: "number", bool: "boolean", date: "date", datetime: "date", list: "list"}

SIX = {
    "length": [10, 50, 300, 400, 500, 20],
    "language": ["en", "de", "en", "de", "fr", "fr"],
    "text": ["a", "b", "c", "d", "e", "f"],
}


def corpus(folder: Path, columns: Mapping[str, Sequence[object]], *, text: str = "text") -> Dataset:
    """A dataset with these columns (and row numbers as texts where none are given)."""
    n = len(next(iter(columns.values()), []))
    columns = dict(columns)
    columns.setdefault(text, [f"text {i}" for i in range(n)])
    table = pa.table({f"c{i}": pa.array(values) for i, values in enumerate(columns.values())})
    store = Store(folder / f"corpus-{uuid.uuid4().hex[:8]}")
    store.folder.mkdir(parents=True)
    with pa.OSFile(str(store.folder / "rows.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    described: list[Json] = []
    for i, (key, values) in enumerate(columns.items()):
        first = next((v for v in values if v is not None), "")
        described.append({"key": key, "name": key, "type": TYPES[type(first)], "stored": f"c{i}", "role": ""})
    store.write_record(
        {
            "name": store.folder.name,
            "revision": 1,
            "fingerprint": digest_of([[str(v) for v in values] for values in columns.values()]),
            "source": {},
            "source_options": {},
            "segments": [{"file": "rows.arrow", "rows": n}],
            "columns": described,
            "text_view": {"kind": "column", "columns": [text]},
            "edits": [],
            "current": {},
            "rejected": 0,
        }
    )
    return Dataset.load(store)


def embedded(data: Dataset, vectors: np.ndarray, *, key: str = "given", k: int = 30, graph: bool = True) -> Dataset:
    """The dataset with one vector a row, float (n, d); equal rows share a node, a row of NaN has none."""
    there = np.flatnonzero(~np.isnan(vectors).any(axis=1))
    grid = to_grid(vectors[there])
    numbers: dict[bytes, int] = {}
    of_row = np.full(data.n, -1, np.int32)
    first: list[int] = []
    for row, vector in zip(there.tolist(), grid, strict=True):
        if vector.tobytes() not in numbers:
            numbers[vector.tobytes()] = len(first)
            first.append(row)
        of_row[row] = numbers[vector.tobytes()]
    nodes = np.array(first, np.int64)
    count = np.bincount(of_row[there], minlength=len(first)).astype(np.int32)
    about: dict[str, Json] = {"rows": data.fingerprint, "what": digest_of(np.nan_to_num(vectors, nan=9).tolist())}
    texts = data.store.publish("texts", "texts", about, {"of_row": of_row, "first": nodes, "count": count})
    distinct = np.ascontiguousarray(grid[np.searchsorted(there, nodes)])
    made: dict[str, Json] = {"family": "embedding", "member": "given", "version": 1, "params": {}}
    spec = about | made | {"nodes": texts.identity}
    stored = data.store.publish("vectors", key, spec, {"grid": distinct})
    if graph:
        neighbours, similarity = knn_graph(Exact(distinct), k=k)
        graph_spec = {"family": "graph", "member": "", "version": 1, "params": {"k": k}, "on": key}
        data.store.publish(
            "graph",
            f"graph@{key}",
            about | {**graph_spec, "vectors": stored.identity, "nodes": texts.identity},
            {"neighbours": neighbours, "similarity": similarity},
        )
    return Dataset.load(data.store)


def with_signal(data: Dataset, key: str, values: np.ndarray, *, type: str = "integer") -> Dataset:
    """The dataset with one more column, as a signal adds it."""
    column: Json = {"key": key, "name": key, "type": type, "origin": "signal", "array": key}
    spec: dict[str, Json] = {"rows": data.fingerprint, "family": "signal", "member": key, "version": 1, "params": {}}
    data.store.publish("columns", key, spec, {key: values}, {"columns": [column]})
    return Dataset.load(data.store)


def circle(degrees: Sequence[float]) -> np.ndarray:
    """Unit vectors in the plane: similarity of two is the cosine of the angle between them."""
    angle = np.radians(np.array(degrees, float))
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def with_map(data: Dataset, xy: Sequence[tuple[float, float]], key: str = "pca@given") -> Dataset:
    """The dataset with a map, one point a node of its vectors `given`."""
    nodes = str(data.artefact("vectors", "given").spec["nodes"])
    x, y = np.array(xy, np.float32).T
    about: dict[str, Json] = {"rows": data.fingerprint, "nodes": nodes, "family": "map", "xy": digest_of(str(xy))}
    data.store.publish("maps", key, about, {"x": x, "y": y, "trust": np.ones(len(x), np.float32)})
    return Dataset.load(data.store)


def with_topics(
    data: Dataset, topic: Sequence[int], names: Mapping[int, str], key: str = "topics@given", *, edit: int = 0
) -> Dataset:
    """The dataset with clusters, one topic a node of its vectors `given`, all in area 0; edit: tells two apart."""
    nodes = str(data.artefact("vectors", "given").spec["nodes"])
    numbers = np.array(topic, np.int32)
    about: dict[str, Json] = {"rows": data.fingerprint, "nodes": nodes, "family": "clusters", "edit": edit}
    notes: dict[str, Json] = {"names": {str(k): v for k, v in names.items()}, "area_names": {"0": "all"}}
    column: Json = {
        "key": f"topic{key.removeprefix('topics')}",
        "type": "category",
        "origin": "clusters",
        "array": "topic",
    }
    area = np.where(numbers < 0, -1, 0).astype(np.int32)
    data.store.publish("clusters", key, about, {"topic": numbers, "area": area}, notes | {"columns": [column]})
    return Dataset.load(data.store)


def mapped(data: Dataset, x: Sequence[float], y: Sequence[float], *, embedding: str = "given") -> Dataset:
    """The dataset with a map named `flat` over the nodes of an embedding."""
    nodes = data.vectors(embedding).nodes
    spec: dict[str, Json] = {"rows": data.fingerprint, "family": "map", "member": "flat", "nodes": nodes.identity}
    arrays = {"x": np.array(x, np.float32), "y": np.array(y, np.float32), "trust": np.ones(len(x), np.float32)}
    data.store.publish("maps", "flat", spec, arrays)
    return Dataset.load(data.store)


def clustered(data: Dataset, topic: Sequence[int], *, embedding: str = "given") -> Dataset:
    """The dataset with clusters named `topics` over the nodes of an embedding; each topic is an area of its own."""
    nodes = data.vectors(embedding).nodes
    numbers = np.array(topic, np.int32)
    names: Json = {str(t): f"topic {t}" for t in sorted(set(numbers.tolist())) if t >= 0}
    spec: dict[str, Json] = {"rows": data.fingerprint, "family": "clusters", "member": "made", "nodes": nodes.identity}
    columns: Json = [
        {"key": f"{level}@{embedding}", "name": level, "type": "category", "origin": "clusters", "array": level}
        for level in ("topic", "area")
    ]
    notes: dict[str, Json] = {"names": names, "area_names": names, "columns": columns}
    data.store.publish("clusters", "topics", spec, {"topic": numbers, "area": numbers}, notes)
    return Dataset.load(data.store)
