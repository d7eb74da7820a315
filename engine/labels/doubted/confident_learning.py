"""Confident learning: how many labels of each kind are truly another, and which rows those are, by probabilities."""

from typing import Literal, get_args

import numpy as np

from engine.errors import EngineError
from engine.models import class_means, confident

By = Literal["noise rate", "class", "both", "confident"]
BYS: tuple[By, ...] = get_args(By)
MOST_LABELS = 5_000
"""Labels of which all pairs are counted: 200 MB."""
SURE = 1e-6
"""What the given label may lack to the likeliest and still be it."""


def joint(probability: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """How many rows of each given label are truly of each, estimated: int64 (K, K), given by true.

    probability: float (r, K), told without the row itself, rows summing to 1, no NaN; codes: int (r,), labels from 0.
    Rows that reach the mean probability of a label's own rows are counted under it; each line is then brought to the
    number of rows of its given label. Source: Northcutt, Jiang and Chuang 2021.
    Raises `EngineError` for more than 5,000 labels.
    """
    classes = probability.shape[1]
    if classes > MOST_LABELS:
        raise EngineError(
            f"{classes:,} labels make too many pairs to count, {MOST_LABELS:,} at most. Choose a coarser label, "
            'or take the issues by "confident".'
        )
    told = confident(probability, codes, class_means(probability, codes))
    some = told >= 0
    found = np.bincount(codes[some] * classes + told[some], minlength=classes * classes).reshape(classes, classes)
    np.fill_diagonal(found, np.maximum(found.diagonal(), 1))
    of = np.bincount(codes, minlength=classes)
    return _whole(found / found.sum(axis=1, keepdims=True) * of[:, None])


def issues(probability: np.ndarray, codes: np.ndarray, *, by: By = "noise rate") -> np.ndarray:
    """Which labels confident learning holds for wrong: bool (r,). Arrays as in `joint`.

    by: "noise rate" takes of each pair of labels as many rows as `joint` says, those that speak most for the other
    first; "class" takes of each label so many in all, the least self-confident first; "both" what both take;
    "confident" the rows that reach another label's threshold, more or fewer than the estimate. A row whose likeliest
    label is the given one is never an issue.
    """
    rows, own = np.arange(len(codes)), probability[np.arange(len(codes)), codes]
    others = probability.copy()
    others[rows, codes] = -1
    best = others.max(axis=1)
    doubted = best > own + SURE
    if by == "confident":
        told = confident(probability, codes, class_means(probability, codes))
        return (told >= 0) & (told != codes) & doubted
    counted = _kept(joint(probability, codes).T)
    taken = []
    if by in ("noise rate", "both"):
        taken.append(_by_pair(probability, codes, counted))
    if by in ("class", "both"):
        taken.append(_by_class(own, best, codes, counted))
    return np.logical_and.reduce([*taken, doubted])


def _by_pair(probability: np.ndarray, codes: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Of each given label and each true one, so many rows that speak most for the true one over the given."""
    found = np.zeros(len(codes), bool)
    for true, given in np.argwhere(counted > 0).tolist():
        rows = np.flatnonzero(codes == given)
        if true != given and len(rows) > 1:
            more = probability[rows, true] - probability[rows, given]
            found[rows[np.argsort(-more, kind="stable")[: counted[true, given]]]] = True
    return found


def _by_class(own: np.ndarray, best: np.ndarray, codes: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Of each given label as many rows as are truly others, the least self-confident first, of equals by the margin."""
    found = np.zeros(len(codes), bool)
    for given in np.unique(codes).tolist():
        rows = np.flatnonzero(codes == given)
        if len(rows) > 1:
            order = np.lexsort((-best[rows], own[rows]))
            found[rows[order[: len(rows) - counted[given, given]]]] = True
    return found


def _kept(counted: np.ndarray) -> np.ndarray:
    """Counts by true and given label, with one row at least left to each label: taken off its wrong ones."""
    low = np.maximum(1 - counted.diagonal(), 0)
    pairs = np.maximum(np.count_nonzero(counted, axis=0) - 1, 1)
    found = np.maximum(counted - low / pairs, 0)
    np.fill_diagonal(found, np.maximum(counted.diagonal(), 1))
    return _whole(np.floor(found))


def _whole(counts: np.ndarray) -> np.ndarray:
    """Counts as whole numbers, each line with its sum: those that were cut most get one back, of equals the last."""
    found = np.round(counts)
    lack = (np.round(counts.sum(axis=1)) - found.sum(axis=1)).astype(np.int64)
    for line in np.flatnonzero(lack):
        order = np.argsort(counts[line] - found[line], kind="stable")
        if lack[line] > 0:
            found[line, order[::-1][: lack[line]]] += 1
        else:
            found[line, order[: -lack[line]]] -= 1
    return found.astype(np.int64)
