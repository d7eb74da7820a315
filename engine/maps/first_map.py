"""A first map before the end: what is embedded so far, drawn in seconds."""

import numpy as np

from engine.dataset import Dataset, Graph
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact, Origin, Spec
from engine.vectors import embedded_so_far, exact_graph, lay_out, unfinished

PREVIEW_MOST = 20_000
"""A preview draws at most so many texts: it must be there in seconds."""


PREVIEW_K = 15


def draw_first_map(data: Dataset, progress: Progress = quiet) -> Artefact | None:
    """Draw the texts that are embedded so far, a random sample of the corpus; asked again later, it has grown.

    None where nothing is being embedded (any more): then there is nothing to draw, or the map itself comes.
    """
    started = unfinished(data.store)
    so_far = next((p for p in (embedded_so_far(data.store, i) for i in started) if p is not None), None)
    if so_far is None:
        return None
    chosen = np.arange(len(so_far.numbers))
    if len(chosen) > PREVIEW_MOST:
        chosen = np.sort(np.random.default_rng(0).choice(len(chosen), PREVIEW_MOST, replace=False))
    grid, drawn = so_far.grid[chosen], so_far.numbers[chosen]
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
    places = np.full((so_far.purpose.total, 2), np.nan, np.float32)
    places[drawn] = xy
    progress("Drawing a first map", 1, 1)
    on = so_far.purpose.key
    spec = Spec("map", "preview", params={"texts": len(drawn)}, on=on)
    origin = Origin(spec, data.fingerprint, None, {"texts": so_far.purpose.texts})
    arrays = {"x": places[:, 0].copy(), "y": places[:, 1].copy(), "trust": np.full(len(places), np.nan, np.float32)}
    notes: dict[str, Json] = {
        "preview": True,
        "drawn": len(drawn),
        "embedded": len(so_far.numbers),
        "total": so_far.purpose.total,
    }
    drawn_map = data.store.publish(f"preview@{on}", origin, arrays, notes)
    if not unfinished(data.store):  # the embedding ended meanwhile, and with it went the first maps that were there
        remove_first_maps(data, on)
    return drawn_map


def remove_first_maps(data: Dataset, embedding_key: str) -> None:
    """Delete the previews of an embedding: its map is there."""
    for artefact in data.store.artefacts("map"):
        if artefact.key == f"preview@{embedding_key}":
            data.store.remove("map", artefact.identity)
