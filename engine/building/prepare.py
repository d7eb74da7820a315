"""What a corpus gets when it is opened: signals, vectors, graph, map, topics; and a first map before the end."""

from collections.abc import Mapping

from engine.building.key_names import key_of
from engine.building.spec import spec
from engine.store import Spec

REPEATABLE_MOST = 200_000
"""Up to so many rows the map is drawn repeatably unless the person says otherwise."""


def specs_for_pages(
    embedder: str = "sentence", params: Mapping[str, object] | None = None, *, repeatable: bool = True
) -> dict[str, Spec]:
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
        spec("topics", "kmeans", on=on),
        spec("signal", "density", {"embedding": on}),
        spec("signal", "outlier", {"embedding": on}),
        spec("signal", "words"),
        spec("signal", "tokens"),
    ]
    return {key_of(s): s for s in specs}
