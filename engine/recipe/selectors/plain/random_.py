"""Random rows: the bar that every other selector has to beat."""

from typing import Annotated

import numpy as np

from engine.dataset import Dataset, Picked
from engine.registry import About, Bounds, Budget

ABOUT = About(purpose="thin", first=True, short="{budget} at random", shuffles=True)


def random_(
    data: Dataset,
    rows: np.ndarray,
    kept: np.ndarray,
    *,
    budget: Budget,
    seed: Annotated[int, Bounds(0, 2**53 - 1)] = 0,
) -> Picked:
    """Pick {budget} at random (seed {seed}).

    Uniform without replacement. The pick order is a random order too: its first k rows are a random sample of k, so a
    larger budget with the same seed keeps what the smaller one kept.
    """
    order = np.random.default_rng(seed).permutation(len(rows))
    return Picked(rows[order[: int(budget.amount)]])
