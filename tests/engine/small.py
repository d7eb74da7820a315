"""Corpora small enough to check in the head, made straight in a temporary workspace."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from engine.dataset.columns import ColumnType
from engine.dataset.dataset import Dataset
from engine.dataset.record import Record, Rows, SourceColumn, change_record, write_record
from engine.registry import Json
from engine.store.artefact_identity import Origin
from engine.store.files import digest_of
from engine.store.spec import Spec
from engine.store.workspace import Store
from engine.text.row_text import TextView
from indexes import Exact, knn_graph, to_grid

TYPES: dict[type, ColumnType] = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "boolean",
    date: "date",
    datetime: "date",
    list: "list",
}

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
    described = []
    for i, (key, values) in enumerate(columns.items()):
        first = next((v for v in values if v is not None), "")
        described.append(SourceColumn(key, key, TYPES[type(first)], f"c{i}"))
    record = Record(
        name=store.folder.name,
        revision=1,
        fingerprint=digest_of([[str(v) for v in values] for values in columns.values()]),
        files=(),
        rows_read=n,
        source_options={},
        segments=(Rows("rows.arrow", n),),
        columns=tuple(described),
        text_view=TextView("column", (text,)),
    )
    write_record(store, record)
    return Dataset.load(store)


def embedded(
    data: Dataset, vectors: np.ndarray, *, key: str = "given", k: int = 30, graph: bool = True, model: str = ""
) -> Dataset:
    """The dataset with one vector a row, float (n, d); equal rows share a node, a row of NaN has none.

    model: the digest of what made them, "" for vectors of these rows alone.
    """
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
    facts = {"what": digest_of(np.nan_to_num(vectors, nan=9).tolist())}
    facts |= {"embedder": model} if model else {}
    of_texts = Origin(Spec("texts"), data.fingerprint, facts=facts)
    texts = data.store.publish("texts", of_texts, {"of_row": of_row, "first": nodes, "count": count})
    distinct = np.ascontiguousarray(grid[np.searchsorted(there, nodes)])
    below = {"texts": texts.identity}
    stored = data.store.publish(
        key, Origin(Spec("embedding", "given"), data.fingerprint, None, below, facts=facts), {"grid": distinct}
    )
    if graph:
        neighbours, similarity = knn_graph(Exact(distinct), k=k)
        data.store.publish(
            f"graph@{key}",
            Origin(
                Spec("graph", params={"k": k}, on=key), data.fingerprint, None, below | {"embedding": stored.identity}
            ),
            {"neighbours": neighbours, "similarity": similarity},
        )
    return Dataset.load(data.store)


def next_revision(data: Dataset, texts: list[str]) -> Dataset:
    """The dataset after its source has changed, as another revision in the same folder."""
    other = corpus(data.store.folder.parent, {"text": texts})
    (data.store.folder / "rows2.arrow").write_bytes((other.store.folder / "rows.arrow").read_bytes())
    segments = (Rows("rows2.arrow", len(texts)),)
    change_record(data.store, lambda r: replace(r, fingerprint=other.fingerprint, segments=segments, revision=2))
    return Dataset.load(data.store)


def with_signal(data: Dataset, key: str, values: np.ndarray, *, type: str = "integer", version: int = 1) -> Dataset:
    """The dataset with one more column, as a signal adds it. version: tells two of one key apart."""
    column: Json = {"key": key, "name": key, "type": type, "origin": "signal", "array": key}
    origin = Origin(Spec("signal", key, version), data.fingerprint)
    data.store.publish(key, origin, {key: values}, {"columns": [column]})
    return Dataset.load(data.store)


def circle(degrees: Sequence[float]) -> np.ndarray:
    """Unit vectors in the plane: similarity of two is the cosine of the angle between them."""
    angle = np.radians(np.array(degrees, float))
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def over(data: Dataset, family: str, member: str, embedding: str = "given", **facts: Json) -> Origin:
    """Where something made over the texts of an embedding comes from; facts: tell two apart."""
    below = {"texts": data.artefact("embedding", embedding).origin.inputs["texts"]}
    return Origin(Spec(family, member, on=embedding), data.fingerprint, None, below, facts=facts)


def with_map(
    data: Dataset,
    xy: Sequence[tuple[float, float]],
    key: str = "pca@given",
    *,
    member: str = "pca",
    kept: float | None = None,
) -> Dataset:
    """The dataset with a map, one point a text of its embedding `given`; kept: of the true neighbours."""
    x, y = np.array(xy, np.float32).T
    data.store.publish(
        key,
        over(data, "map", member, xy=digest_of(str(xy))),
        {"x": x, "y": y, "trust": np.ones(len(x), np.float32)},
        {} if kept is None else {"kept": kept, "trust": kept, "among": 15},
    )
    return Dataset.load(data.store)


def with_topics(
    data: Dataset,
    topic: Sequence[int],
    names: Mapping[int, str],
    key: str = "topics@given",
    *,
    edit: int = 0,
    groups: Mapping[int, int] | None = None,
) -> Dataset:
    """The dataset with topics, one a text of its embedding `given`, all in area 0; edit: tells two apart.

    groups: the group of each topic, between topics and areas.
    """
    numbers = np.array(topic, np.int32)
    notes: dict[str, Json] = {"names": {str(k): v for k, v in names.items()}, "area_names": {"0": "all"}}
    if groups:
        notes["group_of"] = {str(t): g for t, g in groups.items()}
        notes["group_names"] = {str(g): f"group {g}" for g in groups.values()}
    column: Json = {
        "key": f"topic{key.removeprefix('topics')}",
        "name": "topic",
        "type": "category",
        "origin": "topics",
        "array": "topic",
    }
    area = np.where(numbers < 0, -1, 0).astype(np.int32)
    origin = over(data, "topics", "kmeans", edit=edit)
    data.store.publish(key, origin, {"topic": numbers, "area": area}, notes | {"columns": [column]})
    return Dataset.load(data.store)


def mapped(
    data: Dataset, x: Sequence[float], y: Sequence[float], *, embedding: str = "given", later: Sequence[int] = ()
) -> Dataset:
    """The dataset with a map named `flat` over the texts of an embedding; later: texts placed by their neighbours."""
    places = {"x": np.array(x, np.float32), "y": np.array(y, np.float32), "trust": np.ones(len(x), np.float32)}
    arrays = places | {"placed": np.isin(np.arange(len(x)), later)}
    data.store.publish("flat", over(data, "map", "flat", embedding), arrays, {"placed_rows": len(later)})
    return Dataset.load(data.store)


def clustered(data: Dataset, topic: Sequence[int], *, embedding: str = "given", key: str = "topics") -> Dataset:
    """The dataset with topics under a key over the texts of an embedding; each topic is an area of its own."""
    numbers = np.array(topic, np.int32)
    names: Json = {str(t): f"topic {t}" for t in sorted(set(numbers.tolist())) if t >= 0}
    columns: Json = [
        {"key": f"{level}@{embedding}", "name": level, "type": "category", "origin": "topics", "array": level}
        for level in ("topic", "area")
    ]
    notes: dict[str, Json] = {"names": names, "area_names": names, "columns": columns}
    data.store.publish(key, over(data, "topics", "made", embedding), {"topic": numbers, "area": numbers}, notes)
    return Dataset.load(data.store)


def with_pairs(data: Dataset, found: Sequence[tuple[int, int, float]], *, lowest: float, key: str = "made") -> Dataset:
    """The dataset with pairs of rows: (row, row, similarity); rows of similarity 1 are none, each is its own node."""
    first, second, similarity = (np.array(part) for part in zip(*found, strict=True))
    arrays = {"of_row": np.arange(data.n, dtype=np.int32), "first": first.astype(np.int32)}
    arrays |= {"second": second.astype(np.int32), "similarity": similarity.astype(np.float32)}
    arrays["value"] = np.ones(data.n, np.int32)
    origin = Origin(Spec("pairs", "exact"), data.fingerprint, facts={"found": digest_of(str(found))})
    data.store.publish(key, origin, arrays, {"lowest": lowest, "columns": []})
    return Dataset.load(data.store)
