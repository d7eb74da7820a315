"""How many different texts some texts are worth: the Vendi score."""

import numpy as np


def vendi(kernel: np.ndarray) -> float:
    """The effective number of different members, 1 for all alike to n for none alike: e to the entropy of eigenvalues.

    kernel: float (n, n), symmetric, how alike two members are, 1 to itself. Exact. NaN for no member.
    Source: Friedman, Dieng 2023.

    >>> import numpy as np
    >>> round(vendi(np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.0], [0.0, 0.0, 1.0]])), 4)
    2.1573
    """
    return _spread(np.linalg.eigvalsh(np.asarray(kernel, np.float64))) if len(kernel) else float("nan")


def vendi_of(vectors: np.ndarray) -> float:
    """The same of vectors, alike by their cosine. vectors: float (n, d); one of length 0 is left out.

    From the smaller of the two matrices of products, n by n or d by d: both have the same eigenvalues.
    """
    x = np.asarray(vectors, np.float64)
    length = np.sqrt((x * x).sum(axis=1))
    x = x[length > 0] / length[length > 0, None]
    if not len(x):
        return float("nan")
    return _spread(np.linalg.eigvalsh(x @ x.T if len(x) <= x.shape[1] else x.T @ x))


def _spread(values: np.ndarray) -> float:
    """e to the entropy of eigenvalues, brought to a sum of 1."""
    values = values[values > 1e-12 * max(float(values.max()), 0.0)]
    share = values / values.sum()
    return float(np.exp(-(share * np.log(share)).sum()))
