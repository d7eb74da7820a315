"""Keep or drop the rows inside a region that was drawn on a map."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset, Verdict, drawn_digest, read_ref
from engine.errors import EngineError
from engine.maps import inside_polygon
from engine.registry import Help, MapName, RegionRef


def region(
    data: Dataset,
    rows: np.ndarray,
    *,
    map: MapName,
    region: RegionRef,
    label: Annotated[str, Help("What the region is called on the screen.")] = "the region drawn",
    do: Literal["keep", "drop"] = "keep",
) -> Verdict:
    """{do} rows inside {label} on the map {map}.

    Membership is computed on all rows, even-odd; a row without text lies nowhere. The region belongs to the very map
    that it was drawn on: raises `EngineError` on another one.
    """
    there = read_ref(data, region, "region")
    drawn = data.map(map)
    digest = drawn_digest(data, "maps", map, ("x", "y"))
    if there["digest"] != digest:
        raise EngineError(
            f"The region {label!r} was drawn on the map {there['map']!r} ({str(there['digest'])[:8]}…), and {map!r} is "
            f"another map now ({digest[:8]}…). Choose the map that it was drawn on, or draw the region again."
        )

    def inside() -> np.ndarray:
        polygon = np.asarray(there["polygon"], np.float64)
        return data.per_row(inside_polygon(drawn.x, drawn.y, polygon), drawn.nodes, missing=False)

    found = data._cache.get(f"region/{region}/{digest}", inside)[rows]
    keep = found if do == "keep" else ~found
    without = drawn.nodes.of_row

    def words(i: int) -> str:
        node = without[rows[i]]
        if node < 0:
            return "it has no text, so it is not on the map"
        at = f"({drawn.x[node]:.2f}, {drawn.y[node]:.2f})"
        return f"it lies {'inside' if found[i] else 'outside'} {label}, at {at}"

    return Verdict(keep, words)
