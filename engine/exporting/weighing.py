"""How much each row of an export counts for whoever trains on it: a column of numbers, written beside the rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.registry import Json
from engine.store import read

WEIGHT = "weight"
"""What the column is called that holds it."""
_BLOCK = 1 << 16


@dataclass(frozen=True)
class Weight:
    """What rows weigh, as it stands under `weight` in a recipe's output.

    column: of numbers, such as `label_weight`. missing: what a row weighs that has no value there; where it is None
    such rows are refused.
    """

    column: str
    missing: float | None = None

    @staticmethod
    def from_json(value: Mapping[str, Json]) -> "Weight":
        """Read `weight` of an output; raises `EngineError` for a weight of missing values that is none."""
        found = read(Weight, value, "the weight of an output")
        if found.missing is not None and not (math.isfinite(found.missing) and found.missing >= 0):
            raise EngineError(f"Rows without a value would weigh {found.missing:g}. Take a number from 0 on.")
        return found

    def of(self, data: Dataset, rows: np.ndarray) -> np.ndarray:
        """float64: the weights of rows, int64, in their order.

        Raises `EngineError` for a column that holds no numbers, and for values that are none or less than nothing, with
        how many there are and where the first stands.
        """
        info = data.info(self.column)
        if info.type not in ("integer", "number"):
            raise EngineError(
                f"{self.column!r} holds {info.type}, which weighs nothing. Choose a column of numbers, such as "
                "label_weight or repeats."
            )
        found = data.numbers(self.column, rows).astype(np.float64)
        bad = np.flatnonzero(np.isinf(found) | (found < 0))
        if len(bad):
            raise EngineError(
                f"{len(bad):,} rows have a value in {self.column!r} that cannot be a weight (the first is row "
                f"{int(rows[bad[0]]):,}: {found[bad[0]]:g}). Weights are finite and not below 0: drop such rows, or "
                "choose another column."
            )
        lacks = np.flatnonzero(np.isnan(found))
        if len(lacks) and self.missing is None:
            raise EngineError(
                f"{len(lacks):,} of {len(rows):,} rows have no value in {self.column!r} (the first is row "
                f"{int(rows[lacks[0]]):,}). Say what such rows weigh (--weight-missing 1), or drop them by the filter "
                "for missing values."
            )
        found[lacks] = 0.0 if self.missing is None else self.missing
        return found


@dataclass(frozen=True)
class WrittenWeights:
    """The weights of the rows that were written: the least, the most, their sum, how many are 0.

    filled: rows that had no value, and weigh what the output says of such.
    """

    least: float
    most: float
    total: float
    zero: int
    filled: int

    def sentence(self, weight: Weight, rows: int) -> str:
        """For the data card and the page."""
        said = f"each row weighs what {weight.column!r} says: {self.least:.4g} to {self.most:.4g}"
        said += f", {self.total / rows:.4g} on average" if rows else ""
        said += f"; {self.zero:,} weigh nothing" if self.zero else ""
        if self.filled:
            said += f"; {self.filled:,} without a value weigh {weight.missing:g}"
        return said


def written_weights(weights: Sequence[float] | np.ndarray, filled: int) -> WrittenWeights:
    """The weights of the written rows in numbers. filled: how many of them had no value. Raises `EngineError` for a sum
    that no number holds.

    >>> written_weights([0.0, 0.5, 2.0], 1)
    WrittenWeights(least=0.0, most=2.0, total=2.5, zero=1, filled=1)
    """
    values = np.asarray(weights, np.float64)
    if not len(values):
        return WrittenWeights(0.0, 0.0, 0.0, 0, 0)
    # Summed exactly, so that it is the same in whatever order the rows come.
    try:
        total = math.fsum(v for at in range(0, len(values), _BLOCK) for v in values[at : at + _BLOCK].tolist())
    except OverflowError:
        raise EngineError(
            f"The weights are too large to be added up: the largest is {values.max():g}. Divide the column by it."
        ) from None
    return WrittenWeights(float(values.min()), float(values.max()), total, int((values == 0).sum()), filled)
