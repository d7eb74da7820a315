"""When a small head learns the label of a row: early, late, or never."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import history, otsu
from engine.registry import About, Bounds, CategoryColumn, Embedding, Help, Value, row_cost
from engine.signals.labels._labelled import empty, labelled

MOST_WORK = 5_000_000_000
"""Labelled rows times labels times runs times epochs, above which it takes an hour."""

ABOUT = About(
    title="Label learning, early and late",
    values={
        "el2n": Value("number", "0 to √2"),
        "grand": Value("number", "0 to 2"),
        "early_disagreement": Value("number", "0 to 1"),
        "forgetting": Value("number", "times a run"),
        "label_variability": Value("number", "standard deviation, 0 to 0.5"),
        "already_learned": Value("boolean"),
    },
    cost=row_cost(2_000),
)


def label_learning(
    data: Dataset,
    *,
    embedding: Embedding,
    label: Annotated[CategoryColumn, Help("The column of labels.")],
    runs: Annotated[int, Bounds(1, 20), Help("Beginnings by chance, over which is averaged.")] = 3,
    epochs: Annotated[int, Bounds(2, 100), Help("How often each run sees all rows.")] = 10,
    early: Annotated[int, Bounds(1, 20), Help("Epochs that count as early; what is wrong is not learned yet.")] = 2,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> dict[str, np.ndarray]:
    """When a head on {embedding} learns the {label} of a row, over {runs} runs of {epochs} epochs.

    float32, the mean of the runs. el2n: how far the probabilities are from the label after {early} epochs. grand: the
    length of the loss's gradient after the first. early_disagreement: 1 less the label's probability, mean of the early
    epochs: a wrong label is learned late. forgetting: how often it was right and then wrong again. label_variability:
    how much the label's probability changes from pass to pass in the later half, each pass without a tenth of the
    directions. already_learned: whether its mean loss lies in the lower of the two heaps that losses fall into; not
    without a label.
    Missing without a label or a vector. High el2n is hard or wrong: cut both ends, and look at what is above.
    Source: Paul et al. 2021 (Data Diet); Liu et al. 2020 (ELR); Toneva et al. 2019; Gui et al. 2023 (SAA).
    Raises `EngineError` where fewer than two labels are used, and for more rows, labels and epochs than an hour holds.
    """
    rows = labelled(data, label, embedding)
    if len(rows.rows) * len(rows.names) * runs * epochs > MOST_WORK:
        raise EngineError(
            f"To learn {len(rows.names):,} labels of {len(rows.rows):,} rows in {runs} runs of {epochs} epochs takes "
            "too long. Take fewer runs and epochs, or a coarser label."
        )
    stored, node = data.embedding(embedding), rows.node
    told = history(
        lambda some: stored.floats(node[some]), rows.rows, rows.codes[rows.rows], len(rows.names), runs=runs,
        epochs=epochs, seed=seed,
    )  # fmt: skip
    size = len(rows.rows)
    sums = {name: np.zeros(size) for name in ("el2n", "grand", "early", "forgotten", "loss", "late", "square")}
    before, late = np.zeros(size, bool), max(1, epochs - epochs // 2)
    for epoch in told:
        own = epoch.own.astype(np.float64)
        if epoch.number == 1:
            before = np.zeros(size, bool)
            sums["grand"] += epoch.distance * np.sqrt(2)
        if epoch.number <= early:
            sums["early"] += 1 - own
        if epoch.number == min(early, epochs):
            sums["el2n"] += epoch.distance
        if epoch.number > epochs - late:
            sums["late"] += own
            sums["square"] += own * own
        sums["loss"] -= np.log(np.maximum(own, 1e-12))
        sums["forgotten"] += before & ~epoch.right
        before = epoch.right
    passes = runs * late
    spread = np.sqrt(np.maximum(sums["square"] / passes - (sums["late"] / passes) ** 2, 0))
    loss = sums["loss"] / (runs * epochs)
    found = empty(data.n, ABOUT.values) | {"already_learned": np.zeros(data.n, bool)}
    for name, values in {
        "el2n": sums["el2n"] / runs, "grand": sums["grand"] / runs, "forgetting": sums["forgotten"] / runs,
        "early_disagreement": sums["early"] / (runs * min(early, epochs)), "label_variability": spread,
        "already_learned": loss <= otsu(loss),
    }.items():  # fmt: skip
        found[name][rows.rows] = values
    return found
