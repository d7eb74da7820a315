"""What a corpus gets when it is opened: signals, vectors, graph, map, topics; and a first map before the end."""

from collections.abc import Mapping

import numpy as np

from engine import embedding, indexed
from engine.dataset import Dataset, Graph
from engine.errors import EngineError
from engine.layout import lay_out
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.specs import key_of, spec
from engine.store import Artefact

PREVIEW_MOST = 20_000
"""A preview draws at most so many texts: it must be there in seconds."""

PREVIEW_K = 15

REPEATABLE_MOST = 200_000
"""Up to so many rows the map is drawn repeatably unless the person says otherwise."""


def wanted(
    embedder: str = "sentence", params: Mapping[str, object] | None = None, *, repeatable: bool = True
) -> dict[str, dict[str, Json]]:
    """The specs of everything that the pages use, by key: what is there in a moment, then the map, then the rest.

    repeatable: draw the map on one thread, so that the same corpus gives the same map, and a region drawn on it can be
    replayed from the source alone. Past `REPEATABLE_MOST` texts that takes long; the pages then suggest the fast one.
    """
    base = spec("embedding", embedder, params)
    on = key_of(base)
    specs = [
        spec("signal", "characters"),
        spec("signal", "utf8_bytes"),
        base,
        spec("map", "umap", {"mode": "exact" if repeatable else "fast"}, on=on),
        spec("clusters", "kmeans", on=on),
        spec("signal", "density", {"embedding": on}),
        spec("signal", "outlier", {"embedding": on}),
        spec("signal", "words"),
        spec("signal", "tokens"),
    ]
    return {key_of(s): s for s in specs}


def preview(data: Dataset, progress: Progress = quiet) -> Artefact:
    """Draw the texts that are embedded so far, a random sample of the corpus; asked again later, it has grown.

    Raises `EngineError` when nothing is being embedded, or nothing is done yet.
    """
    started = embedding.unfinished(data.store)
    so_far = next((p for p in (embedding.preview(data.store, i) for i in started) if p is not None), None)
    if so_far is None:
        raise EngineError("There is nothing to draw yet: no text has been embedded. Start embedding, or wait a moment.")
    chosen = np.arange(len(so_far.nodes))
    if len(chosen) > PREVIEW_MOST:
        chosen = np.sort(np.random.default_rng(0).choice(len(chosen), PREVIEW_MOST, replace=False))
    grid, nodes = so_far.grid[chosen], so_far.nodes[chosen]
    progress("Drawing a first map", 0, 1)
    neighbours, similarity = indexed.exact_graph(grid, PREVIEW_K)
    xy = lay_out(
        grid,
        Graph("", neighbours, similarity, {}),
        dimensions=2,
        n_neighbors=PREVIEW_K,
        min_dist=0.1,
        seed=0,
        mode="fast",
    )
    places = np.full((len(data.nodes(so_far.texts)), 2), np.nan, np.float32)
    places[nodes] = xy
    progress("Drawing a first map", 1, 1)
    key = f"preview@{so_far.key}"
    full: dict[str, Json] = {
        "family": "map", "member": "preview", "version": 1, "params": {"texts": len(nodes)},
        "on": so_far.key, "rows": data.fingerprint, "nodes": so_far.texts,
    }  # fmt: skip
    arrays = {"x": places[:, 0].copy(), "y": places[:, 1].copy(), "trust": np.full(len(places), np.nan, np.float32)}
    notes: dict[str, Json] = {
        "preview": True,
        "drawn": len(nodes),
        "embedded": len(so_far.nodes),
        "total": so_far.total,
    }
    return data.store.publish("maps", key, full, arrays, notes)


def away(data: Dataset, embedding_key: str) -> None:
    """Delete the previews of an embedding: its map is there."""
    for artefact in data.store.artefacts("maps"):
        if artefact.key == f"preview@{embedding_key}":
            data.store.remove("maps", artefact.identity)
