"""How much a row keeps pulling this way and that while a small head learns the labels."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import gradient_spread, history
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Value, row_cost
from engine.signals.labels._labelled import blocks, empty, labelled

MOST_WORK = 2_500_000_000
"""Labelled rows times labels times runs times epochs, above which it takes an hour."""

ABOUT = About(
    title="Variance of gradients (VoG)",
    values={"gradient_variance": Value("number", "standard deviations above the mean of its label")},
    cost=row_cost(1_000),
)


def gradient_variance(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn, Help("The column of labels.")],
    runs: Annotated[int, Bounds(1, 20), Help("Beginnings by chance, over which is averaged.")] = 3,
    epochs: Annotated[int, Bounds(2, 100), Help("How often each run sees all rows.")] = 10,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> dict[str, np.ndarray]:
    """How much the gradient of a row's {label} changes as a head on {embedding} learns, in {runs} runs of {epochs}.

    float32, the mean of the runs: the standard deviation over epochs of the gradient of the label's log-probability by
    the vector, the mean of all directions, set beside the rows of its label: 0 is their mean, 1 one standard deviation
    above. High is hard, rare or wrong; low is learned at once. Missing without a label or a vector. The head is linear,
    where the gradient of the score itself is the same for all rows of a label, so that of the log-probability stands in
    its place. Source: Agarwal et al. 2022 (VoG); for choosing texts: Anand et al. 2023.
    Raises `EngineError` where fewer than two labels are used, and for more rows, labels and epochs than an hour holds.
    """
    rows = labelled(data, label, embedding)
    if len(rows.rows) * len(rows.names) * runs * epochs > MOST_WORK:
        raise EngineError(
            f"To learn {len(rows.names):,} labels of {len(rows.rows):,} rows in {runs} runs of {epochs} epochs takes "
            "too long. Take fewer runs and epochs, or a coarser label."
        )
    stored, codes = data.embedding(embedding), rows.codes[rows.rows]
    heads: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}
    for epoch in history(
        lambda some: stored.floats(rows.node[some]), rows.rows, codes, len(rows.names), runs=runs, epochs=epochs,
        seed=seed,
    ):  # fmt: skip
        heads.setdefault(epoch.run, []).append((epoch.head, epoch.offsets))
    total = np.zeros(len(rows.rows))
    for part in blocks(len(rows.rows), max(len(rows.names), stored.grid.shape[1])):
        x = stored.floats(rows.node[rows.rows[part]])
        for checkpoints in heads.values():
            total[part] += gradient_spread(x, codes[part], checkpoints)
    found = empty(data.n, ABOUT.values)
    found["gradient_variance"][rows.rows] = _beside_own(total / runs, codes)
    return found


def _beside_own(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """float64: values in standard deviations above the mean of their code; 0 where a code has one value only."""
    count = np.maximum(np.bincount(codes), 1)
    off = values - (np.bincount(codes, values) / count)[codes]
    spread = np.sqrt(np.bincount(codes, off**2) / count)[codes]
    return np.divide(off, spread, out=np.zeros(len(values)), where=spread > 1e-12)
