"""Which rows to ask a person about next, so that few labels teach much."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.labels.asking._pools import balanced, closeness, covering, entropy, nearest_labelled, typical
from engine.models import COPIES, Blocks, copies_in, one_label_each, quick, softmax

By = Literal["by count", "margin", "entropy", "coverage", "typical", "random"]
WAYS: tuple[By, ...] = get_args(By)
LOOKED_AT = 20_000
"""Of more texts without a label so many, drawn by chance, may be asked about."""
MOST_CELLS = 40_000_000
"""Texts looked at times classes; of more classes fewer texts are looked at."""
SHARE, FEW = 0.1, 100
"""The share of texts that are candidates, the unsurest; and how many at least."""
LIKELIEST = 5
FIRST_EACH, FIRST_LEAST, FIRST_MOST = 4, 20, 1_000
"""Labels a class, in all at least and at most, before which typical texts teach more than unsure ones."""


@dataclass(frozen=True)
class Asked:
    """rows: int64, in the order to ask, no two of one text or copies of each other, none that is or copies a labelled
    one. likely: int64 (r, k), the likeliest labels of each, the likeliest first, five at most, -1 where nothing can be
    told yet; closeness: float64, how near its two likeliest labels are, 0 to 1, NaN for unknown. by: what chose them.
    candidates: texts that could be asked about, of which so many were looked at. counts: int64 (K,), labelled texts of
    each label before."""

    rows: np.ndarray
    likely: np.ndarray
    closeness: np.ndarray
    by: By
    candidates: int
    looked_at: int
    counts: np.ndarray


def next_to_label(
    data: Dataset,
    *,
    embedding: str,
    label: str = "",
    codes: np.ndarray | None = None,
    classes: int = 0,
    budget: int = 50,
    by: By = "by count",
    balance: bool = True,
    copies: float = COPIES,
    among: np.ndarray | None = None,
    seed: int = 0,
) -> Asked:
    """The rows to label next, at most `budget`.

    The labels are those of the column `label`, or `codes`, int (n,), -1 for none, of so many `classes`. by: margin or
    entropy, the texts of which a probe is least sure; coverage, those least like all that is labelled; typical, the
    middle of each part of the corpus that has no label; by count, typical up to four labels a class, then margin.
    balance: of the tenth that comes first, the probe's likely labels are taken in turn, the rarest so far first.
    Before two labels are known nothing can be unsure, and typical texts are asked about. The same labels and seed give
    the same rows. With a graph, copies (similarity of `copies` or more) are asked about once. among: bool (n,), the
    rows that may be asked about, None for all.
    Raises `EngineError` for a budget below 1, a way that is not known, and codes that do not fit.
    """
    if budget < 1:
        raise EngineError(f"A budget of {budget} asks about nothing. Give 1 or more.")
    if by not in WAYS:
        raise EngineError(f"{by!r} is no way to choose what to label. There are: {', '.join(WAYS)}.")
    if codes is None:
        found, names = data.codes(label)
        codes, classes = found.astype(np.int64), len(names)
    if len(codes) != data.n or codes.max(initial=-1) >= classes:
        raise EngineError(f"Labels must be {data.n:,} numbers, one a row, below the {classes:,} classes.")
    stored = data.embedding(embedding)
    of_row, m = np.asarray(stored.texts.of_row, np.int64), len(stored.grid)
    group = copies_in(data, embedding, m, copies)
    known, code = one_label_each(of_row, codes)
    first = _first_among(of_row, m, among)
    free = _free(group, known, first >= 0)
    some = _some(free, classes, seed)
    chosen, likely, close, way = choose(
        stored.floats, stored.grid, some, known, code, classes, budget=budget, by=by, balance=balance, seed=seed
    )
    rows = first[some[chosen]]
    counts = np.bincount(code, minlength=classes)
    ranked = likely[chosen][:, None]
    if told_apart(code) and len(chosen):
        scores = quick(stored.floats, known, code, classes).scores(stored.floats(some[chosen]))
        ranked = np.argsort(-scores, axis=1, kind="stable")[:, : min(LIKELIEST, np.count_nonzero(counts))]
    return Asked(rows, ranked, close[chosen], way, len(free), len(some), counts)


def choose(
    vectors: Blocks, grid: np.ndarray, free: np.ndarray, known: np.ndarray, code: np.ndarray, classes: int, *,
    budget: int, by: By, balance: bool, seed: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, By]:  # fmt: skip
    """Places in `free` to ask about; of every place the likely class and how close its two likeliest are; the way.

    vectors: of some texts, float32 (r, d); grid: int16 (m, d), all of them. free, known: int64, texts without a label
    and with one; code: int64, of the known.
    """
    likely, close = np.full(len(free), -1, np.int64), np.full(len(free), np.nan)
    none = np.zeros(0, np.int64)
    told = told_apart(code)
    if by == "by count":
        first = min(max(FIRST_EACH * classes, FIRST_LEAST), FIRST_MOST)
        by = "typical" if len(known) < first else "margin"
    way: By = by if told or by in ("typical", "random", "coverage") and (by != "coverage" or len(known)) else "typical"
    if not len(free):
        return none, likely, close, way
    rng = np.random.default_rng(seed)
    p = softmax(quick(vectors, known, code, classes).scores(vectors(free))) if told else np.zeros((0, 0))
    if told:
        likely, close = p.argmax(axis=1), closeness(p)
    if way == "typical":
        both = np.concatenate([known, free])
        found = typical(grid[both], np.arange(len(both)) < len(known), budget, seed)
        return found - len(known), likely, close, way
    tenth = min(len(free), max(round(len(free) * SHARE), FEW, budget))
    if way == "random":
        order = rng.permutation(len(free))
    elif way == "coverage":
        far = nearest_labelled(vectors, free, known)
        if not balance:
            return covering(vectors(free), budget, near=far), likely, close, way
        order = covering(vectors(free), tenth, near=far)
    else:
        unsure = entropy(p) if way == "entropy" else close
        order = np.argsort(-unsure, kind="stable")
    if balance and told:
        counts = np.bincount(code, minlength=classes)
        order = order if way == "random" else order[:tenth]
        return order[balanced(likely[order], counts, budget)], likely, close, way
    return order[:budget], likely, close, way


def told_apart(code: np.ndarray) -> bool:
    """Whether labels of more than one class are known, so that something can be unsure."""
    return len(np.unique(code)) > 1


def _first_among(of_row: np.ndarray, m: int, among: np.ndarray | None) -> np.ndarray:
    """int64 (m,): of each text the first row that may be asked about, -1 for none."""
    rows = np.flatnonzero(of_row >= 0 if among is None else among & (of_row >= 0))[::-1]
    found = np.full(m, -1, np.int64)
    found[of_row[rows]] = rows  # the first comes last, and stays
    return found


def _free(group: np.ndarray, known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Of each group of copies without a label the first text that may be asked about, ascending. asked: bool (m,)."""
    texts = np.flatnonzero(asked)
    _, first = np.unique(group[texts], return_index=True)
    found = texts[first]
    return np.sort(found[~np.isin(group[found], group[known])]).astype(np.int64)


def _some(free: np.ndarray, classes: int, seed: int) -> np.ndarray:
    most = max(FEW, min(LOOKED_AT, MOST_CELLS // max(classes, 1)))
    if len(free) <= most:
        return free
    return np.sort(np.random.default_rng(seed).permutation(free)[:most])
