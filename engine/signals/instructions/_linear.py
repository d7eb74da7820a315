"""A straight line through numbers of rows: said by its weights, or fitted to what is known."""

import numpy as np

from engine.errors import EngineError

FEWEST = 30


def predicted(columns: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """float64 (n,): weights[0] plus each column times its weight. columns: (n, p), weights: (p + 1,).

    A column of weight 0 does not count, not even where it is missing.
    """
    used = np.flatnonzero(weights[1:])
    return np.asarray(weights[0] + columns[:, used] @ weights[1:][used], np.float64)


def fitted(columns: np.ndarray, known: np.ndarray) -> np.ndarray:
    """float64 (p + 1,): the weights with the least squares over the rows where nothing is missing.

    A column without a number in any row, or with one number in all, gets the weight 0. Raises `EngineError` for fewer
    than 30 rows, or fewer than ten for each weight.

    >>> import numpy as np
    >>> x = np.arange(60.0).reshape(30, 2) ** [1, 1.5]
    >>> fitted(x, 3 + 2 * x[:, 0] - x[:, 1]).round(6).tolist()
    [3.0, 2.0, -1.0]
    """
    there = ~np.isnan(known)
    use = np.array([np.unique(c[there & ~np.isnan(c)]).size > 1 for c in columns.T], bool)
    there &= ~np.isnan(columns[:, use]).any(axis=1)
    needed = max(FEWEST, 10 * int(use.sum() + 1))
    if there.sum() < needed:
        raise EngineError(
            f"{int(there.sum()):,} rows have the number to fit and all indicators; {needed} are needed. Give more "
            "of them, or leave out the column to fit."
        )
    x = columns[there][:, use]
    middle, spread = x.mean(axis=0), x.std(axis=0)
    spread[spread == 0] = 1
    # Of numbers of like size: lengths in thousands beside distances near 1 would lose digits.
    scaled = np.column_stack([np.ones(len(x)), (x - middle) / spread])
    fit = np.linalg.lstsq(scaled, known[there], rcond=None)[0]
    weights = np.zeros(columns.shape[1] + 1)
    weights[1:][use] = fit[1:] / spread
    weights[0] = fit[0] - (fit[1:] / spread * middle).sum()
    return weights
