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
    gains, began, tried = [], 0, 0
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
    return Expected(curve, more, curve.gain(more), by, over_runs(np.array(gains), TESTED), began, tried)


def over_runs(values: np.ndarray, tested: float) -> Estimate:
    """The mean of runs that drew their parts from the same rows, with its 95 % interval.

    Such runs share rows, so their spread is too small: it is widened by tested / (1 − tested) runs' worth.
    Source: Nadeau and Bengio 2003.
    """
    from scipy.stats import t

    spread = float(values.var(ddof=1)) * (1 / len(values) + tested / (1 - tested))
    half = float(t.ppf(0.975, len(values) - 1)) * sqrt(spread)
    mean = float(values.mean())
    return Estimate(mean, mean - half, mean + half)
