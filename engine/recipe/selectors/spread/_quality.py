"""The quality of rows from a number column, by a stated rule; and of the rows with the same text the best."""

from typing import Literal

import numpy as np

from engine.dataset import DistinctTexts
from engine.recipe.selectors._nodes import Leaders, leaders

Order = Literal["high first", "low first"]
Scale = Literal["rank", "value"]


def quality(values: np.ndarray, *, order: Order, scale: Scale = "rank") -> np.ndarray:
    """float64, 0 for the worst to 1 for the best, NaN where the value is missing.

    "rank": the share of the other rows that are worse, half of those equal counted as worse. "value": where the value
    lies between the least and the greatest that are finite; all the same gives 0.5.

    >>> quality(np.array([3.0, 1.0, np.nan, 1.0]), order="high first").tolist()
    [1.0, 0.25, nan, 0.25]
    """
    found = np.full(len(values), np.nan)
    there = np.flatnonzero(~np.isnan(values))
    held = values[there] if order == "high first" else -values[there]
    if scale == "value":
        finite = held[np.isfinite(held)]
        low, high = (finite.min(), finite.max()) if len(finite) else (0.0, 0.0)
        found[there] = (np.clip(held, low, high) - low) / (high - low) if high > low else 0.5
        return found
    ordered = np.sort(held)
    worse = np.searchsorted(ordered, held, side="left")
    alike = np.searchsorted(ordered, held, side="right") - worse - 1
    found[there] = (worse + alike / 2) / max(1, len(there) - 1) if len(there) > 1 else 0.5
    return found


def best_first(rows: np.ndarray, good: np.ndarray) -> np.ndarray:
    """int64: positions of rows, the best first, equal ones by row number, those without a quality last."""
    return np.lexsort((rows, -good, np.isnan(good)))


def best_of_each(nodes: DistinctTexts, rows: np.ndarray, kept: np.ndarray, good: np.ndarray) -> Leaders:
    """Leaders in the order of their rows, each the best row of its text. rows: int64 ascending."""
    found = leaders(nodes, rows[best_first(rows, good)], kept)
    order = np.argsort(found.rows, kind="stable")
    return Leaders(found.nodes[order], found.rows[order], np.sort(found.repeats), np.sort(found.bare), found.kept)


def mean_of(values: np.ndarray) -> float | None:
    """The mean of the values that are there and finite; None where there is none."""
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else None
