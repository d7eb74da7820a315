"""Topics by density, with noise, by HDBSCAN."""

from math import sqrt
from typing import Annotated, Literal

import numpy as np

from engine.dataset import Graph, Vectors
from engine.registry import About, Bounds, Help
from engine.topics.levels import LEVELS, finding, two_levels
from engine.vectors import lay_out, principal_coordinates

ABOUT = About(title="HDBSCAN", needs={"graph": ""}, called="topics", values=LEVELS, cost=finding)


def hdbscan(
    vectors: Vectors,
    graph: Graph,
    *,
    min_size: Annotated[int, Bounds(0, 1_000_000), Help("the fewest texts of a topic; 0 = from their number")] = 0,
    min_samples: Annotated[int, Bounds(1, 500), Help("few: more topics; many: more texts stay outside")] = 10,
    space: Annotated[
        Literal["umap", "pca"], Help("reduced to 5 dimensions by UMAP on the graph (clearer), or by PCA (quicker)")
    ] = "umap",
    mode: Annotated[
        Literal["fast", "exact"], Help("of UMAP: fast is not repeatable; exact uses one thread and is")
    ] = "exact",
    areas: Annotated[int, Bounds(0, 200), Help("how many areas above the topics; 0 = from their number")] = 0,
    seed: Annotated[int, Bounds(0, 2**31 - 1)] = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Find dense groups of at least {min_size} texts and leave the rest outside (HDBSCAN).

    Topic and area, int32 (m,) each; -1 is noise and stays noise. Each distinct text counts once. Topics may differ much
    in size. After Campello, Moulavi and Sander (2013), by hdbscan; run in 5 dimensions.
    """
    m = len(vectors.grid)
    size = min_size or max(5, int(sqrt(m) / 2))
    labels = np.full(m, -1, dtype=np.int64)
    if m >= max(2 * size, min_samples + 1):
        from hdbscan import HDBSCAN

        if space == "umap":
            reduced = lay_out(vectors.grid, graph, dimensions=5, n_neighbors=15, min_dist=0.0, seed=seed, mode=mode)
        else:
            reduced = principal_coordinates(vectors.grid, 5)
        finder = HDBSCAN(min_cluster_size=size, min_samples=min_samples, core_dist_n_jobs=1)
        labels = finder.fit_predict(reduced.astype(np.float64)).astype(np.int64)
    return two_levels(vectors.grid, labels, areas)
