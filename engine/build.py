"""Build what slow work adds: one thing with all that it stands on, kept under its identity and found again."""

from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
import pyarrow as pa

from engine import edits, embedding, factor, indexed, nodes, scoring, topics
from engine.dataset import Dataset
from engine.maps import MAPS
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.signals import ROW_SIGNALS, VALUES
from engine.specs import CLUSTERS, column_key, plan
from engine.store import Artefact, digest_of
from engine.trust import share_kept


def build(data: Dataset, wanted: Mapping[str, Mapping[str, Json]], progress: Progress = quiet) -> Dataset:
    """Build the things of these specs (by key) and what they stand on; returns the dataset with them.

    What is on disk under the same identity is taken as it is. Raises `Cancelled` from `progress`; finished parts stay.
    """
    for key, made in plan(wanted, {**data.columns, **data.added}):
        artefact = _BUILDERS[str(made["family"])](data, key, made, progress)
        if data.added.get(key) is None or data.added[key].identity != artefact.identity:
            data = _made_current(data, key, artefact)
    return data


def _made_current(data: Dataset, key: str, artefact: Artefact) -> Dataset:
    """Load again so that the key means this artefact, also when an older one of the same key is there."""
    fresh = Dataset.load(data.store)
    if key in fresh.added and fresh.added[key].identity == artefact.identity:
        return fresh
    data.store.make_current(key, artefact.identity)
    return Dataset.load(data.store)


def _full(data: Dataset, made: Mapping[str, Json], **inputs: str) -> dict[str, Json]:
    """The spec with the identities of its inputs: what the artefact's identity is the digest of."""
    body: dict[str, Json] = {k: made[k] for k in ("family", "member", "version", "params", "on") if k in made}
    return body | {"rows": data.fingerprint, "inputs": cast(Json, inputs)}


def _embedding(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    return embedding.embed(data, str(made["member"]), cast(dict[str, Json], made["params"]), key, progress)


def _index(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    on = str(made["on"])
    full = indexed.index_spec(data, on)
    there = data.store.find("indexes", digest_of(full))
    return there or indexed.build_index(data, key, full, on, progress)


def _graph(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    vectors = data.vectors(str(made["on"]))
    full = _full(data, made, vectors=vectors.identity) | {"nodes": vectors.nodes.identity}
    there = data.store.find("graph", digest_of(full))
    k = cast(int, cast(dict[str, Json], made["params"])["k"])
    return there or indexed.build_graph(data, key, full, vectors.key, k, progress)


def _map(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    on = str(made["on"])
    vectors, graph = data.vectors(on), data.graph(on)
    full = _full(data, made, vectors=vectors.identity, graph=graph.identity) | {"nodes": vectors.nodes.identity}
    there = data.store.find("maps", digest_of(full))
    if there:
        return there
    member = MAPS[str(made["member"])]
    progress("Drawing the map", 0, 1)
    xy = member.function(vectors, graph, **member.check(cast(dict[str, object], made["params"])))
    trust = share_kept(xy, graph.neighbours)
    progress("Drawing the map", 1, 1)
    arrays = {"x": np.ascontiguousarray(xy[:, 0]), "y": np.ascontiguousarray(xy[:, 1]), "trust": trust}
    notes: dict[str, Json] = {"trust": float(np.nanmean(trust)) if len(trust) else None, "preview": False}
    return data.store.publish("maps", key, full, arrays, notes)


def _clusters(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    on = str(made["on"])
    vectors, graph = data.vectors(on), data.graph(on)
    params = cast(dict[str, object], made["params"])
    column = str(params.get("column") or "")
    said = {"column": f"{column}/{data.info(column).identity}"} if column else {}
    full = _full(data, made, vectors=vectors.identity, graph=graph.identity, **said)
    full |= {"nodes": vectors.nodes.identity}
    there = data.store.find("clusters", digest_of(full))
    if there:
        return _by_hand(data, key, there, made)
    member = CLUSTERS[str(made["member"])]
    progress("Finding topics", 0, 2)
    if column:
        vectors = factor.without(data, vectors, column)
    topic, area = member.function(vectors, graph, **member.check(params))
    progress("Naming topics", 1, 2)
    notes = topics.name(data, vectors.nodes, topic, area)
    progress("Naming topics", 2, 2)
    notes["columns"] = [
        {"key": column_key(level, key), "name": level, "type": "category", "origin": "clusters", "array": level}
        for level in ("topic", "area")
    ]
    found = data.store.publish("clusters", key, full, {"topic": topic, "area": area}, notes)
    return _by_hand(data, key, found, made)


def _by_hand(data: Dataset, key: str, base: Artefact, made: Mapping[str, Json]) -> Artefact:
    """The clusters with the changes made by hand: those that came with a recipe, else those of the history."""
    if "edits" not in made:
        return topics.carried(data, key, base)
    came = [topics.TopicEdit.from_json(body) for body in cast(list[dict[str, Json]], made["edits"])]
    return topics.edited(data, key, base, came)


def _signal(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    name, params = str(made["member"]), cast(dict[str, Json], made["params"])
    on = str(params.get("embedding", "") or "")
    inputs = {"vectors": data.vectors(on).identity, "graph": data.graph(on).identity} if on else {}
    if not on:
        inputs = {"text_view": digest_of(data.text_view.json())}
    edited = {} if on else nodes.edits_read(data)
    full = _full(data, made, **inputs) | ({"view_edits": edited} if edited else {})
    there = data.store.find("columns", digest_of(full))
    if there:
        return there
    score = scoring.row_signal if name in ROW_SIGNALS else scoring.corpus_signal
    arrays = score(data, name, params, progress)
    notes: dict[str, Json] = {
        "columns": [
            {
                "key": key if len(arrays) == 1 else column_key(value, key),
                "name": value,
                "type": VALUES[value][0],
                "unit": VALUES[value][1],
                "origin": "signal",
                "array": value,
            }
            for value in arrays
        ]
    }
    return data.store.publish("columns", key, full, arrays, notes)


def _edit(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    params = cast(dict[str, Json], made["params"])
    column = str(made["on"])
    info = data.info(column)
    full = _full(data, made, column=f"{column}/{info.identity}")
    there = data.store.find("columns", digest_of(full))
    if there:
        return there
    name = str(made["member"])
    progress("Editing", 0, data.n)
    blocks, done = [], 0
    for block in edits.made(data, column, name, params):
        blocks.append(block)
        done += len(block)
        progress("Editing", done, data.n)
    notes: dict[str, Json] = {
        "columns": [{"key": key, "name": key, "type": edits.type_of(name), "origin": "edit", "array": "value"}],
        "column": column,
    }
    values = pa.chunked_array(blocks) if blocks else pa.chunked_array([], pa.large_string())
    return data.store.publish("columns", key, full, {"value": pa.table({"value": values})}, notes)


_BUILDERS: Mapping[str, Callable[[Dataset, str, Mapping[str, Json], Progress], Artefact]] = {
    "embedding": _embedding,
    "index": _index,
    "graph": _graph,
    "map": _map,
    "clusters": _clusters,
    "signal": _signal,
    "edit": _edit,
}
