"""How often to see a row again for the copies that it had."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import About, Bounds, Help, NumberColumn, Value, row_cost

ABOUT = About(
    title="Rehydration weight",
    values={"rehydration": Value("number", "times, from 1")},
    cost=row_cost(1_000_000),
)

SIZES = (1, 2, 3, 4, 5, 100, 1000)
"""The least number of rows in a group of each class: 1, 2, 3, 4, 5 to 99, 100 to 999, 1,000 or more."""


def rehydration(
    data: Dataset,
    *,
    copies: Annotated[NumberColumn, Help("Rows of the group of each row, such as `exact_copies` that pairs bring.")],
    column: Annotated[NumberColumn, Help("What says whether a row is good, such as a score.")],
    low: Annotated[float | None, Help("Rows below it count as removed.")] = None,
    high: Annotated[float | None, Help("Rows above it count as removed.")] = None,
    most: Annotated[float, Bounds(1, 1000), Help("The weight of the best size of group; the others have less.")] = 10,
) -> dict[str, np.ndarray]:
    """Weigh rows by {copies}: more where groups of that size have {column} from {low} to {high}.

    float32, 1 to `most`; missing for a row without copies, itself included. Groups fall into classes of 1, 2, 3, 4, 5
    to 99, 100 to 999, and 1,000 rows or more; each group counts once, whatever its size, its rows sharing the vote. The
    class that loses the smallest share to the cut weighs `most`, one that loses as much as all do on the whole or more
    weighs 1, and between them the weight falls on a line. A row without a number is cut. Drop the repeats and cut by
    the column first: the weight then says how often to repeat what is left, or how to draw from it (`weighted`). Raises
    `EngineError` without a cut. Source: FineWeb2 (Penedo et al. 2025): what was copied more often is better, up to a
    point; what is copied more often than that is boilerplate.
    """
    if low is None and high is None:
        raise EngineError(f"Nothing says which rows of {column!r} are good. Give low, high or both.")
    sizes, values = data.numbers(copies), data.numbers(column)
    good = ~np.isnan(values)
    good &= True if low is None else values >= low
    good &= True if high is None else values <= high
    there = np.flatnonzero(sizes >= 1)
    classes = size_class(sizes[there])
    one_a_group = 1 / sizes[there]
    groups, gone = (
        np.bincount(classes, weights, minlength=len(SIZES)) for weights in (one_a_group, one_a_group * ~good[there])
    )
    removed = np.divide(gone, groups, out=np.full(len(SIZES), np.nan), where=groups > 0)
    found = np.full(data.n, np.nan, np.float32)
    found[there] = size_weights(removed, gone.sum() / max(groups.sum(), 1), most)[classes]
    return {"rehydration": found}


def size_class(sizes: np.ndarray) -> np.ndarray:
    """int64: the class of each group by its number of rows, 1 or more: 0 to 6."""
    return np.searchsorted(SIZES, sizes, side="right") - 1


def size_weights(removed: np.ndarray, mean: float, most: float = 10.0) -> np.ndarray:
    """float64: the weight of each class, 1 to `most`, from the share of it that a cut removes; 1 for no rows (NaN).

    mean: the share of all that it removes.

    >>> import numpy as np
    >>> size_weights(np.array([0.6, 0.4, 0.2, 0.8]), 0.5).round(9).tolist()
    [1.0, 4.0, 10.0, 1.0]
    """
    below = mean - np.where(np.isnan(removed), mean, removed)
    return 1 + (most - 1) * np.clip(below / (below.max(initial=0) or 1.0), 0, 1)
