"""Labels that no person gave: each beside how sure it is, none in place of a given one."""

from dataclasses import dataclass

import numpy as np

from engine.errors import EngineError

MOST_CELLS = 200_000_000
"""Rows times classes: their probabilities are held in memory, and copied."""


@dataclass(frozen=True)
class Told:
    """names: of the labels. code: int32 (n,), the label of each row, -1 for none. confidence: float32 (n,), 0 to 1; NaN
    where the label was given by a person, and where none could be told."""

    names: tuple[str, ...]
    code: np.ndarray
    confidence: np.ndarray

    def labels(self) -> list[str | None]:
        """The label of each row by its name."""
        return [self.names[code] if code >= 0 else None for code in self.code.tolist()]


def told(
    n: int, names: tuple[str, ...], rows: np.ndarray, probability: np.ndarray, given: np.ndarray | None = None
) -> Told:
    """The likeliest label of some rows. probability: float (r, K), rows summing to 1; given: int (n,), the labels that
    a person set, -1 for none, which stay."""
    code, sure = np.full(n, -1, np.int32), np.full(n, np.nan, np.float32)
    if len(rows):
        code[rows], sure[rows] = probability.argmax(axis=1), probability.max(axis=1)
    if given is not None:
        code = np.where(given >= 0, given, code).astype(np.int32)
        sure = np.where(given >= 0, np.float32(np.nan), sure)
    return Told(names, code, sure)


def check_cells(rows: int, classes: int) -> None:
    """Raises `EngineError` where rows and classes are more than memory should hold."""
    if rows * classes > MOST_CELLS:
        raise EngineError(
            f"{rows:,} rows of {classes:,} classes are more than {MOST_CELLS:,} cells. Give fewer or coarser classes."
        )
