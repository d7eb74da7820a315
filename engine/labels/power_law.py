"""How a loss falls with rows: a · n^−b + c, fitted."""

import numpy as np

FLATTEST, STEEPEST = 0.05, 2.0
"""What b may be: how fast the loss falls."""


def power_law(
    n: np.ndarray, loss: np.ndarray, weight: np.ndarray, *, slopes: int, may_rise: bool = False
) -> np.ndarray:
    """float64 (3, s): of some series the a, b, c with a · n^−b + c nearest to the loss by weighted squares, c ≥ 0.

    n, weight: float64 (p,); loss: float64 (s, p). Of so many b from 0.05 to 2 each has its best a and c in closed form.
    may_rise: a may be below 0, where more rows did harm; else it is 0 at least.

    >>> n = np.array([10.0, 20, 40, 80, 160])
    >>> power_law(n, (2 / n + 0.1)[None], n, slopes=400).round(2).ravel().tolist()
    [2.0, 1.0, 0.1]
    """
    total = weight.sum()
    mean_loss = loss @ weight / total
    found, least = np.zeros((3, len(loss))), np.full(len(loss), np.inf)
    for b in np.geomspace(FLATTEST, STEEPEST, slopes):
        power = n**-b
        mean = power @ weight / total
        spread = max(float((power - mean) ** 2 @ weight), 1e-300)
        a = ((loss - mean_loss[:, None]) * (power - mean)) @ weight / spread
        # At an end of what may be, the other number is found anew.
        alone = (loss * power) @ weight / ((power * power) @ weight)
        if not may_rise:
            a, alone = np.maximum(a, 0), np.maximum(alone, 0)
        c = mean_loss - a * mean
        a, c = np.where(c < 0, alone, a), np.maximum(c, 0)
        off = ((loss - a[:, None] * power - c[:, None]) ** 2) @ weight
        better = off < least - 1e-15
        least = np.where(better, off, least)
        found = np.where(better, [a, np.full(len(loss), b), c], found)
    return found
