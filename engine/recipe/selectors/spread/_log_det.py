"""Greedy log-determinant: the most volume of vectors, which is the likeliest set of a determinantal point process.

The kernel is that of similarities of n rows in d dimensions, V Vᵀ + ridge · 1. What a row adds to its determinant can
be told from a matrix of d × d, so that nothing of n × n, nor of n × picks, is ever held.
"""

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from engine.recipe.selectors._progress import tell
from engine.recipe.selectors.spread._farthest import Floats, lowest

POOL = 512
DIGITS = 9
"""Gains are compared to so many digits: what differs by the rounding of sums alone is a tie."""


def greedy_log_det(
    floats: Floats, m: int, k: int, *, ridge: float, chosen: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The first k picks, each the row that adds most to log det, and what each added: int64 (k,), float64 (k,).

    floats(positions) gives float32 (len, d) of candidates 0…m-1; they are brought to unit length. ridge: above 0, what
    is added to the diagonal: with it there are gains for more rows than dimensions, and repeats add little, not minus
    infinity. chosen: float32 (c, d), vectors picked already. Ties go to the lower position.

    With P picked, row v adds log(ridge + ridge · vᵀ (ridge · 1 + Vpᵀ Vp)⁻¹ v): the part of v that no pick explains.
    That part only shrinks, so an old value is a bound from above and most rows need no look: the largest form a pool; a
    pick is final when it comes before all outside the pool. Inside it each pick takes its direction out of the rest.
    Source: Chen, Zhang, Zhou 2018 (fast greedy), here by the d × d matrix.
    """
    picks, gains = np.empty(k, np.int64), np.empty(k, np.float64)
    if not k:
        return picks, gains
    d = floats(np.zeros(1, np.int64)).shape[1]
    gram = ridge * np.eye(d)
    for v in unit(chosen):
        gram += np.outer(v, v)
    taken = np.zeros(m, bool)
    bound = np.full(m, np.inf if len(chosen) else 1.0)
    count = 0
    while count < k:
        tell(count, k)
        pool, edge = lowest(-bound, taken, POOL)
        there = unit(floats(pool))
        inside = solve_triangular(cholesky(gram, lower=True), there.T, lower=True)
        part = np.einsum("ij,ij->j", inside, inside)
        out = np.empty((len(pool), min(len(pool), k - count)))  # what each pick in this pool took out of it
        since = count
        while count < k:
            wish = np.where(taken[pool], -np.inf, np.round(ridge * part, DIGITS))
            best = int(np.argmax(wish))
            here = int(pool[best])
            if taken[here] or (-float(wish[best]), here) > edge:
                break  # somebody outside the pool may come first
            picks[count], gains[count] = here, np.log(ridge + ridge * part[best])
            taken[here] = True
            gram += np.outer(there[best], there[best])
            before = out[:, : count - since]
            shared = inside[:, best] @ inside - before @ before[best]
            out[:, count - since] = shared / np.sqrt(1 + part[best])
            part -= out[:, count - since] ** 2
            count += 1
        bound[pool] = np.round(ridge * part, DIGITS)
    return picks, gains


def log_det_of(vectors: np.ndarray, ridge: float) -> float:
    """log det of the similarities of some vectors, float32 (p, d), with `ridge` added to the diagonal."""
    there = unit(vectors)
    small = there.T @ there if len(there) > there.shape[1] else there @ there.T
    found = float(np.linalg.slogdet(small + ridge * np.eye(len(small)))[1])
    return found + (len(there) - len(small)) * float(np.log(ridge))


def unit(vectors: np.ndarray) -> np.ndarray:
    """float64, each of length 1; one of length 0 stays."""
    wide = vectors.astype(np.float64)
    length = np.sqrt((wide**2).sum(axis=1, keepdims=True))
    return np.divide(wide, length, out=wide, where=length > 0)
