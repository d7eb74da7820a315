"""Build what slow work adds: one thing with all that it stands on, kept under its identity and found again."""

from collections.abc import Callable, Mapping
from typing import cast

import numpy as np

from engine.building.spec import column_key, plan
from engine.dataset import Dataset, artefact_spec, edits_read
from engine.maps import MAPS, share_kept
from engine.opening import make_edit
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.signals import CORPUS_SIGNALS, ROW_SIGNALS, VALUES, corpus_signal, row_signal
from engine.store import Artefact, digest_of
from engine.topics import CLUSTERS, TopicEdit, carried, name_topics, with_changes, without_column
from engine.vectors import build_graph, build_index, embed, index_spec


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


def _embedding(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    return embed(data, str(made["member"]), cast(dict[str, Json], made["params"]), key, progress)


def _index(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    on = str(made["on"])
    full = index_spec(data, on)
    there = data.store.find("indexes", digest_of(full))
    return there or build_index(data, key, full, on, progress)


def _graph(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    vectors = data.vectors(str(made["on"]))
    full = artefact_spec(data, made, vectors=vectors.identity) | {"nodes": vectors.nodes.identity}
    there = data.store.find("graph", digest_of(full))
    k = cast(int, cast(dict[str, Json], made["params"])["k"])
    return there or build_graph(data, key, full, vectors.key, k, progress)


def _map(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    on = str(made["on"])
    vectors, graph = data.vectors(on), data.graph(on)
    full = artefact_spec(data, made, vectors=vectors.identity, graph=graph.identity) | {"nodes": vectors.nodes.identity}
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
    full = artefact_spec(data, made, vectors=vectors.identity, graph=graph.identity, **said)
    full |= {"nodes": vectors.nodes.identity}
    there = data.store.find("clusters", digest_of(full))
    if there:
        return _by_hand(data, key, there, made)
    member = CLUSTERS[str(made["member"])]
    progress("Finding topics", 0, 2)
    if column:
        vectors = without_column(data, vectors, column)
    topic, area = member.function(vectors, graph, **member.check(params))
    progress("Naming topics", 1, 2)
    notes = name_topics(data, vectors.nodes, topic, area)
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
        return carried(data, key, base)
    came = [TopicEdit.from_json(body) for body in cast(list[dict[str, Json]], made["edits"])]
    return with_changes(data, key, base, came)


def _signal(data: Dataset, key: str, made: Mapping[str, Json], progress: Progress) -> Artefact:
    name, params = str(made["member"]), cast(dict[str, Json], made["params"])
    on = str(params.get("embedding", "") or "")
    inputs = {"vectors": data.vectors(on).identity, "graph": data.graph(on).identity} if on else {}
    if not on:
        inputs = {"text_view": digest_of(data.text_view.json())}
    edited = {} if on else edits_read(data)
    full = artefact_spec(data, made, **inputs) | ({"view_edits": edited} if edited else {})
    there = data.store.find("columns", digest_of(full))
    if there:
        return there
    if name in ROW_SIGNALS:
        arrays = row_signal(data, ROW_SIGNALS[name], params, progress)
    else:
        arrays = corpus_signal(data, CORPUS_SIGNALS[name], params, progress)
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


_BUILDERS: Mapping[str, Callable[[Dataset, str, Mapping[str, Json], Progress], Artefact]] = {
    "embedding": _embedding,
    "index": _index,
    "graph": _graph,
    "map": _map,
    "clusters": _clusters,
    "signal": _signal,
    "edit": make_edit,
}
