"""How near a row lies to the mean of its class, and of the others."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.models import units
from engine.registry import About, CategoryColumn, Embedding, Help, Value, row_cost
from engine.signals.labels._labelled import blocks, empty, labelled

ABOUT = About(
    title="Distance to the class means",
    values={
        "class_similarity": Value("number", "similarity, -1 to 1"),
        "class_lead": Value("number", "similarity, -2 to 2"),
        "nearest_class": Value("category", labels_of="label"),
    },
    cost=row_cost(100_000),
)


def class_distance(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn, Help("The column of labels.")],
) -> dict[str, np.ndarray]:
    """How near a row lies to the mean of its {label} by {embedding}, and to the nearest of the other means.

    float32 class_similarity: to the mean of the other texts of its label; class_lead: how much more that is than to the
    best other mean, negative where another is nearer. nearest_class: the label of the nearest mean, of rows without a
    label too. Each text counts once for a label, and never for itself. Missing without a vector, and for a label of one
    text. A class of two far heaps has its mean between them: see `label_agreement`.
    Source: the nearest-mean classifier (Janson et al. 2022), SimpleCIL (Zhou et al. 2023).
    Raises `EngineError` where fewer than two labels are used.
    """
    rows, stored = labelled(data, label, embedding), data.embedding(embedding)
    classes = len(rows.names)
    pairs = np.unique(rows.codes[rows.rows] * len(stored.grid) + rows.node[rows.rows])
    of_class, node = pairs // len(stored.grid), pairs % len(stored.grid)
    count = np.bincount(of_class, minlength=classes).astype(np.float64)
    total = np.zeros((classes, stored.grid.shape[1]))
    for part in blocks(len(pairs)):
        np.add.at(total, of_class[part], stored.floats(node[part]))
    found = empty(data.n, ABOUT.values) | {"nearest_class": np.full(data.n, -1, np.int32)}
    there = np.flatnonzero(rows.node >= 0)
    means = units(total)
    for part in blocks(len(there), classes):
        some = there[part]
        x, code = stored.floats(rows.node[some]).astype(np.float64), rows.codes[some]
        near = x @ means.T
        near[:, count == 0] = -np.inf
        own, mine = np.flatnonzero(code >= 0), code[code >= 0]
        rest = total[mine] - x[own]
        near[own, mine] = np.where(count[mine] > 1, (units(rest) * x[own]).sum(axis=1), -np.inf)
        found["nearest_class"][some] = np.where(np.isfinite(near).any(axis=1), near.argmax(axis=1), -1)
        same = near[own, mine].copy()
        near[own, mine] = -np.inf
        found["class_similarity"][some[own]] = np.where(np.isfinite(same), same, np.nan)
        found["class_lead"][some[own]] = np.where(np.isfinite(same), same - near[own].max(axis=1), np.nan)
    return found
