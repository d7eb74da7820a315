"""What a corpus gets when it is opened: signals, vectors, graph, map, topics; and a first map before the end."""

from collections.abc import Mapping

from engine.building.first_layout import first_layout
from engine.building.key_names import key_of
from engine.building.spec import spec
from engine.dataset import Dataset
from engine.maps import MAPS
from engine.store import Spec

REPEATABLE_MOST = 200_000
"""Up to so many rows the map is drawn repeatably unless the person says otherwise."""


def specs_for_pages(
    embedder: str = "sentence",
    params: Mapping[str, object] | None = None,
    *,
    repeatable: bool = True,
    layout: str = "umap",
) -> dict[str, Spec]:
    """The specs of everything that the pages use, by key: what is there in a moment, then the map, then the rest.

    repeatable: draw the map so that the same corpus gives the same map, and a region drawn on it can be replayed from
    the source alone. Past `REPEATABLE_MOST` texts UMAP takes long for that, on one thread; the pages then suggest its
    fast mode. layout: the member that draws the map.
    """
    base = spec("embedding", embedder, params)
    on = key_of(base)
    modes = {"mode": "exact" if repeatable else "fast"}
    mode = modes if any(p.name == "mode" for p in MAPS[layout].params) else {}
    specs = [
        spec("signal", "characters"),
        spec("signal", "utf8_bytes"),
        base,
        spec("map", layout, mode, on=on),
        spec("topics", "kmeans", on=on),
        spec("signal", "density", {"embedding": on}),
        spec("signal", "outlier", {"embedding": on}),
        spec("signal", "words"),
        spec("signal", "tokens"),
    ]
    return {key_of(s): s for s in specs}


def wanted_by_pages(
    data: Dataset,
    embedder: str = "sentence",
    params: Mapping[str, object] | None = None,
    *,
    repeatable: bool = True,
    layout: str = "",
) -> dict[str, Spec]:
    """`specs_for_pages` with a layout, where none is named with that which `first_layout` chooses for this corpus."""
    layout = layout or first_layout(data, key_of(spec("embedding", embedder, params)), repeatable=repeatable)
    return specs_for_pages(embedder, params, repeatable=repeatable, layout=layout)
