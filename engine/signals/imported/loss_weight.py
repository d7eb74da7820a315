"""How much a row should count in training, by its loss: a weight in one of four shapes."""

from typing import Annotated, Literal

import numpy as np

from engine.dataset import Dataset
from engine.registry import About, Bounds, Column, Help, Value, row_cost
from engine.signals.imported._numbers import means

Shape = Literal["capped", "linear", "middle", "ends"]

ABOUT = About(
    title="Weight from a loss",
    values={"loss_weight": Value("number", "weight in training, 1 on average")},
    cost=row_cost(100_000),
)


def loss_weight(
    data: Dataset,
    *,
    column: Annotated[Column, Help("Losses: one number a row, or lists of its tokens' losses.")],
    shape: Annotated[
        Shape,
        Help(
            "Capped: easy rows count less, from the middle on all alike. Linear: the harder the more. Middle: both "
            "ends count less. Ends: both count more."
        ),
    ] = "capped",
    evenness: Annotated[
        float, Bounds(0.05, 100), Help("Low: few rows have most of the weight; 100: nearly all weigh the same.")
    ] = 1.0,
    most: Annotated[float, Bounds(1, 1000), Help("What one row weighs at most, where the mean is 1.")] = 10.0,
    trim: Annotated[
        float, Bounds(0, 25), Help("Losses at each end, %, that count as the end itself, so that one cannot set it.")
    ] = 1.0,
) -> dict[str, np.ndarray]:
    """Weigh a row by its loss in {column}: {shape}, as even as {evenness}, at most {most}.

    float64, to be exported as the weight of the rows. Mean losses are brought to x from -1 (the least but for {trim} %)
    to 1, x to s: capped min(x, 0), linear x, middle 1 - x², ends |x|. The weight is in proportion to exp(s / evenness);
    what is above the most is cut there, and the mean is 1. Missing without a loss; alike where all losses are.
    Source: Sow et al. 2025, who find that easy rows should count less; they begin evenly and become steeper as
    training goes on, for which each stage has a column of its own.
    """
    losses = means(data, column)
    there = np.isfinite(losses)
    found = np.full(data.n, np.nan)
    if there.any():
        found[there] = weights(losses[there], shape, evenness, most, trim)
    return {"loss_weight": found}


def weights(losses: np.ndarray, shape: Shape, evenness: float, most: float, trim: float) -> np.ndarray:
    """float64 (r,): the weights of some losses, 1 on average. losses: float64 (r,), one at least.

    >>> import numpy as np
    >>> weights(np.array([0.0, 1.0, 2.0]), "middle", 1.0, 10.0, 0.0).round(4).tolist()
    [0.6358, 1.7284, 0.6358]
    """
    low, high = np.quantile(losses, [trim / 100, 1 - trim / 100])
    # Halved first, so that no difference is too large for a number.
    half = high / 2 - low / 2
    x = np.clip((losses / 2 - (low / 4 + high / 4)) / half, -0.5, 0.5) * 2 if half > 0 else np.zeros(len(losses))
    s = {"capped": np.minimum(x, 0), "linear": x, "middle": 1 - x * x, "ends": np.abs(x)}[shape]
    return _bounded(np.exp((s - s.max()) / evenness), most)


def _bounded(weight: np.ndarray, most: float) -> np.ndarray:
    """Weights in proportion, with mean 1, none above the most: what is cut off goes to the others in proportion."""
    ordered = np.sort(weight)
    n, below = len(ordered), np.cumsum(ordered)
    # Where so many of the largest are at the most, the others share what is left. Few first; the first fits for which
    # the largest of the others is not above.
    cut = np.arange(n)
    rest = (n - cut * most) / below[::-1]
    fits = (rest > 0) & (ordered[::-1] * rest <= most * (1 + 1e-12))
    return np.minimum(weight * rest[int(np.argmax(fits))], most)
