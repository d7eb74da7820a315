"""The identity of rows and of what slow work adds: what is stored under which digest."""

from collections.abc import Mapping
from dataclasses import replace

from engine.dataset.dataset import Dataset
from engine.dataset.row_keys import keys_origin
from engine.dataset.typed_artefacts import Graph, Vectors
from engine.store import Artefact, Origin, Spec


def origin_of(
    data: Dataset,
    spec: Spec,
    *,
    vectors: Vectors | None = None,
    graph: Graph | None = None,
    columns: Mapping[str, str] | None = None,
) -> Origin:
    """What something made on this revision stands on: its spec, the rows, and the identities of what it is made from.

    columns: identities of the added columns that it reads, by key. What people changed by hand is no part of it.
    """
    inputs = {"embedding": vectors.identity, "texts": vectors.texts.identity} if vectors else {}
    if graph:
        inputs["graph"] = graph.identity
    return Origin(replace(spec, by_hand=None), data.fingerprint, None, inputs, columns or {})


def store_keys(data: Dataset) -> Artefact:
    """Keep the keys of all rows on disk, once for a revision: content, name uint64 (n,), repeat int32 (n,).

    Whoever writes something by key (a mark, an export) calls it first, so that nobody has to make them again.
    """
    origin = keys_origin(data.fingerprint, data.id_column())
    there = data.store.made(origin)
    if there:
        return there
    keys = data._row_keys()
    return data.store.publish("keys", origin, {"content": keys.content, "name": keys.name, "repeat": keys.repeat})
