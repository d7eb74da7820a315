"""A first map before the end: what is embedded so far, drawn in seconds."""

import numpy as np

from engine.dataset import Dataset, Graph
from engine.errors import EngineError
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact
from engine.vectors import embedded_so_far, exact_graph, lay_out, unfinished

PREVIEW_MOST = 20_000
"""A preview draws at most so many texts: it must be there in seconds."""


PREVIEW_K = 15


def draw_first_map(data: Dataset, progress: Progress = quiet) -> Artefact:
    """Draw the texts that are embedded so far, a random sample of the corpus; asked again later, it has grown.

    Raises `EngineError` when nothing is being embedded, or nothing is done yet.
    """
    started = unfinished(data.store)
    so_far = next((p for p in (embedded_so_far(data.store, i) for i in started) if p is not None), None)
    if so_far is None:
        raise EngineError("There is nothing to draw yet: no text has been embedded. Start embedding, or wait a moment.")
    chosen = np.arange(len(so_far.nodes))
    if len(chosen) > PREVIEW_MOST:
        chosen = np.sort(np.random.default_rng(0).choice(len(chosen), PREVIEW_MOST, replace=False))
    grid, nodes = so_far.grid[chosen], so_far.nodes[chosen]
    progress("Drawing a first map", 0, 1)
    neighbours, similarity = exact_graph(grid, PREVIEW_K)
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


def remove_first_maps(data: Dataset, embedding_key: str) -> None:
    """Delete the previews of an embedding: its map is there."""
    for artefact in data.store.artefacts("maps"):
        if artefact.key == f"preview@{embedding_key}":
            data.store.remove("maps", artefact.identity)
