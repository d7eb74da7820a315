"""Rows that repeat another one, each with the row that stays for it."""

import numpy as np

from engine.dataset import Dataset
from engine.pairs import PAIRS, pairs_at, told_apart, witnesses


def repeats(
    data: Dataset,
    pairs: str,
    threshold: float,
    rows: np.ndarray,
    certain: np.ndarray,
    order: np.ndarray,
    apart: np.ndarray,
    *,
    most: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """The row that stays for each row, int64, -1 for one that stays itself; how similar they are, float32, or NaN.

    pairs: a key. certain: bool, one a row, rows that stay whatever they are like. order: places in rows, the most
    wanted first. apart: int64 (k, 2), rows that are no duplicates of each other. most: so many of those alike stay.
    Raises `EngineError` for a threshold below that down to which the pairs were looked for.
    """
    again = PAIRS[data.artefact("pairs", pairs).spec.member].about.again
    found = pairs_at(data, pairs, threshold, rows[order], certain[order], again, most=most)
    found = told_apart(found, *apart.T)
    witness, similarity = np.empty(len(rows), np.int64), np.empty(len(rows), np.float32)
    witness[order], similarity[order] = witnesses(found, rows[order], threshold, certain[order], most=most)
    return witness, similarity
