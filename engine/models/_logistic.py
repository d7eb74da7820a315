"""Logistic regression, scores of rows that were not learned from, and how sure they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Matrix: TypeAlias = "np.ndarray | csr_array"
FOLDS = 5
WORDS, VECTORS = 10.0, 1.0
"""How far the weights may follow the rows: C of scikit-learn, for words and for vectors of unit length."""


@dataclass(frozen=True)
class Line:
    """weights: float64 (d,). intercept: what a row of nothing has."""

    weights: np.ndarray
    intercept: float

    def margins(self, x: Matrix) -> np.ndarray:
        """float64 (n,): above 0 is liked."""
        return np.asarray(x @ self.weights, np.float64) + self.intercept


def line(x: Matrix, liked: np.ndarray, strength: float) -> Line:
    """What parts liked rows from others, each side weighing the same in all. liked: bool (n,), of both kinds."""
    from sklearn.linear_model import LogisticRegression

    # Newton's method ends at the same place on every machine, to many more digits than are kept.
    found = LogisticRegression(C=strength, class_weight="balanced", solver="newton-cg", tol=1e-7, max_iter=200)
    found.fit(x, liked)
    return Line(found.coef_[0], float(found.intercept_[0]))


def folds_of(groups: np.ndarray, liked: np.ndarray) -> np.ndarray:
    """int64 (n,): which of up to five parts a row belongs to, rows of a group together; all -1 where it is too few.

    Each part has rows of both kinds.
    """
    number = np.full(len(groups), -1, np.int64)
    names, first, which = np.unique(groups, return_index=True, return_inverse=True)
    kinds = liked[first]
    count = min(FOLDS, int(kinds.sum()), int((~kinds).sum()))
    if count < 2:
        return number
    of_group = np.empty(len(names), np.int64)
    for kind in (True, False):
        some = np.flatnonzero(kinds == kind)
        of_group[some[np.random.default_rng(0).permutation(len(some))]] = np.arange(len(some)) % count
    return of_group[which]


def out_of_fold(
    x: Matrix, liked: np.ndarray, folds: np.ndarray, strength: float, learn: np.ndarray | None = None
) -> np.ndarray:
    """float64 (n,): the margin of each row by what was learned from the other parts. learn: bool (n,), from these only.

    NaN where the rows to learn from are all of one kind.
    """
    scores = np.full(len(liked), np.nan)
    for part in range(folds.max(initial=-1) + 1):
        known = (folds != part) & (True if learn is None else learn)
        if liked[known].any() and not liked[known].all():
            scores[folds == part] = line(x[known], liked[known], strength).margins(x[folds == part])
    return scores


def auc(scores: np.ndarray, liked: np.ndarray) -> float:
    """How often a liked row stands above another, ties half: 0 to 1."""
    _, place = np.unique(scores, return_inverse=True)
    return _of_places(place, liked, np.ones(len(scores)))


def _of_places(place: np.ndarray, liked: np.ndarray, weight: np.ndarray) -> float:
    """`auc` from the places of the scores among the different ones; weight: how often each row counts."""
    good, bad = (np.bincount(place, weight * side) for side in (liked, ~liked))
    below = np.cumsum(bad) - bad / 2
    return float((good * below).sum() / (good.sum() * bad.sum()))


def interval(scores: np.ndarray, liked: np.ndarray, seed: int = 0) -> tuple[float, float]:
    """Where the AUC lies in 95 of 100 draws of as many rows, each kind drawn apart."""
    rng = np.random.default_rng(seed)
    draws = int(np.clip(2_000_000 // len(scores), 200, 1000))
    _, place = np.unique(scores, return_inverse=True)
    found = np.empty(draws)
    sides = [np.flatnonzero(liked), np.flatnonzero(~liked)]
    for i in range(draws):
        weight = np.zeros(len(scores))
        for side in sides:
            weight[side] = rng.multinomial(len(side), np.full(len(side), 1 / len(side)))
        found[i] = _of_places(place, liked, weight)
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def platt(scores: np.ndarray, liked: np.ndarray) -> tuple[float, float]:
    """Slope and offset that make a margin a probability: 1 / (1 + exp(−(slope · margin + offset))).

    Source: Platt 1999, with his targets that leave room for doubt; by Newton's method (Lin, Lin, Weng 2007).
    """
    n, m = int(liked.sum()), int((~liked).sum())
    target = np.where(liked, (n + 1) / (n + 2), 1 / (m + 2))
    slope, offset = 0.0, float(np.log((n + 1) / (m + 1)))

    def loss(a: float, b: float) -> float:
        z = a * scores + b
        return float((np.logaddexp(0, z) - target * z).sum())

    for _ in range(100):
        p = 1 / (1 + np.exp(-(slope * scores + offset)))
        slack, bend = p - target, np.maximum(p * (1 - p), 1e-12)
        gradient = np.array([(slack * scores).sum(), slack.sum()])
        if np.abs(gradient).max() < 1e-9:
            break
        cross = (bend * scores).sum()
        hessian = np.array([[(bend * scores * scores).sum() + 1e-9, cross], [cross, bend.sum() + 1e-9]])
        move, now, length = np.linalg.solve(hessian, gradient), loss(slope, offset), 1.0
        while length > 1e-6 and loss(slope - length * move[0], offset - length * move[1]) > now:
            length /= 2
        slope, offset = slope - length * float(move[0]), offset - length * float(move[1])
    return slope, offset
