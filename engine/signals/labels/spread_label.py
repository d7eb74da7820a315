"""Which label reaches a row when the given ones spread to their neighbours."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.models import affinity, labels_of_nodes, spread
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Value, row_cost
from engine.signals.labels._labelled import labelled

ABOUT = About(
    title="Label spread from the given ones",
    needs={"graph": ""},
    values={
        "spread_label": Value("category", labels_of="label"),
        "spread_confidence": Value("number", "0 to 1; missing where the label was given"),
    },
    cost=row_cost(5_000),
)


def spread_label(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn, Help("The column of labels, given for some rows.")],
    reach: Annotated[
        float, Bounds(0.1, 0.99), Help("Low: the nearest labelled kin decides. High: labels run far over the graph.")
    ] = 0.9,
    sharp: Annotated[float, Bounds(0.0, 50.0), Help("How much more a nearer neighbour counts; 0: all alike.")] = 10.0,
    even: Annotated[
        bool, Help("Each label starts with the same weight, so that common ones do not flood rare ones.")
    ] = True,
) -> dict[str, np.ndarray]:
    """The {label} that reaches a row over its neighbours by {embedding}, for rows that have none; a given label stays.

    float32 spread_confidence: the share of that label among all that reached the row. It is no probability: read what
    it is worth from an audit. Missing where the label was given, without a vector, and where no label reached.
    Source: Zhou et al. 2004 (local and global consistency). Raises `EngineError` where fewer than two labels are used.
    """
    rows, graph = labelled(data, label, embedding), data.graph(embedding)
    found, sure = rows.codes.astype(np.int32), np.full(data.n, np.nan, np.float32)
    asked = np.flatnonzero((rows.codes < 0) & (rows.node >= 0))
    if not len(asked):
        return {"spread_label": found, "spread_confidence": sure}
    near = affinity(np.asarray(graph.neighbours), np.asarray(graph.similarity), sharp=sharp)
    given = labels_of_nodes(rows.node[rows.rows], rows.codes[rows.rows], near.shape[0], len(rows.names))
    told = spread(near, given, reach=reach, even=even)
    code = told.code[rows.node[asked]]
    found[asked], sure[asked] = code, np.where(code >= 0, told.share[rows.node[asked]], np.nan)
    return {"spread_label": found, "spread_confidence": sure}
