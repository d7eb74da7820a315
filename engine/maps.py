"""Maps: vectors and their graph become two coordinates a node."""

from typing import Annotated, Literal

import numpy as np

from engine.axes import principal_coordinates
from engine.dataset import Graph, Vectors
from engine.layout import lay_out
from engine.registry import Bounds, Help, Registry


def umap(
    vectors: Vectors,
    graph: Graph,
    *,
    n_neighbors: Annotated[int, Bounds(2, 31), Help("few: small groups stand out; many: the large picture")] = 15,
    min_dist: Annotated[float, Bounds(0.0, 1.0), Help("0: groups pull together; 1: points spread out evenly")] = 0.1,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
    mode: Annotated[
        Literal["exact", "fast"], Help("exact: one thread, the same map each time; fast: all threads, not repeatable")
    ] = "exact",
) -> np.ndarray:
    """Draw neighbours close together (UMAP with {n_neighbors} neighbours, at least {min_dist} apart, {mode}).

    float32 (m, 2) over the nodes, on the shared neighbour graph. Distances across the map mean little; who is next to
    whom means something, and the map's trust says how much. After McInnes, Healy and Melville (2018), by umap-learn.
    """
    return lay_out(vectors.grid, graph, dimensions=2, n_neighbors=n_neighbors, min_dist=min_dist, seed=seed, mode=mode)


def pca(vectors: Vectors, graph: Graph) -> np.ndarray:
    """Draw the two directions in which the texts differ most (PCA).

    float32 (m, 2) over the nodes. Done in seconds and always the same, so it serves as the preview; neighbours overlap
    far more than on a UMAP. The graph is not used.
    """
    return principal_coordinates(vectors.grid, 2)


MAPS = Registry("map", [umap, pca])
