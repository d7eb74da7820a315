"""How hard a row is for a small model, among all rows."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.registry import About, Column, Help, Value, row_cost
from engine.signals._ranks import ranks
from engine.signals.imported._numbers import sorted_numbers

ABOUT = About(
    title="Hard but learnable (loss)",
    values={
        "row_loss": Value("number", "loss, median of the tokens"),
        "loss_rank": Value("number", "share of rows with less, 0 to 1"),
    },
    cost=row_cost(50_000),
)


def loss_rank(
    data: Dataset,
    *,
    column: Annotated[Column, Help("Losses of a small model: lists of its tokens' losses, or one number a row.")],
) -> dict[str, np.ndarray]:
    """Rank rows by how hard they are for a small model, by {column}.

    float64: the median loss of a row's tokens, and the share of rows that have less, equal ones counting half; NaN
    where there is none. The top end is noise more often than it is hard: cut both ends of loss_rank, such as from 0.6
    to 0.95, for rows that are hard but can be learned. SALT (Rawat et al. 2024) picks its rows of the early phase so.
    """
    losses = np.full(data.n, np.nan)
    for block in sorted_numbers(data, column):
        # The middle one, or the two in the middle.
        middle = (block.place == (block.count // 2)[block.row]) | (block.place == ((block.count - 1) // 2)[block.row])
        row, value = block.row[middle], block.value[middle]
        total = np.bincount(row, value, minlength=len(block.count))
        there = block.count > 0
        losses[block.start : block.start + len(there)][there] = (
            total[there] / np.bincount(row, minlength=len(there))[there]
        )
    return {"row_loss": losses, "loss_rank": ranks(losses)}
