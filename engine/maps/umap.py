"""UMAP: neighbours are drawn close together."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Graph, Vectors
from engine.maps.told import Told, nobody
from engine.registry import MEGABYTE, About, Bounds, Cost, Help, Load
from engine.vectors import lay_out

KEPT = 0.33  # of 20,000 package descriptions


def _cost(load: Load) -> Cost:
    memory = 300 * MEGABYTE + load.texts * (load.dimension * 4 + 600)
    return Cost(8.0 + load.texts / 2_500, memory, load.texts * 12)


ABOUT = About(title="UMAP", needs={"graph": ""}, cost=_cost, kept=KEPT)


def umap(
    vectors: Vectors,
    graph: Graph,
    progress: Told = nobody,
    *,
    n_neighbors: Annotated[int, Bounds(2, 31), Help("few: small groups stand out; many: the large picture")] = 10,
    min_dist: Annotated[float, Bounds(0.0, 1.0), Help("0: groups pull together; 1: points spread out evenly")] = 0.0,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
    mode: Annotated[
        Literal["exact", "fast"], Help("exact: one thread, the same map each time; fast: all threads, not repeatable")
    ] = "exact",
) -> np.ndarray:
    """Draw neighbours close together (UMAP with {n_neighbors} neighbours, at least {min_dist} apart, {mode}).

    float32 (m, 2) over the distinct texts, on the shared neighbour graph. Distances across the map mean little; who is
    next to whom means something, and the trust of the map says how much. After McInnes, Healy, Melville (2018).
    """
    return lay_out(vectors.grid, graph, dimensions=2, n_neighbors=n_neighbors, min_dist=min_dist, seed=seed, mode=mode)
