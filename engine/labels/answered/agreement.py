"""How far people who labelled the same rows agree, beyond what chance would give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import EngineError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DRAWS = 2000
"""Bootstrap samples of rows that an interval is told by."""
SURE = 0.95
Told = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""How the rows of some samples weigh, float64 (b, kinds), each summing to 1 -> what is observed, what chance gives."""


@dataclass(frozen=True)
class Agreement:
    """value: 1 for always the same, 0 for chance, below it for less than chance; NaN where only one label was given,
    which chance gives too. low, high: an interval that holds it in 95 of 100, by drawing the rows anew; NaN for none.

    rows: that two people or more labelled. observed: of pairs of labels of a row, the share that are the same; chance:
    what chance would give.
    """

    value: float
    low: float
    high: float
    rows: int
    observed: float
    chance: float


@dataclass(frozen=True)
class Between:
    """Two people, and how far they agree (Cohen's kappa)."""

    first: str
    second: str
    agreement: Agreement


@dataclass(frozen=True)
class Ratings:
    """code: int (r, p): what each person said of each row, −1 for nothing. keys: of the rows; people; labels of the
    codes."""

    code: np.ndarray
    keys: tuple[str, ...]
    people: tuple[str, ...]
    labels: tuple[str, ...]


def ratings_of(said: Sequence[tuple[str, str, str]]) -> Ratings:
    """What people said as a table, from (row key, person, label); of two labels by one person the later counts.

    >>> ratings_of([("a", "Ann", "x"), ("a", "Bob", "y"), ("b", "Ann", "y")]).code.tolist()
    [[0, 1], [1, -1]]
    """
    keys, people, labels = ({name: i for i, name in enumerate(dict.fromkeys(s[at] for s in said))} for at in range(3))
    code = np.full((len(keys), len(people)), -1, np.int64)
    for key, person, label in said:
        code[keys[key], people[person]] = labels[label]
    return Ratings(code, tuple(keys), tuple(people), tuple(labels))


def cohen_kappa(first: np.ndarray, second: np.ndarray, *, draws: int = DRAWS, seed: int = 0) -> Agreement:
    """How far two people agree. first, second: int (r,), their labels, −1 for none: such rows do not count.

    Chance is that both give each label as often as they do, at random (Cohen 1960).

    >>> import numpy as np
    >>> yes_yes, yes_no, no_yes, no_no = [(0, 0)] * 20, [(0, 1)] * 5, [(1, 0)] * 10, [(1, 1)] * 15
    >>> round(cohen_kappa(*np.array(yes_yes + yes_no + no_yes + no_no).T).value, 3)
    0.4
    """
    both = (first >= 0) & (second >= 0)
    rows = int(both.sum())
    if not rows:
        return _nothing()
    pairs, count = np.unique(np.stack([first[both], second[both]], axis=1), axis=0, return_counts=True)
    same = (pairs[:, 0] == pairs[:, 1]).astype(float)
    _, used = np.unique(pairs, return_inverse=True)
    one, two = (_in(side, int(used.max()) + 1) for side in used.reshape(pairs.shape).T)

    def told(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return weight @ same, ((weight @ one) * (weight @ two)).sum(axis=1)

    return _with_interval(told, count, rows, draws, seed)


def krippendorff_alpha(code: np.ndarray, *, draws: int = DRAWS, seed: int = 0) -> Agreement:
    """How far any number of people agree who each labelled some of the rows. code: int (r, p), −1 for nothing.

    Rows that fewer than two labelled do not count. Labels have no order: two are the same or not (Krippendorff 2011).
    """
    code = code[(code >= 0).sum(axis=1) >= 2]
    rows = len(code)
    if not rows:
        return _nothing()
    counts = np.stack([(code == label).sum(axis=1) for label in range(int(code.max()) + 1)], axis=1)
    kinds, count = np.unique(counts, axis=0, return_counts=True)
    size = kinds.sum(axis=1)
    apart = (kinds * (size[:, None] - kinds)).sum(axis=1) / (size - 1)

    def told(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        times = weight * rows
        values, total = times @ kinds, times @ size
        with np.errstate(divide="ignore", invalid="ignore"):
            return (
                1 - (times @ apart) / total,
                1 - (total**2 - (values**2).sum(axis=1)) / (total * np.maximum(total - 1, 1)),
            )

    return _with_interval(told, count, rows, draws, seed)


def between(ratings: Ratings, *, draws: int = DRAWS, seed: int = 0) -> tuple[Between, ...]:
    """Each two people who labelled a row both, those with most rows in common first."""
    found = [
        Between(
            ratings.people[a],
            ratings.people[b],
            cohen_kappa(ratings.code[:, a], ratings.code[:, b], draws=draws, seed=seed),
        )
        for a, b in combinations(range(len(ratings.people)), 2)
    ]
    return tuple(sorted((one for one in found if one.agreement.rows), key=lambda one: -one.agreement.rows))


def _in(codes: np.ndarray, used: int) -> "csr_array":
    """Which label each pair has, sparse (pairs, used): of ten thousand labels few stand in any one."""
    from scipy.sparse import csr_array

    return csr_array((np.ones(len(codes)), (np.arange(len(codes)), codes)), shape=(len(codes), used))


def _nothing() -> Agreement:
    none = float("nan")
    return Agreement(none, none, none, 0, none, none)


def _with_interval(told: Told, count: np.ndarray, rows: int, draws: int, seed: int) -> Agreement:
    if draws < 1:
        raise EngineError(f"An interval needs samples; {draws} were asked for. Ask for 1,000 or more.")
    share = count / rows
    observed, chance = (float(part[0]) for part in told(share[None]))
    value = _beyond(np.array([observed]), np.array([chance]))[0]
    drawn = np.random.default_rng(seed).multinomial(rows, share, size=draws) / rows
    spread = _beyond(*told(drawn))
    spread = spread[~np.isnan(spread)]
    # A sample of rows in which one label alone is left says nothing.
    enough = len(spread) >= draws / 2 and not np.isnan(value)
    low, high = np.quantile(spread, [(1 - SURE) / 2, (1 + SURE) / 2]) if enough else (np.nan, np.nan)
    if enough and observed >= 1 - 1e-12:
        # Rows drawn anew from rows that are all alike are all alike. So many alike rows are likelier than 1 in 40 from
        # this share of alike ones on (Clopper and Pearson 1934).
        least = ((1 - SURE) / 2) ** (1 / rows)
        low = _beyond(np.array([least]), np.array([chance]))[0]
    elif enough and observed <= 1e-12:
        most = 1 - ((1 - SURE) / 2) ** (1 / rows)
        high = _beyond(np.array([most]), np.array([chance]))[0]
    return Agreement(float(value), float(low), float(high), rows, observed, chance)


def _beyond(observed: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """float64: what is observed beyond chance, of all that could be; NaN where chance is all."""
    room = 1 - chance
    return np.divide(observed - chance, room, out=np.full(len(room), np.nan), where=room > 1e-12)
