"""Whether two things are told of the same rows independently of each other, and weights that make it so (HSIC)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.dataset import Dataset

WAVES = 64
"""Random waves that stand for a Gaussian kernel, each a cosine and a sine."""
NEAR = 500
"""Rows that the width of a Gaussian kernel is told from: the median distance of two of them."""
STEPS = 300
FEW_WAVES = 8
"""Waves for weights: more of them tell more, and leave fewer rows that count (correlation of 0.7, 2,000 rows: 64 waves
bring it to 0.01 with the weight of 93 rows, 8 to 0.1 with that of 559)."""
CALM = 0.1
"""How much evenness of the weights counts beside independence."""
BLOCK = 1 << 12
"""Rows whose features are float64 at once: all of them stand in float32, half of what they would take."""
MOST_GROUPS = 50
"""Values of a column that are groups of their own, the most frequent ones; all others are one."""


def features_of_groups(codes: np.ndarray) -> np.ndarray:
    """float32 (n, groups): 1 where a row is of a group, -1 being none; the kernel is whether two are of the same."""
    there = np.flatnonzero(codes >= 0)
    kinds = np.unique(codes[there])
    found = np.zeros((len(codes), len(kinds)), np.float32)
    found[there, np.searchsorted(kinds, codes[there])] = 1
    return found


def features_of_numbers(values: np.ndarray, seed: int, waves: int = WAVES) -> np.ndarray:
    """float32 (n, 2 waves): what stands for a Gaussian kernel of float (n, d), as wide as two rows are apart by median.

    Source: Rahimi, Recht 2007 (random Fourier features).
    """
    from scipy.spatial.distance import pdist

    rng = np.random.default_rng([seed, 1_000_193])
    x = values.reshape(len(values), -1).astype(np.float64)
    some = x if len(x) <= NEAR else x[np.sort(rng.permutation(len(x))[:NEAR])]
    apart = pdist(some)
    width = float(np.median(apart[apart > 0])) if (apart > 0).any() else 1.0
    turns = rng.normal(size=(x.shape[1], waves)) / width
    found = np.empty((len(x), 2 * waves), np.float32)
    for at in _parts(x):
        angle = x[at] @ turns
        found[at, :waves], found[at, waves:] = np.cos(angle) / np.sqrt(waves), np.sin(angle) / np.sqrt(waves)
    return found


def features_of(data: Dataset, thing: str, rows: np.ndarray, seed: int, waves: int = WAVES) -> np.ndarray:
    """float32 (r, p): a column of some rows, int64, numbers by their ranks, or the vectors of an embedding; NaN without
    a value. Raises `EngineError` for a column that is not there."""
    if thing in data.keys_of("embedding"):
        vectors = data.embedding(thing)
        of = vectors.texts.of_row[rows]
        there, values = of >= 0, vectors.floats(np.maximum(of, 0)).astype(np.float64)
    elif data.info(thing).type in ("integer", "number", "date") and data.info(thing).role != "label":
        numbers = data.numbers(thing, rows).astype(np.float64)
        there, values = np.isfinite(numbers), numbers
    else:
        return _of_codes(data.codes(thing)[0][rows])
    if not there.any():
        return np.full((len(rows), 1), np.nan, np.float32)
    if values.ndim == 1:
        values = _ranks(values)
    made = features_of_numbers(values[there], seed, waves)
    if there.all():
        return made
    found = np.full((len(rows), made.shape[1]), np.nan, np.float32)
    found[there] = made
    return found


def _ranks(values: np.ndarray) -> np.ndarray:
    """Places among all, 0 to 1, equal ones alike: no unit and no outlier counts."""
    from scipy.stats import rankdata

    there = np.isfinite(values)
    found = np.full(len(values), np.nan)
    found[there] = rankdata(values[there]) / there.sum()
    return found


def _of_codes(codes: np.ndarray) -> np.ndarray:
    there = codes >= 0
    often = np.bincount(codes[there]) if there.any() else np.zeros(1, np.int64)
    few = np.argsort(-often, kind="stable")[MOST_GROUPS:]
    features = features_of_groups(np.where(np.isin(codes, few), len(often), codes))
    if not features.shape[1]:
        return np.full((len(codes), 1), np.nan, np.float32)
    features[~there] = np.nan
    return features


def hsic(a: np.ndarray, b: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The Hilbert-Schmidt independence criterion of two sets of features, float (n, p) and (n, q): 0 where independent.

    The sum of squares of all their covariances, with weights of mean 1 where given. Of features of groups it is
    Σ (p_ab − p_a p_b)². Source: Gretton et al. 2005 (the biased estimator).

    >>> one = features_of_groups(np.array([0, 0, 1, 1]))
    >>> hsic(one, one), hsic(one, features_of_groups(np.array([0, 1, 0, 1])))
    (0.25, 0.0)
    """
    w = np.full(len(a), 1 / len(a)) if weights is None else weights / weights.sum()
    return float((((a - w @ a) * w[:, None]).T @ (b - w @ b)).__pow__(2).sum())


def dependence_of(a: np.ndarray, b: np.ndarray, shuffles: int, seed: int) -> tuple[float, float, float]:
    """HSIC of two sets of features; a share of 0 to 1, 0 being what chance gives and 1 that either tells the other; p.

    p: how likely chance alone, b dealt out anew to the rows, gives as much: by a gamma distribution with mean and
    variance of the shuffles (Gretton et al. 2008), which tells small p of few shuffles. The share is (h − c) /
    (√(h_aa h_bb) − c), c the mean of the shuffles: HSIC is never below 0, so that few rows always have some.
    """
    from scipy.stats import gamma

    found = hsic(a, b)
    rng = np.random.default_rng([seed, 1_000_199])
    left, right = (side - side.mean(axis=0, dtype=np.float64) for side in (a, b))
    chance = np.array(
        [((left.T @ right[rng.permutation(len(b))] / len(b)) ** 2).sum() for _ in range(shuffles)]
    )  # fmt: skip
    most = np.sqrt(hsic(a, a) * hsic(b, b))
    middle = float(chance.mean())
    share = (found - middle) / (most - middle) if most > middle else 0.0
    spread = float(chance.var(ddof=1))
    p = float(gamma.sf(found, middle**2 / spread, scale=spread / middle)) if spread > 1e-30 else 1.0
    return found, float(np.clip(share, -1, 1)), p


def independent_weights(
    a: np.ndarray, b: np.ndarray, tell: Callable[[int, int], None] = lambda done, total: None, calm: float = CALM
) -> np.ndarray:
    """float64 (n,), from 0 on, of mean 1: weights under which two sets of features no longer depend on each other.

    They are asked to keep the mean of each feature as it is and to bring every covariance to 0, as even as they can be:
    a convex problem with one answer. calm: how much evenness counts beside that. Where no weights can do it, as when
    one side is told by the other, they come as near as they can. Nothing as large as the features is held beside them.
    """
    from scipy.optimize import Bounds, minimize

    of_row, many, a, b = _cells(a, b)
    share, root = many / many.sum(), np.sqrt(many)
    left, right = (_Centred.of(side, share) for side in (a, b))
    scale = np.sqrt(np.outer(left.spread, right.spread))
    scale[scale < 1e-9] = np.inf  # what is the same in every row is no matter
    wanted = np.zeros(scale.shape)
    wanted[0, 0] = 1
    done = 0

    # Cells are scaled by the root of their rows: then each step is the one that all rows by themselves would take.
    def cost(scaled: np.ndarray) -> tuple[float, np.ndarray]:
        w = scaled / root
        sums = np.zeros(scale.shape)
        for at in _parts(a):
            x, y = _part(a, at), _part(b, at)
            mass = (w * share)[at]
            weighed = y * mass[:, None]
            sums[0, 0] += mass.sum()
            sums[0, 1:] += weighed.sum(axis=0)
            sums[1:, 0] += mass @ x
            sums[1:, 1:] += x.T @ weighed
        off = (left.turn.T @ sums @ right.turn - wanted) / scale
        by = left.turn @ (off / scale) @ right.turn.T
        slope = calm * (w - 1) + by[0, 0]
        for at in _parts(a):
            x, y = _part(a, at), _part(b, at)
            slope[at] += x @ by[1:, 0] + np.einsum("ij,ij->i", x @ by[1:, 1:] + by[0, 1:], y)
        return float((off**2).sum() + calm * (share @ (w - 1) ** 2)), 2 * slope * share / root

    def step(scaled: np.ndarray) -> None:
        nonlocal done
        done += 1
        tell(min(done, STEPS), STEPS)

    found = minimize(
        cost, root, jac=True, method="L-BFGS-B", bounds=Bounds(np.zeros(len(root)), np.inf), callback=step,
        options={"maxiter": STEPS, "ftol": 1e-12, "gtol": 1e-10},
    )  # fmt: skip
    weights = found.x / root
    total = float(many @ weights)
    return np.asarray((weights * (len(of_row) / total))[of_row]) if total > 0 else np.ones(len(of_row))


@dataclass(frozen=True)
class _Centred:
    """How features become ones of mean 0 behind a column of ones: [1, x] @ turn. spread: the mean squares of these."""

    turn: np.ndarray
    spread: np.ndarray

    @staticmethod
    def of(side: np.ndarray, share: np.ndarray) -> "_Centred":
        """Of features (k, p), each row counting by its share."""
        middle = np.sum([share[at] @ _part(side, at) for at in _parts(side)], axis=0)
        spread = np.sum([share[at] @ (_part(side, at) - middle) ** 2 for at in _parts(side)], axis=0)
        turn = np.eye(len(middle) + 1)
        turn[0, 1:] = -middle
        return _Centred(turn, np.r_[1.0, spread])


def _cells(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rows that are alike on both sides, as one: the cell of each row, how many rows it has (float64), its features.

    Their weights are the same, as the problem has one answer. Where hardly any are alike, each is a cell of its own.
    """
    n, rng = len(a), np.random.default_rng(0)
    drawn = [rng.normal(size=side.shape[1]) for side in (a, b)]
    told = np.empty(n, np.complex128)
    for at in _parts(a):
        first, second = ((_part(side, at) * by).sum(axis=1) for side, by in zip((a, b), drawn, strict=True))
        told[at] = first + 1j * second
    _, leader, of_row, many = np.unique(told, return_index=True, return_inverse=True, return_counts=True)
    alike = 2 * len(leader) < n and all(
        np.array_equal(side[at], side[leader[of_row[at]]]) for side in (a, b) for at in _parts(side)
    )
    if not alike:
        return np.arange(n), np.ones(n), a, b
    return of_row, many.astype(np.float64), a[leader], b[leader]


def _parts(side: np.ndarray) -> list[slice]:
    """Rows that are worked on at once."""
    return [slice(start, start + BLOCK) for start in range(0, len(side), BLOCK)]


def _part(side: np.ndarray, at: slice) -> np.ndarray:
    return side[at].astype(np.float64)


def effective(weights: np.ndarray) -> float:
    """As how many even rows weighted ones count (Kish 1965).

    >>> effective(np.array([1.0, 1.0, 0.0, 0.0]))
    2.0
    """
    return float(weights.sum() ** 2 / max(float((weights**2).sum()), 1e-300))
