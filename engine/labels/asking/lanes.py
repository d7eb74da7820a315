"""Two lanes: sure labels are accepted, some of them looked at by chance; unsure ones are asked about."""

from dataclasses import dataclass

import numpy as np

from engine.errors import EngineError
from indexes import wilson

ENOUGH = 20
"""Rows told to be of a class, from which its own threshold can be read; other classes share one."""
NEVER = 2.0


@dataclass(frozen=True)
class Lanes:
    """accepted: int64, places of the rows that are sure, ascending; likely: int64 (r,), the likely class of every row,
    and confidence: float64 (r,), its probability, 0 where none is known. audit: int64, those of the accepted to look
    at, drawn by chance. asked: int64, the rest, the unsurest first."""

    accepted: np.ndarray
    audit: np.ndarray
    asked: np.ndarray
    likely: np.ndarray
    confidence: np.ndarray


@dataclass(frozen=True)
class Share:
    """A share of what was looked at, with its 95 % interval; (0, 1) where nothing was."""

    value: float
    low: float
    high: float
    of: int


def lanes(probability: np.ndarray, thresholds: np.ndarray | float, *, audit: int = 50, seed: int = 0) -> Lanes:
    """Part rows into sure and unsure ones.

    probability: float (r, K), rows summing to 1, NaN for none; thresholds: λ of each class, or one for all. A row is
    accepted where its likeliest class reaches the threshold of that class. audit: how many of the accepted to look at.
    Source: ASPL (Lin et al. 2018), with the audit added: what is accepted is judged by chance, never by how sure it is.
    """
    there = ~np.isnan(probability).any(axis=1)
    p = np.nan_to_num(probability.astype(np.float64))
    likely = np.where(there, p.argmax(axis=1), -1)
    sure = np.where(there, p.max(axis=1, initial=0), 0)
    least = np.broadcast_to(np.asarray(thresholds, np.float64), p.shape[1:])
    pass_ = there & (sure >= least[likely])
    accepted, rest = np.flatnonzero(pass_), np.flatnonzero(~pass_)
    drawn = np.sort(np.random.default_rng(seed).permutation(accepted)[:audit])
    return Lanes(accepted, drawn, rest[np.argsort(sure[rest], kind="stable")], likely, sure)


def thresholds(probability: np.ndarray, codes: np.ndarray, *, wanted: float = 0.95) -> np.ndarray:
    """float64 (K,): of each class the least probability from which so many of the rows told to be it are it.

    probability: float (r, K) of labelled rows, told without themselves (`probe`), NaN for none; codes: int (r,), -1 for
    none. A class that fewer than 20 rows are told to be shares the threshold of all such; above 1 where no probability
    is enough. It is read from the labels that are there: what it is worth, the audit says.

    >>> import numpy as np
    >>> p = np.array([[0.9, 0.1]] * 30 + [[0.6, 0.4]] * 30)
    >>> thresholds(p, np.array([0] * 30 + [1] * 30), wanted=0.9).tolist()
    [0.9, 2.0]
    """
    if not 0 < wanted <= 1:
        raise EngineError(f"A wanted precision of {wanted} is none. Give a share above 0 and up to 1, such as 0.95.")
    rows = np.flatnonzero((codes >= 0) & ~np.isnan(probability).any(axis=1))
    p, code = probability[rows].astype(np.float64), codes[rows]
    if not len(rows):
        return np.full(probability.shape[1], NEVER)
    likely, sure = p.argmax(axis=1), p.max(axis=1)
    right = likely == code
    count = np.bincount(likely, minlength=p.shape[1])
    few = count[likely] < ENOUGH
    found = np.full(p.shape[1], _least(sure[few], right[few], wanted))
    for c in np.flatnonzero(count >= ENOUGH).tolist():
        found[c] = _least(sure[likely == c], right[likely == c], wanted)
    return found


def _least(sure: np.ndarray, right: np.ndarray, wanted: float) -> float:
    """The least confidence from which on so many are right, looking at no fewer than 20 rows; above 1 for none."""
    if len(sure) < ENOUGH:
        return NEVER
    order = np.argsort(-sure, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # A threshold takes all rows of one confidence, so it can only stand where the next one is lower.
    end = np.append(sure[order][1:] < sure[order][:-1], True)
    good = np.flatnonzero(end & (share >= wanted) & (np.arange(len(order)) >= ENOUGH - 1))
    return float(sure[order[good[-1]]]) if len(good) else NEVER


def audited(right: np.ndarray) -> Share:
    """The precision of what was accepted, by the answers to the audit: bool (a,), whether each was right.

    >>> import numpy as np
    >>> found = audited(np.array([True] * 49 + [False]))
    >>> round(found.value, 2), round(found.low, 3), round(found.high, 3)
    (0.98, 0.895, 0.996)
    """
    share = float(right.mean()) if len(right) else 0.0
    low, high = wilson(share, len(right))
    return Share(share, low, high, len(right))
