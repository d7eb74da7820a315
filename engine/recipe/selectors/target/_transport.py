"""Entropic optimal transport between a pool and a target, in the log domain, in float64.

The potential of a row says what its mass costs to move. A row whose potential is low is one that, if there were more of
it, would bring the pool nearer to the target: the gradient of the distance, up to a constant that calibration removes.
"""

from dataclasses import dataclass

import numpy as np

from engine.recipe.selectors._progress import tell

NUMBERS_AT_ONCE = 1 << 21
MOST_ROUNDS = 500
ENOUGH = 1e-3
DIGITS = 9
"""Digits that a potential counts to: its last ones differ from machine to machine."""


@dataclass(frozen=True)
class Transport:
    """f: float64 (n,), potentials of the pool; h: float64 (m,), of the target. distance: what moving costs, the sum of
    plan times cost. error: how much mass is not where it should be yet, 0 to 2. rounds: of scaling."""

    f: np.ndarray
    h: np.ndarray
    distance: float
    error: float
    rounds: int


def sinkhorn(cost: np.ndarray, epsilon: float, *, enough: float = ENOUGH, most_rounds: int = MOST_ROUNDS) -> Transport:
    """Move an even mass over n rows to an even mass over m examples, cost float64 (n, m), smoothed by epsilon.

    Ends when the mass that is misplaced is `enough` or less, or after `most_rounds`. Memory beside the cost: some
    blocks. Source: Cuturi 2013; in the log domain as Peyré, Cuturi 2019, chapter 4.4.
    """
    n, m = cost.shape
    f, h, error, done = np.zeros(n), np.zeros(m), np.inf, 0
    columns = np.ascontiguousarray(cost.T)
    for done in range(1, most_rounds + 1):
        f = soft_least(cost, h, epsilon)
        again = soft_least(columns, f, epsilon)
        # After f is fitted, rows are right, and a column holds exp((h - again) / epsilon) of its share.
        error = float(np.abs(np.expm1((h - again) / epsilon)).sum() / m)
        h = again
        if done % 16 == 0:
            tell(done, most_rounds)
        if error <= enough:
            break
    distance = 0.0
    for part in _blocks(n, m):
        plan = np.exp((f[part, None] + h[None] - cost[part]) / epsilon) / (n * m)
        distance += float((plan * cost[part]).sum())
    return Transport(f, h, distance, error, done)


def soft_least(cost: np.ndarray, other: np.ndarray, epsilon: float) -> np.ndarray:
    """float64 (n,): of each row of cost (n, m) the smooth least of cost less the other side's potential, float64 (m,).

    For rows that were not fitted too: the potential they would have.
    """
    found = np.empty(len(cost))
    for part in _blocks(*cost.shape):
        values = (other[None] - cost[part]) / epsilon
        top = values.max(axis=1)
        found[part] = -epsilon * (top + np.log(np.exp(values - top[:, None]).mean(axis=1)))
    return found


def calibrated(f: np.ndarray) -> np.ndarray:
    """float64 (n,): each potential less the mean of the others: the gradient of moving mass to it from all others.

    >>> calibrated(np.array([1.0, 2.0, 6.0])).tolist() == calibrated(np.array([4.0, 5.0, 9.0])).tolist()
    True
    """
    return np.zeros(len(f)) if len(f) < 2 else f - (f.sum() - f) / (len(f) - 1)


def _blocks(n: int, m: int) -> list[slice]:
    size = max(1, NUMBERS_AT_ONCE // max(1, m))
    return [slice(start, start + size) for start in range(0, n, size)]
