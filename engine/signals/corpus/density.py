"""How close a text's neighbours are."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import About, Bounds, Embedding, Help, Value, row_cost

ABOUT = About(
    needs={"graph": ""},
    values={"density": Value("number", "similarity, -1 to 1")},
    cost=row_cost(100_000),
)


def density(
    data: Dataset,
    *,
    embedding: Embedding,
    k: Annotated[int, Bounds(1, 200), Help("Few: the closest kin alone. Many: the whole neighbourhood.")] = 20,
) -> dict[str, np.ndarray]:
    """Mean similarity to the {k} nearest neighbours by {embedding}.

    float32, one a row. Over distinct texts: a repeat does not make its text denser, so it does not weigh by
    multiplicity; equal rows get the same value. Missing for a row without a vector, and where there is no other text.
    With fewer than k other texts the mean is over those.
    """
    graph = data.graph(embedding)
    if k > graph.neighbours.shape[1]:
        raise EngineError(
            f"density with k = {k} is more than the neighbour graph of {embedding!r} holds. "
            f"Take k up to {graph.neighbours.shape[1]}."
        )
    there = graph.neighbours[:, :k] >= 0
    number = there.sum(axis=1)
    total = np.where(there, graph.similarity[:, :k], 0).sum(axis=1, dtype=np.float64)
    mean = np.where(number > 0, total / np.maximum(number, 1), np.nan).astype(np.float32)
    return {"density": data.per_row(mean, data.embedding(embedding).texts)}
