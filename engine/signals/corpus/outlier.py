"""How far a text stands from all others."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import About, Bounds, Embedding, Help, Value, row_cost

ABOUT = About(
    needs={"graph": ""},
    values={"outlier": Value("number", "1 - similarity, 0 to 2")},
    cost=row_cost(100_000),
)


def outlier(
    data: Dataset,
    *,
    embedding: Embedding,
    k: Annotated[
        int, Bounds(1, 200), Help("A group of k or fewer odd texts counts as odd; a larger one does not.")
    ] = 10,
) -> dict[str, np.ndarray]:
    """How unlike a text is to its {k}th nearest neighbour by {embedding}: 1 less the similarity.

    float32, one a row; higher is odder. Over distinct texts: repeats do not count as neighbours, and get the same
    value. With fewer than k other texts the last one counts; missing for a row without a vector, and where there is no
    other text.
    Source: Ramaswamy, Rastogi, Shim 2000 (distance to the k-th neighbour).
    """
    graph = data.graph(embedding)
    if k > graph.neighbours.shape[1]:
        raise EngineError(
            f"outlier with k = {k} is more than the neighbour graph of {embedding!r} holds. "
            f"Take k up to {graph.neighbours.shape[1]}."
        )
    number = (graph.neighbours[:, :k] >= 0).sum(axis=1)
    last = graph.similarity[np.arange(len(number)), np.maximum(number - 1, 0)]
    odd = np.where(number > 0, 1 - last, np.nan).astype(np.float32)
    return {"outlier": data.per_row(odd, data.embedding(embedding).texts)}
