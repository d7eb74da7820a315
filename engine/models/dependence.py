"""Whether two things are told of the same rows independently of each other, and weights that make it so (HSIC)."""

from collections.abc import Callable

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
MOST_GROUPS = 50
"""Values of a column that are groups of their own, the most frequent ones; all others are one."""


def features_of_groups(codes: np.ndarray) -> np.ndarray:
    """float64 (n, groups): 1 where a row is of a group, -1 being none; the kernel is whether two are of the same."""
    kinds, place = np.unique(codes, return_inverse=True)
    found = np.zeros((len(codes), len(kinds)))
    found[np.arange(len(codes)), place] = 1
    return found[:, kinds >= 0]


def features_of_numbers(values: np.ndarray, seed: int, waves: int = WAVES) -> np.ndarray:
    """float64 (n, 2 waves): what stands for a Gaussian kernel of float (n, d), as wide as two rows are apart by median.

    Source: Rahimi, Recht 2007 (random Fourier features).
    """
    from scipy.spatial.distance import pdist

    rng = np.random.default_rng([seed, 1_000_193])
    x = values.reshape(len(values), -1).astype(np.float64)
    some = x if len(x) <= NEAR else x[np.sort(rng.permutation(len(x))[:NEAR])]
    apart = pdist(some)
    width = float(np.median(apart[apart > 0])) if (apart > 0).any() else 1.0
    angle = x @ (rng.normal(size=(x.shape[1], waves)) / width)
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=1) / np.sqrt(waves)


def features_of(data: Dataset, thing: str, rows: np.ndarray, seed: int, waves: int = WAVES) -> np.ndarray:
    """float64 (r, p): a column of some rows, int64, numbers by their ranks, or the vectors of an embedding; NaN without
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
        return np.full((len(rows), 1), np.nan)
    if values.ndim == 1:
        values = _ranks(values)
    made = features_of_numbers(values[there], seed, waves)
    found = np.full((len(rows), made.shape[1]), np.nan)
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
        return np.full((len(codes), 1), np.nan)
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
    left, right = a - a.mean(axis=0), b - b.mean(axis=0)
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
    one side is told by the other, they come as near as they can.
    """
    from scipy.optimize import minimize

    n = len(a)
    left = np.column_stack([np.ones(n), a - a.mean(axis=0)])
    right = np.column_stack([np.ones(n), b - b.mean(axis=0)])
    scale = np.sqrt(np.outer((left**2).mean(axis=0), (right**2).mean(axis=0)))
    scale[scale < 1e-9] = np.inf  # what is the same in every row is no matter
    wanted = np.zeros(scale.shape)
    wanted[0, 0] = 1
    done = 0

    def cost(w: np.ndarray) -> tuple[float, np.ndarray]:
        off = ((left * w[:, None]).T @ right / n - wanted) / scale
        slope = 2 * ((left @ (off / scale)) * right).sum(axis=1) / n
        return float((off**2).sum() + calm * ((w - 1) ** 2).mean()), slope + 2 * calm * (w - 1) / n

    def step(w: np.ndarray) -> None:
        nonlocal done
        done += 1
        tell(min(done, STEPS), STEPS)

    found = minimize(
        cost, np.ones(n), jac=True, method="L-BFGS-B", bounds=[(0, None)] * n, callback=step,
        options={"maxiter": STEPS, "ftol": 1e-12, "gtol": 1e-10},
    )  # fmt: skip
    total = float(found.x.sum())
    return np.asarray(found.x * (n / total)) if total > 0 else np.ones(n)


def effective(weights: np.ndarray) -> float:
    """As how many even rows weighted ones count (Kish 1965).

    >>> effective(np.array([1.0, 1.0, 0.0, 0.0]))
    2.0
    """
    return float(weights.sum() ** 2 / max(float((weights**2).sum()), 1e-300))
