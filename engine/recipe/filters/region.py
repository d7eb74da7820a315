"""Keep or drop the rows inside a region that was drawn on a map."""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Spec, Verdict, drawn_digest, read_ref
from engine.errors import EngineError
from engine.recipe.polygon import inside_polygon
from engine.registry import About, Help, Json, MapName, RegionRef


def _foreign(data: Dataset, params: Mapping[str, Json], specs: Mapping[str, Spec]) -> str:
    """Why the region means nothing on a dataset: another corpus, another map, or one that cannot be drawn again."""
    there, key = read_ref(data, str(params["region"]), "region"), str(params["map"])
    if there["rows"] != data.fingerprint:
        return f"drawn on a map of other rows, {there['map']!r}"
    if key in data.added:
        same = there["digest"] == drawn_digest(data, "map", key, ("x", "y"))
        return "" if same else f"drawn on another map than {key!r} is now"
    if there.get("placed"):
        return (
            f"rows that came later were placed on the map {key!r} by their neighbours, and a source alone does not "
            "make it again: run the recipe in the workspace that has the map, or draw both anew, map and region"
        )
    if key in specs and specs[key].params.get("mode") == "fast":
        return (
            f"the map {key!r} is not here, and was drawn in the fast mode, which draws another one each time: run the "
            "recipe in the workspace that has the map, or draw in the exact mode"
        )
    return ""


ABOUT = About(portable="this corpus only", foreign=_foreign, short="inside {label}")


def region(
    data: Dataset,
    rows: np.ndarray,
    *,
    map: MapName,
    region: RegionRef,
    label: Annotated[str, Help("What the region is called on the screen.")] = "the region drawn",
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows that lie inside {label} on the map {map}.

    Membership is computed on all rows, even-odd; a row without text lies nowhere. The region belongs to the very map
    that it was drawn on: raises `EngineError` on another one.
    """
    there = read_ref(data, region, "region")
    drawn = data.map(map)
    digest = drawn_digest(data, "map", map, ("x", "y"))
    if there["digest"] != digest:
        raise EngineError(
            f"The region {label!r} was drawn on the map {there['map']!r} ({str(there['digest'])[:8]}…), and {map!r} is "
            f"another map now ({digest[:8]}…). Choose the map that it was drawn on, or draw the region again."
        )

    def inside() -> np.ndarray:
        polygon = np.asarray(there["polygon"], np.float64)
        return data.per_row(inside_polygon(drawn.x, drawn.y, polygon), drawn.texts, missing=False)

    found = data._cache.get(f"region/{region}/{digest}", inside)[rows]
    keep = found if do == "keep" else ~found
    without = drawn.texts.of_row

    def words(i: int) -> str:
        node = without[rows[i]]
        if node < 0:
            return "it has no text, so it is not on the map"
        at = f"({drawn.x[node]:.2f}, {drawn.y[node]:.2f})"
        return f"it lies {'inside' if found[i] else 'outside'} {label}, at {at}"

    return Verdict(keep, words)
