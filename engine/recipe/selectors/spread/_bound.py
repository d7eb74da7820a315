"""How much the best possible cover can reach at most: a certificate, tightened in a few rounds."""

import numpy as np
from scipy.sparse import csr_array

from engine.recipe.selectors._progress import tell
from indexes import GRID

CHUNK = 1 << 18
"""Entries at once: so many stay in the cache of a core."""
ROUNDS = 32
ENOUGH = 0.95
"""A cover that reaches this share of its bound needs no better one."""
PATIENCE = 3


def all_gains(matrix: csr_array, weight: np.ndarray, near: np.ndarray) -> np.ndarray:
    """float64 (m,): what each position would add now. Every row of the matrix must hold at least its own entry."""
    start, at, s = matrix.indptr, matrix.indices, matrix.data
    gains = np.empty(matrix.shape[0])
    even = bool((weight == 1).all())
    rows = max(1, CHUNK // max(1, len(at) // max(1, len(gains))))
    for low in range(0, len(gains), rows):
        high = min(len(gains), low + rows)
        part = slice(start[low], start[high])
        more = near[at[part]]
        np.subtract(s[part], more, out=more)
        np.maximum(more, 0, out=more)
        if not even:
            more = more * weight[at[part]]
        gains[low:high] = np.add.reduceat(more, start[low:high] - start[low], dtype=np.float64)
    return gains


def tightened(
    matrix: csr_array,
    weight: np.ndarray,
    *,
    candidates: np.ndarray,
    least: np.ndarray,
    near: np.ndarray,
    k: int,
    value: float,
    bound: float,
) -> float:
    """The least bound found on what k candidates can cover, at most `bound`.

    Whatever is given to each position for a start, but no less than `least`, what is covered already: that and the k
    largest gains beyond it are together a bound. So each round gives more where several of these candidates would cover
    the same, and less where none does (a subgradient, with steps as long as the gap to `value` allows). near: float
    (m,), what to begin with. What is given stays on the grid of similarities, so that every sum is exact. Source: the
    Lagrangian dual of Cornuejols, Fisher, Nemhauser 1977; steps by Polyak 1969.
    """
    given = best_given = near.astype(np.float64)
    best, pace, waited = np.inf, 1.0, 0
    for done in range(ROUNDS):
        if value >= ENOUGH * min(best, bound):
            break
        tell(done, ROUNDS, "Looking how near the best possible this is")
        gains = all_gains(matrix, weight, given)[candidates]
        order = np.argsort(-gains, kind="stable")[:k]
        now = float(given @ weight) + float(gains[order].sum())
        if now < best:
            best, best_given, waited = now, given, 0
        elif (waited := waited + 1) == PATIENCE:
            given, pace, waited = best_given, pace / 2, 0
            continue
        picked = matrix[candidates[order]]
        often = np.bincount(picked.indices[picked.data > given[picked.indices]], minlength=len(given))
        slope = weight * (1 - often)
        length = float(slope @ slope)
        if not length:
            break
        given = given - pace * (now - value) / length * slope
        given = np.maximum(least, np.rint(given * GRID**2) / GRID**2)
    return min(best, bound)
