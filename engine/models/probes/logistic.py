"""Logistic regression of many classes at once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from warnings import catch_warnings, simplefilter

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Matrix: TypeAlias = "np.ndarray | csr_array"


@dataclass(frozen=True)
class Lines:
    """A fitted model. weights: float32 (d, K); offsets: float32 (K,), -inf for a class without a row."""

    weights: np.ndarray
    offsets: np.ndarray

    def scores(self, x: Matrix) -> np.ndarray:
        """float32 (r, K): how much each class speaks for each row."""
        return np.asarray(x @ self.weights + self.offsets, np.float32)


def lines(x: Matrix, codes: np.ndarray, classes: int, strength: float) -> Lines:
    """What parts the classes. codes: int (r,); strength: how far the weights may follow the rows, C of scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    there = np.unique(codes)
    weights = np.zeros((x.shape[1], classes), np.float32)
    offsets = np.full(classes, -np.inf, np.float32)
    if len(there) == 1:
        offsets[there] = 0
        return Lines(weights, offsets)
    with catch_warnings():  # few rows of many classes are no regression, and 200 rounds are enough
        simplefilter("ignore", UserWarning)
        found = LogisticRegression(C=strength, tol=1e-4, max_iter=200).fit(x, codes)
    if len(there) == 2:
        weights[:, there[1]], offsets[there[0]], offsets[there[1]] = found.coef_[0], 0, found.intercept_[0]
    else:
        weights[:, there], offsets[there] = found.coef_.T, found.intercept_
    return Lines(weights, offsets)
