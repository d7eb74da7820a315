"""What asking by a way brings beside asking at random, tried again on the labels that are there."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.labels.asking.learning_curves import Curve, Estimate, learning_curve
from engine.labels.asking.next import By, choose
from engine.models import copies_in, one_label_each, quick

RUNS, TESTED = 10, 0.3
LEAST = 60


@dataclass(frozen=True)
class Expected:
    """What `more` labels are expected to bring. random: the gain in accuracy by the learning curve, were they drawn by
    chance. beside: by how much more right asking `by` was than chance, when the labels that are there were asked for
    again: from `began` on, `tried` more, which may be fewer than `more`."""

    curve: Curve
    more: int
    random: Estimate
    by: By
    beside: Estimate
    began: int
    tried: int


def expected(
    data: Dataset,
    *,
    embedding: str,
    label: str = "",
    codes: np.ndarray | None = None,
    classes: int = 0,
    more: int = 50,
    by: By = "by count",
    balance: bool = True,
) -> Expected:
    """What the next labels are expected to bring, beside labels drawn by chance.

    label, or codes and classes, as in `next_to_label`. The accuracies are those on rows like the labelled ones.
    Raises `EngineError` for fewer than 60 labelled texts, for one label, and for no labels more.
    """
    if more < 1:
        raise EngineError(f"{more} labels more bring nothing. Give 1 or more.")
    if codes is None:
        found, names = data.codes(label)
        codes, classes = found.astype(np.int64), len(names)
    stored = data.embedding(embedding)
    known, code = one_label_each(np.asarray(stored.texts.of_row, np.int64), codes)
    if len(known) < LEAST:
        raise EngineError(f"{len(known)} labelled texts are too few to tell what more would bring. Label {LEAST}.")
    group = copies_in(data, embedding, len(stored.grid))[known]
    curve = learning_curve(stored.floats, known, code, group, classes)
    x, grid = stored.floats(known), stored.grid[known]
    gains, tested, learned, began, tried = list[float](), 0, 0, 0, 0
    for run in range(RUNS):
        rng = np.random.default_rng(run)
        order = rng.permutation(np.unique(group))
        test = np.isin(group, order[: max(1, round(len(order) * TESTED))])
        learn = rng.permutation(np.flatnonzero(~test))
        began = max(20, len(learn) // 2)
        begin, free = learn[:began], np.sort(learn[began:])
        tried = min(more, len(free) // 2)
        chosen = choose(
            lambda rows: x[rows], grid, free, begin, code[begin], classes, budget=tried, by=by, balance=balance,
            seed=run,
        )[0]  # fmt: skip
        asked, drawn = (np.concatenate([begin, free[some]]) for some in (chosen, rng.permutation(len(free))[:tried]))
        right = [
            float((quick(lambda rows: x[rows], one, code[one], classes).scores(x[test]).argmax(axis=1)
                   == code[test]).mean())
            for one in (asked, drawn)
        ]  # fmt: skip
        gains.append(right[0] - right[1])
        tested, learned = tested + int(test.sum()), learned + len(begin) + tried
    beside = over_runs(np.array(gains), tested / RUNS, learned / RUNS)
    return Expected(curve, more, curve.gain(more), by, beside, began, tried)


def over_runs(values: np.ndarray, tested: float, learned: float) -> Estimate:
    """The mean of runs that drew their parts from the same rows, with its 95 % interval.

    values: differences of shares of rows. tested, learned: rows of a run. Such runs share rows, so their spread is too
    small: it is widened by tested / learned runs' worth (Nadeau and Bengio 2003). Runs that are all alike have none:
    so many rows without a difference are likelier than 1 in 40 up to this share of them (Clopper and Pearson 1934).
    """
    from scipy.stats import t

    spread = float(values.var(ddof=1)) * (1 / len(values) + tested / learned)
    half = float(t.ppf(0.975, len(values) - 1)) * sqrt(spread) if spread > 0 else 1 - 0.025 ** (1 / tested)
    mean = float(values.mean())
    return Estimate(mean, mean - half, mean + half)
