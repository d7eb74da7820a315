"""PCA: the two directions in which the texts differ most."""

import numpy as np

from engine.dataset import Graph, Vectors
from engine.maps.told import Told, nobody
from engine.registry import MEGABYTE, About, Cost, Load
from engine.vectors import principal_coordinates


def _cost(load: Load) -> Cost:
    return Cost(0.5 + load.texts / 100_000, 300 * MEGABYTE + load.texts * 8, load.texts * 12)


ABOUT = About(title="PCA", cost=_cost)


def pca(vectors: Vectors, graph: Graph, progress: Told = nobody) -> np.ndarray:
    """Draw the two directions in which the texts differ most (PCA).

    float32 (m, 2) over the distinct texts. Done in seconds and always the same; neighbours overlap far more than on the
    other maps. The graph is not used.
    """
    return principal_coordinates(vectors.grid, 2)
