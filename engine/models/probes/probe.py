"""A probe: how likely each label is for each row, by what was learned from rows that are no copies of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from engine.errors import EngineError
from engine.models.probes.calibrated import probabilities
from engine.models.probes.linear import blocks, clouds, sums
from engine.models.probes.logistic import Matrix, lines
from engine.models.probes.neighbours import nearest_scores
from engine.models.probes.word_bayes import word_counts, word_scores

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ProbeKind = Literal["by count", "logistic", "linear", "naive Bayes", "nearest"]
PROBE_KINDS: tuple[ProbeKind, ...] = get_args(ProbeKind)
FOLDS = 5
FEW = 8
"""Labels of the middle class, below which naive Bayes learns more from them than what parts the classes."""
MOST_WORK, MOST_WORDS = 5e8, 1e7
"""Above which logistic regression takes minutes: of vectors labelled rows times classes times numbers a row, of words
classes times different words and those of all texts."""
MOST_PAIRS = 20_000_000_000
"""Rows times labelled rows, above which asking the nearest takes an hour: each is compared with each."""
MOST_CELLS = 500_000_000
"""Rows times classes: their probabilities are held in memory at four bytes each."""
VECTORS, WORDS = 1.0, 10.0


@dataclass(frozen=True)
class Seen:
    """What a probe sees: `vectors` gives float32 (r, d) for some rows, or `words` is a sparse matrix (n, w).

    there: bool (n,), rows that have anything to see.
    """

    there: np.ndarray
    width: int
    vectors: Callable[[np.ndarray], np.ndarray] | None = None
    words: "csr_array | None" = None


@dataclass(frozen=True)
class Probed:
    """probability: float32 (n, K), rows summing to 1; NaN for a row that has nothing to see. Of a labelled row it is
    told by the others: its own group was left out. known: bool (n,), labelled rows whose label could be told so.

    energy: float32 (n,), −log Σ exp of its scores by such a factor: high where no label fits; NaN for nothing seen.
    kind: what was fitted. factor: what its scores were multiplied by to mean what they say.
    """

    probability: np.ndarray
    known: np.ndarray
    energy: np.ndarray
    kind: ProbeKind
    factor: float


def probe(seen: Seen, codes: np.ndarray, groups: np.ndarray, classes: int, *, kind: ProbeKind = "by count") -> Probed:
    """Learn labels from rows, and tell for every row how likely each is.

    codes: int (n,), 0 to classes − 1, -1 for no label. groups: int (n,): rows of one group are copies of each other;
    no row is told by what was learned from its group. Each labelled row is told by four fifths of the others, a row
    without a label by all; then the scores are made probabilities by temperature. A class of a single group cannot be
    told from outside: its rows are not known.
    Source: naive Bayes for few labels, logistic regression for many (Zheng et al. 2023); linear discriminant analysis
    where that takes too long; the nearest rows (Cover and Hart 1967) where asked for. Raises `EngineError` where fewer
    than two classes or groups have labels, for more than memory, and for more rows than can be compared each with each.
    """
    n, labelled = len(codes), np.flatnonzero((codes >= 0) & seen.there)
    count = np.bincount(codes[labelled], minlength=classes)
    if np.count_nonzero(count) < 2:
        raise EngineError("A probe needs rows of two labels at least. Choose another column of labels, or label more.")
    check_cells(n, classes)
    chosen = kind_for(count, seen, len(labelled)) if kind == "by count" else kind
    if chosen == "nearest" and np.count_nonzero(seen.there) * len(labelled) > MOST_PAIRS:
        raise EngineError(
            f"{np.count_nonzero(seen.there):,} rows beside {len(labelled):,} labelled ones are too many for a probe by "
            'the nearest, which compares each with each. Choose "by count".'
        )
    check_groups(groups[labelled])
    folds = folds_of(codes[labelled], groups[labelled])
    scores = np.full((n, classes), np.nan, np.float32)
    rest = np.flatnonzero((codes < 0) & seen.there)
    _fill(scores, seen, codes, labelled, folds, rest, classes, chosen)
    known = np.zeros(n, bool)
    known[labelled] = np.isfinite(scores[labelled, codes[labelled]])
    found, energy, factor = probabilities(scores, codes, known)
    return Probed(found, known, energy, chosen, factor)


def check_cells(rows: int, classes: int) -> None:
    """Raise `EngineError` for more probabilities than memory holds."""
    if rows * classes > MOST_CELLS:
        raise EngineError(
            f"{rows:,} rows of {classes:,} labels are more than a probe holds ({MOST_CELLS:,} cells). "
            "Choose a coarser label."
        )


def check_groups(groups: np.ndarray) -> None:
    """Raise `EngineError` where all labelled rows, of which these are the groups, are copies of each other."""
    if len(np.unique(groups)) < 2:
        raise EngineError(
            "All labelled rows are copies of one text, so none is left that tells another. Label other texts."
        )


def kind_for(count: np.ndarray, seen: Seen, labelled: int) -> ProbeKind:
    """What learns most from so many labels in bearable time. count: int (K,), labelled rows by class."""
    used = count[count > 0]
    if np.median(used) < FEW:
        return "naive Bayes"
    if seen.words is not None:
        return "logistic" if (seen.words.nnz + seen.width) * len(used) <= MOST_WORDS else "naive Bayes"
    return "logistic" if labelled * len(used) * seen.width <= MOST_WORK else "linear"


def folds_of(codes: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """int64 (r,): which of five parts a labelled row belongs to, rows of a group together.

    Groups are dealt out class by class, so that each part has its share of every class; a group of several classes is
    dealt with its first row's.
    """
    _, first, which = np.unique(groups, return_index=True, return_inverse=True)
    shuffled = np.random.default_rng(0).permutation(len(first))
    order = shuffled[np.argsort(codes[first][shuffled], kind="stable")]
    part = np.empty(len(first), np.int64)
    part[order] = np.arange(len(first)) % FOLDS
    return part[which]


def _fill(
    scores: np.ndarray, seen: Seen, codes: np.ndarray, labelled: np.ndarray, folds: np.ndarray, rest: np.ndarray,
    classes: int, kind: ProbeKind,
) -> None:  # fmt: skip
    """Scores of the labelled rows of each part by the other parts, and of the rest by all parts."""
    parts = [(labelled[folds != part], labelled[folds == part]) for part in range(FOLDS)]
    if len(rest):
        parts.append((labelled, rest))
    if kind == "logistic":
        for known, asked in parts:
            _tell(scores, seen, lines(_matrix(seen, known), codes[known], classes, _strength(seen)).scores, asked)
    elif kind == "nearest":
        for known, asked in parts:
            scores[asked] = nearest_scores(lambda rows: _matrix(seen, rows), known, codes[known], classes, asked)
    elif seen.words is not None:
        each = [word_counts(seen.words[asked], codes[asked], classes) for _, asked in parts[:FOLDS]]
        whole = word_counts(seen.words[labelled], codes[labelled], classes)
        for i, (_, asked) in enumerate(parts):
            here = whole.without(each[i]) if i < FOLDS else whole
            _tell(scores, seen, lambda x, here=here: word_scores(x, here), asked)  # type: ignore[misc]
    else:
        assert seen.vectors is not None
        added = [sums(seen.vectors, asked, codes[asked], classes) for _, asked in parts[:FOLDS]]
        total = added[0]
        for one in added[1:]:
            total = total.plus(one)
        for i, (_, asked) in enumerate(parts):
            here_ = total.without(added[i]) if i < FOLDS else total
            _tell(scores, seen, clouds(here_, shared=kind == "linear").scores, asked)


def _tell(scores: np.ndarray, seen: Seen, told: Callable[[Matrix], np.ndarray], rows: np.ndarray) -> None:
    for start, stop in blocks(len(rows), scores.shape[1]):
        some = rows[start:stop]
        scores[some] = told(_matrix(seen, some))


def _matrix(seen: Seen, rows: np.ndarray) -> Matrix:
    if seen.words is not None:
        return seen.words[rows]
    assert seen.vectors is not None
    return seen.vectors(rows)


def _strength(seen: Seen) -> float:
    return WORDS if seen.words is not None else VECTORS
