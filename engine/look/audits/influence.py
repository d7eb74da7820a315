"""Which rows drive what a probe tells of a row, and what it would tell without them, in closed form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from engine.dataset import Dataset, titles
from engine.errors import EngineError
from engine.look.choices.lines import finite, number, one_line, shielded
from engine.models import seen_meaning
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import plain

By = Literal["ridge", "nearest"]
STRENGTH = 1.0
"""What ridge regression adds to the diagonal: about one row's worth, as vectors have length 1."""
NEAREST, SHARP = 15, 10.0
"""As the probe of nearest neighbours has them."""
MOST_TAUGHT = 50_000
SHOWN, MOST_OUT = 10, 200
NONE = np.zeros(0, np.int64)
STREAM = 1_000_157


@dataclass(frozen=True)
class Driver:
    """A row that was learned from. effect: by how much the answer's score falls when this row alone is left out; below
    0 where it rises. similarity: to the row asked about, -1 to 1. title: of the row, "" where rows have none."""

    row: int
    label: str
    effect: float
    similarity: float
    title: str = ""


@dataclass(frozen=True)
class Influence:
    """What a probe tells of a row. own: the row's own label, "" for none. told: the label that it is told; score: of
    it, second and second_score: the next best. Scores are about 0 to 1.

    drivers: rows that speak most for the answer; against: rows that speak most against it. flips: leaving out so many
    of the rows that speak most for it makes the answer `then`; None where 200 rows do not.
    without: what is told without the rows that were to be left out, and its score; None where none were named.
    title: of the row, "" where rows have none.
    """

    row: int
    own: str
    told: str
    score: float
    second: str
    second_score: float
    drivers: tuple[Driver, ...]
    against: tuple[Driver, ...]
    flips: int | None
    then: str
    without: tuple[str, float] | None
    title: str = ""


@dataclass(frozen=True)
class Influences:
    """Some rows and what drives the answers about them. learned: rows that were learned from; out: how many of them
    were to be left out."""

    label: str
    probe: By
    learned: int
    out: int
    rows: tuple[Influence, ...]

    @property
    def changed(self) -> int:
        """Rows of which another label is told without those left out."""
        return sum(one.without is not None and one.without[0] != one.told for one in self.rows)

    def json(self) -> dict[str, Json]:
        """All of it."""
        return {name: finite(plain(value)) for name, value in vars(self).items()} | {"changed": self.changed}

    def markdown(self) -> list[str]:
        """Lines of Markdown: each row with what drives it."""
        return _lines(self, shielded)

    def text(self) -> list[str]:
        """The same lines for a terminal."""
        return _lines(self, one_line)


def influence(
    data: Dataset,
    rows: np.ndarray,
    learned: np.ndarray,
    label: str,
    *,
    embedding: str,
    probe: By = "ridge",
    out: np.ndarray = NONE,
    seed: int = 0,
    progress: Progress = quiet,
) -> Influences:
    """Tell which of the rows that a probe learns a label from drive its answers about some rows.

    rows: int64, asked about: they are never learned from. learned: int64; at most 50,000 with a label and a vector,
    taken at random of more. out: rows that are to be left out all at once. Ridge regression of each label on the
    vectors, or the nearest neighbours; what leaving rows out does is exact for both (Sherman, Morrison 1950, for one
    row; the sums less those of the rows for several). Rows of equal text are apart: leaving one out changes little
    where its copy stays. Raises `EngineError` where fewer than two labels are learned.
    """
    codes, names = data.codes(label)
    seen = seen_meaning(data, embedding)
    assert seen.vectors is not None
    asked = np.array([row for row in dict.fromkeys(rows.tolist()) if seen.there[row]], np.int64)
    if not len(asked):
        raise EngineError("None of these rows has a vector, so no probe can tell anything of them. Ask about others.")
    learned = np.setdiff1d(learned, asked)
    learned = learned[(codes[learned] >= 0) & seen.there[learned]]
    if len(learned) > MOST_TAUGHT:
        learned = np.sort(np.random.default_rng([seed, STREAM]).permutation(learned)[:MOST_TAUGHT])
    there, y = np.unique(codes[learned], return_inverse=True)
    if len(there) < 2:
        raise EngineError(
            f"{label!r} has {len(there)} label on the rows that are learned from, and two are needed. Choose more rows."
        )
    gone = np.flatnonzero(np.isin(learned, out))
    if len(np.unique(np.delete(y, gone))) < 1:
        raise EngineError("Nothing would be left to learn from without these rows. Leave fewer out.")
    x = seen.vectors(learned).astype(np.float64)
    fitted: _Ridge | None = _Ridge.fit(x, y, len(there)) if probe == "ridge" else None
    told = []
    for at, row in enumerate(asked.tolist()):
        progress("Asking who drives it", at, len(asked))
        q = seen.vectors(np.array([row]))[0].astype(np.float64)
        one: _Asked = fitted.asked(q) if fitted else _Nearest(x @ q, y, len(there))
        own = names[codes[row]] if codes[row] >= 0 else ""
        told.append(_influence(row, own, one, x @ q, learned, y, [names[code] for code in there.tolist()], gone))
    return Influences(label, probe, len(learned), len(gone), _titled(data, told))


def _titled(data: Dataset, told: Sequence[Influence]) -> tuple[Influence, ...]:
    """The same with what each row is called, so that nobody has to remember numbers."""
    rows = sorted({row for one in told for row in (one.row, *(d.row for d in (*one.drivers, *one.against)))})
    title = dict(zip(rows, titles(data, rows), strict=True))

    def named(drivers: Sequence[Driver]) -> tuple[Driver, ...]:
        return tuple(replace(driver, title=title[driver.row]) for driver in drivers)

    return tuple(
        replace(one, title=title[one.row], drivers=named(one.drivers), against=named(one.against)) for one in told
    )


class _Asked(Protocol):
    """A probe that is asked about one row."""

    @property
    def scores(self) -> np.ndarray:
        """float64 (K,): of each label."""

    def effects(self) -> np.ndarray:
        """float64 (n, K): by how much each score falls without each row."""

    def without(self, out: np.ndarray) -> np.ndarray:
        """float64 (K,): the scores without some of the rows, told by their places."""


@dataclass(frozen=True)
class _Ridge:
    """Ridge regression of one column a label, with an offset that costs nothing. x: float64 (n, d + 1); y: (n, K)."""

    x: np.ndarray
    y: np.ndarray
    square: np.ndarray
    inverse: np.ndarray
    weights: np.ndarray

    @staticmethod
    def fit(x: np.ndarray, codes: np.ndarray, classes: int) -> "_Ridge":
        x = np.column_stack([x, np.ones(len(x))])
        y = np.zeros((len(x), classes))
        y[np.arange(len(x)), codes] = 1
        square = x.T @ x + STRENGTH * np.diag([1.0] * (x.shape[1] - 1) + [0.0])
        inverse = np.linalg.inv(square)
        return _Ridge(x, y, square, inverse, inverse @ (x.T @ y))

    def asked(self, q: np.ndarray) -> "_AskedRidge":
        return _AskedRidge(self, np.append(q, 1.0))


@dataclass(frozen=True)
class _AskedRidge:
    fitted: _Ridge
    q: np.ndarray

    @property
    def scores(self) -> np.ndarray:
        return np.asarray(self.q @ self.fitted.weights)

    def effects(self) -> np.ndarray:
        m = self.fitted
        reach = m.x @ m.inverse
        leverage = (reach * m.x).sum(axis=1)
        return (reach @ self.q / (1 - leverage))[:, None] * (m.y - m.x @ m.weights)

    def without(self, out: np.ndarray) -> np.ndarray:
        m = self.fitted
        x, y = m.x[out], m.y[out]
        return np.asarray(self.q @ np.linalg.solve(m.square - x.T @ x, m.square @ m.weights - x.T @ y))


@dataclass(frozen=True)
class _Nearest:
    """The 15 nearest of the rows, which count by similarity, as `nearest_scores` counts them; scores sum to 1."""

    like: np.ndarray
    codes: np.ndarray
    classes: int

    @property
    def scores(self) -> np.ndarray:
        return self.without(NONE)

    def effects(self) -> np.ndarray:
        found = np.zeros((len(self.like), self.classes))
        whole = self.scores
        for at in np.argsort(-self.like, kind="stable")[:NEAREST].tolist():
            found[at] = whole - self.without(np.array([at]))
        return found

    def without(self, out: np.ndarray) -> np.ndarray:
        count = np.bincount(self.codes, minlength=self.classes) - np.bincount(
            self.codes[out], minlength=self.classes
        )  # fmt: skip
        like = self.like.copy()
        like[out] = -np.inf
        near = np.argsort(-like, kind="stable")[: min(NEAREST, len(like) - len(out))]
        weight = np.where(like[near] > 0, np.exp(SHARP * (like[near] - like[near].max())), 0)
        votes = np.bincount(self.codes[near], weight, self.classes) + count / count.sum()
        return np.asarray(votes / votes.sum())


def _influence(
    row: int, own: str, asked: _Asked, like: np.ndarray, learned: np.ndarray, y: np.ndarray, names: Sequence[str],
    gone: np.ndarray,
) -> Influence:  # fmt: skip
    scores = asked.scores
    best, second = np.argsort(-scores, kind="stable")[:2].tolist()
    effects = asked.effects()
    mine, margin = effects[:, best], effects[:, best] - effects[:, second]
    flips, then = _flips(asked, best, margin)
    order = np.argsort(-mine, kind="stable")
    speak = [
        Driver(int(learned[at]), names[int(y[at])], float(mine[at]), float(like[at]))
        for at in [*order[:SHOWN].tolist(), *order[::-1][:SHOWN].tolist()]
    ]
    left = asked.without(gone) if len(gone) else None
    return Influence(
        row, own, names[best], float(scores[best]), names[second], float(scores[second]),
        tuple(one for one in speak[: len(order[:SHOWN])] if one.effect > 0),
        tuple(one for one in speak[len(order[:SHOWN]) :] if one.effect < 0),
        flips, names[then] if flips else "",
        None if left is None else (names[int(left.argmax())], float(left.max())),
    )  # fmt: skip


def _flips(asked: _Asked, best: int, margin: np.ndarray) -> tuple[int | None, int]:
    """How many of the rows that part the answer from the next best have to go until it changes, and to what."""
    order = np.argsort(-margin, kind="stable")
    order = order[margin[order] > 0][: min(MOST_OUT, len(margin) - 1)]
    for many in range(1, len(order) + 1):
        now = int(asked.without(order[:many]).argmax())
        if now != best:
            return many, now
    return None, best


def _called(one: Influence | Driver, safe: Callable[[str], str], row: str = "row") -> str:
    # Not as `row_words` says it: the label and the effect follow in brackets.
    return f"{safe(one.title)}, row {one.row:,}" if one.title else f"{row} {one.row:,}"


def _lines(found: Influences, safe: Callable[[str], str]) -> list[str]:
    left_out = f"; without {found.out:,} of them {found.changed:,} of {len(found.rows):,} answers change"
    written = [f"{found.learned:,} rows teach {safe(found.label)} ({found.probe}){left_out if found.out else ''}."]
    for one in found.rows:
        own = f", its own label is {safe(one.own)}" if one.own else ", it has no label"
        written.append(
            f"- {_called(one, safe, 'Row')}: told {safe(one.told)} (score {number(round(one.score, 4))}; next "
            f"{safe(one.second)} {number(round(one.second_score, 4))}){own}."
        )
        if one.without:
            written.append(f"  - Without those rows: {safe(one.without[0])} ({number(round(one.without[1], 4))}).")
        for said, drivers in (("for", one.drivers), ("against", one.against)):
            if drivers:
                named = ", ".join(f"{_called(d, safe)} ({safe(d.label)}, {d.effect:+.4f})" for d in drivers[:5])
                written.append(f"  - Rows that speak most {said} it, by what leaving each out takes from it: {named}.")
        written.append(
            f"  - Leaving out {one.flips:,} rows that speak for it makes it {safe(one.then)}."
            if one.flips
            else f"  - Leaving out the rows that speak most for it, {MOST_OUT} at most, does not change it."
        )
    return written
