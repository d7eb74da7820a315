"""How many labels are enough: how right a probe is by the number of labels, and what more would bring."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.errors import EngineError
from engine.labels.power_law import power_law
from engine.models import Blocks, check_groups, quick

FOLDS, REPEATS, DRAWS = 5, 3, 200
POINTS = 12
END = 4
"""The curve is fitted where it ends: on sizes from a fourth of the largest on. With many classes it bends before."""
FEWEST = 10
SLOPES = 40
"""So many b are tried: how fast the error falls with labels."""


@dataclass(frozen=True)
class Estimate:
    """A figure with the ends of its 95 % interval; `inf` is said where the curve does not tell."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Power:
    """error = a · n^−b + c; a below 0 where more labels did harm."""

    a: float
    b: float
    c: float

    def accuracy(self, n: float) -> float:
        return float(1 - self.a * n**-self.b - self.c)

    def enough(self, least: float) -> float:
        """From how many labels on twice as many bring less than `least`; 1 where they always do."""
        gain = self.a * (1 - 2**-self.b)
        return max(1.0, (gain / least) ** (1 / self.b)) if gain > 0 else 1.0


@dataclass(frozen=True)
class Curve:
    """Accuracy by the number of labels, cross-validated. sizes: int64 (s,). right: bool (f, t, s): of each run the rows
    that it was tried on, and whether each was told rightly after so many labels; part bool (f, t), which rows count.
    labelled: how many labels there are."""

    sizes: np.ndarray
    right: np.ndarray
    part: np.ndarray
    labelled: int

    @cached_property
    def accuracy(self) -> np.ndarray:
        """float64 (s,): the mean over all runs."""
        return self._of(self.right * self.part[:, :, None], self.part)

    @staticmethod
    def _of(right: np.ndarray, part: np.ndarray) -> np.ndarray:
        return np.asarray(right.sum(axis=(0, 1)) / max(part.sum(), 1))

    @cached_property
    def drawn(self) -> np.ndarray:
        """float64 (d, s): the accuracies of as many draws, of runs and of rows within a run, both with repeats.

        The runs try the same rows again with other rows to learn from, and the rows that are tried are few: both kinds
        of chance are in what the draws differ by.
        """
        rng = np.random.default_rng(0)
        runs, rows = self.right.shape[:2]
        found = np.empty((DRAWS, len(self.sizes)))
        for draw in range(DRAWS):
            which = rng.integers(0, runs, runs // REPEATS if runs >= 2 * REPEATS else runs)
            weight = rng.multinomial(rows, np.full(rows, 1 / rows), len(which)) * self.part[which]
            found[draw] = np.einsum("ft,fts->s", weight, self.right[which]) / max(weight.sum(), 1)
        return found

    @cached_property
    def fitted(self) -> Power:
        return self._fit(self.accuracy[None])[0]

    @cached_property
    def _fits(self) -> list[Power]:
        return self._fit(self.drawn)

    def _fit(self, accuracies: np.ndarray) -> list[Power]:
        end = self.sizes * END >= self.sizes[-1]
        return fit(self.sizes[end], 1 - accuracies[:, end])

    def at(self, n: int) -> Estimate:
        """The accuracy that so many labels are expected to give."""
        return _between(self.fitted.accuracy(n), [one.accuracy(n) for one in self._fits])

    def gain(self, more: int) -> Estimate:
        """What so many more labels, drawn by chance, are expected to bring, as a share of rows told rightly."""
        n = self.labelled
        return _between(
            self.fitted.accuracy(n + more) - self.fitted.accuracy(n),
            [one.accuracy(n + more) - one.accuracy(n) for one in self._fits],
        )

    def enough(self, least: float = 0.01) -> Estimate:
        """The labels from which on twice as many bring less than `least`."""
        return _between(self.fitted.enough(least), [one.enough(least) for one in self._fits])


def learning_curve(vectors: Blocks, rows: np.ndarray, codes: np.ndarray, groups: np.ndarray, classes: int) -> Curve:
    """How right a probe is by the number of labels, told on rows that it did not learn from.

    rows: int64 (r,), labelled ones; codes, groups: int (r,), of these; rows of one group are copies of each other and
    stay together. Five parts, three times: of four parts the first 10, … rows in an order by chance teach, nested, and
    the fifth is told. The accuracy is that of rows like the labelled ones: where they were asked about because they
    are hard, it is lower than that of the corpus.
    Raises `EngineError` for fewer than 20 labelled rows, for one label, and where all are copies of one text.
    """
    if len(rows) < 2 * FEWEST:
        raise EngineError(
            f"{len(rows)} labels are too few for a curve. Label {2 * FEWEST} rows at least, drawn by chance."
        )
    if len(np.unique(codes)) < 2:
        raise EngineError("All labelled rows have one label, so there is nothing to learn. Label rows of another.")
    check_groups(groups)
    most = len(rows) * (FOLDS - 1) // FOLDS
    sizes = np.unique(np.geomspace(min(FEWEST, most), most, POINTS).astype(np.int64))
    _, group = np.unique(groups, return_inverse=True)
    right, part = [], []
    for repeat in range(REPEATS):
        rng = np.random.default_rng(repeat)
        fold = (rng.permutation(group.max() + 1) % FOLDS)[group]
        for number in range(FOLDS):
            test, learn = np.flatnonzero(fold == number), rng.permutation(np.flatnonzero(fold != number))
            if len(test) and len(learn):
                part.append(test)
                right.append(_told(vectors, rows, codes, classes, learn, test, sizes))
    width = max(len(one) for one in part)
    held, there = np.zeros((len(part), width, len(sizes)), bool), np.zeros((len(part), width), bool)
    for run, one in enumerate(right):
        held[run, : len(one)], there[run, : len(one)] = one, True
    return Curve(sizes, held, there, len(rows))


def _told(
    vectors: Blocks, rows: np.ndarray, codes: np.ndarray, classes: int, learn: np.ndarray, test: np.ndarray,
    sizes: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """bool (t, s): whether each row is told rightly by the first so many."""
    found, x = np.zeros((len(test), len(sizes)), bool), vectors(rows[test])
    for place, size in enumerate(sizes.tolist()):
        taught = learn[:size]
        model = quick(vectors, rows[taught], codes[taught], classes)
        found[:, place] = model.scores(x).argmax(axis=1) == codes[test]
    return found


def fit(sizes: np.ndarray, errors: np.ndarray) -> list[Power]:
    """The curves nearest to some series of errors, float64 (s, sizes), larger sizes counting more.

    >>> import numpy as np
    >>> n = np.array([10, 20, 40, 80, 160])
    >>> found = fit(n, (2 / n + 0.1)[None])[0]
    >>> round(found.b, 1), round(found.c, 2)
    (1.0, 0.1)
    """
    n = sizes.astype(np.float64)
    found = power_law(n, errors, np.sqrt(n), slopes=SLOPES, may_rise=True)
    return [Power(a, b, c) for a, b, c in found.T.tolist()]


def _between(value: float, drawn: list[float]) -> Estimate:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(value, float(min(low, value)), float(max(high, value)))
