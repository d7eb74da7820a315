"""Several labels a row: which rows have which, and how likely each is for a row, one label against the rest."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models.probes.linear import SHRUNK, Blocks, Sums, blocks
from engine.models.probes.probe import FOLDS, MOST_CELLS, Seen, check_groups, folds_of
from engine.text import python_values

if TYPE_CHECKING:
    from scipy.sparse import csr_array

COLDEST, HOTTEST = 1e-3, 1e3
MOST_ROWS = 5_000
"""Rows on which the temperature is found, of up to 2 million cells: a figure of two digits needs no more."""
READ = 1 << 14
MIDDLE = 0.2
"""What the next best score weighs beside the worst, in the quality of a row."""


@dataclass(frozen=True)
class LabelSets:
    """names: of the labels, by first appearance. given: bool (n, K), sparse, which row has which. there: bool (n,),
    rows that were labelled: one that no label fits has the empty set, and is labelled too."""

    names: tuple[str, ...]
    given: "csr_array"
    there: np.ndarray


def label_sets(data: Dataset, column: str, separator: str = "") -> LabelSets:
    """The sets of labels in a column of lists, of JSON lists, or of texts with a separator between the labels.

    Blanks around a label go, empty ones too; a label that stands twice counts once. A missing cell is not labelled, and
    of texts an empty one neither; an empty list is a set without a label.
    """
    from scipy.sparse import csr_array

    place: dict[str, int] = {}
    rows, codes, there = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], np.zeros(data.n, bool)
    for start in range(0, data.n, READ):
        some = data.rows()[start : start + READ]
        for row, cell in zip(some.tolist(), python_values(data.cells(column, some)), strict=True):
            said = _said(cell, separator)
            if said is not None:
                there[row] = True
                own = list(dict.fromkeys(place.setdefault(name, len(place)) for name in said))
                rows.append(np.full(len(own), row))
                codes.append(np.array(own, np.int64))
    at = np.concatenate(rows), np.concatenate(codes)
    return LabelSets(tuple(place), csr_array((np.ones(len(at[0]), bool), at), shape=(data.n, len(place))), there)


def _said(cell: object, separator: str) -> list[str] | None:
    """The labels of a cell, None where nobody said any."""
    if isinstance(cell, str):
        if not separator and cell.lstrip().startswith("["):
            with suppress(ValueError, RecursionError):
                return _said(json.loads(cell), "")
        parts: list[object] = list(cell.split(separator)) if separator else [cell]
        return [name for part in parts if (name := str(part).strip())] or None
    if cell is None or cell != cell:
        return None
    parts = cell if isinstance(cell, list) else [cell]
    return [name for part in parts if part is not None and (name := str(part).strip())]


def probe_sets(seen: Seen, sets: LabelSets, groups: np.ndarray) -> np.ndarray:
    """float32 (n, K): how likely each label is for each row, each by itself: rows do not sum to 1.

    Of a labelled row it is told by four fifths of the others, its group not among them (`groups`, int (n,)); of a row
    without labels by all. Each label is a cloud against the rest, both of one shape (linear discriminant analysis); one
    temperature for all makes the given labels most likely. NaN for a row that has nothing to see, and where the rows
    that teach have a label all or none of them.
    Raises `EngineError` where fewer than two labels or groups are used, and for more than memory holds.
    """
    n, classes = sets.given.shape
    if n * classes > MOST_CELLS:
        raise EngineError(
            f"{n:,} rows of {classes:,} labels are more than a probe holds ({MOST_CELLS:,} cells). "
            "Choose coarser labels."
        )
    assert seen.vectors is not None
    labelled = np.flatnonzero(sets.there & seen.there)
    count = np.asarray(sets.given[labelled].sum(axis=0)).ravel()
    if np.count_nonzero(count) < 2:
        raise EngineError(
            "Sets of labels need two labels at least. Choose a column of lists, or say what stands between the labels."
        )
    check_groups(groups[labelled])
    fold = folds_of(_rarest(sets, count)[labelled], groups[labelled])
    parts = [(labelled[fold != part], labelled[fold == part]) for part in range(FOLDS)]
    added = [_sums(seen.vectors, asked, sets) for _, asked in parts]
    total = added[0]
    for one in added[1:]:
        total = total.plus(one)
    sizes = [len(known) for known, _ in parts]
    rest = np.flatnonzero(~sets.there & seen.there)
    found = np.full((n, classes), np.nan, np.float32)
    for (_, asked), here, size in zip(
        [*parts, (labelled, rest)], [*(total.without(one) for one in added), total], [*sizes, len(labelled)],
        strict=True,
    ):  # fmt: skip
        weights, offsets = against_the_rest(here, size)
        for start, stop in blocks(len(asked), classes):
            some = asked[start:stop]
            found[some] = seen.vectors(some) @ weights + offsets
    found *= np.float32(_factor(found, sets, labelled))
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-found, out=found)), np.float32)


def against_the_rest(found: Sums, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """float32 (d, K), (K,): for each label what parts its rows from all others, as the logarithm of odds.

    found: count and first by label, second of all rows; its last line of `first` is the sum of all rows, of `count`
    their number. The shape within a label and its rest is that of all, less what lies between their means; so one
    equation serves all labels (Sherman and Morrison 1950). NaN for a label that all rows have, or none.
    """
    positive, whole = found.count[:-1], found.first[-1]
    negative = rows - positive
    with np.errstate(divide="ignore", invalid="ignore"):
        own, other = found.first[:-1] / positive[:, None], (whole - found.first[:-1]) / negative[:, None]
        apart, middle = own - other, whole / rows
        shape = found.second / rows - np.outer(middle, middle)
        size = max(float(np.trace(shape)) / len(shape), 1e-12)
        drawn = (1 - SHRUNK) * shape + SHRUNK * size * np.eye(len(shape))
        there = (positive > 0) & (negative > 0)
        solved = np.full(apart.shape, np.nan)
        solved[there] = np.linalg.solve(drawn, apart[there].T).T
        between = (1 - SHRUNK) * positive * negative / rows**2 * (apart * solved).sum(axis=1)
        weights = solved / np.maximum(1 - between, 1e-6)[:, None]
        offsets = np.log(positive / negative) - (weights * (own + other)).sum(axis=1) / 2
    return weights.T.astype(np.float32), np.where(there, offsets, np.nan).astype(np.float32)


def surely(p: np.ndarray, sets: LabelSets, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float64 (K,) each: from which probability a label surely is there, and up to which it surely is not.

    The mean probability of the rows that have it, and of those that do not, in the rows asked for; no more sure than
    one half in either case, and a label without such rows never. p: float (n, K). Source: the thresholds of confident
    learning (Northcutt et al. 2021), for each label against the rest.
    """
    total, count = np.zeros((2, p.shape[1])), np.zeros((2, p.shape[1]))
    for start, stop in blocks(len(rows), p.shape[1]):
        some = rows[start:stop]
        value, given = p[some].astype(np.float64), sets.given[some].toarray()
        for of, own in enumerate((~given, given)):
            own &= ~np.isnan(value)
            total[of] += np.where(own, value, 0).sum(axis=0)
            count[of] += own.sum(axis=0)
    never = np.where(count[0] > 0, total[0] / np.maximum(count[0], 1), -1.0)
    there = np.where(count[1] > 0, total[1] / np.maximum(count[1], 1), 2.0)
    return np.maximum(there, 0.5), np.minimum(never, 0.5)


def quality(of_label: np.ndarray) -> np.ndarray:
    """float64 (r,): of each row one score from those of its labels, float (r, K): the worst counts most.

    The moving average from the best to the worst, each next counting 0.8: that is 0.8 of the worst, 0.16 of the next,
    and so on. Scores that are NaN do not count; NaN where all are.
    Source: the default of cleanlab for several labels (Thyagarajan et al. 2022).

    >>> quality(np.array([[0.9, 0.8, 0.9]])).round(3).tolist()
    [0.82]
    """
    ordered = np.sort(of_label.astype(np.float64), axis=1)  # NaN comes last
    count = (~np.isnan(ordered)).sum(axis=1)
    place = np.arange(ordered.shape[1])
    last = place == count[:, None] - 1
    weight = np.where(last, 1.0, 1 - MIDDLE) * MIDDLE**place
    found = np.where(place < count[:, None], np.nan_to_num(ordered) * weight, 0).sum(axis=1)
    return np.asarray(np.where(count > 0, found, np.nan))


def _rarest(sets: LabelSets, count: np.ndarray) -> np.ndarray:
    """int64 (n,): the rarest label of each row, by which rows are dealt to folds; the last number for none."""
    n, classes = sets.given.shape
    found = np.full(n, classes, np.int64)
    row, code = sets.given.nonzero()
    order = np.argsort(-count[code], kind="stable")  # the rarest is written last
    found[row[order]] = code[order]
    return found


def _sums(vectors: Blocks, rows: np.ndarray, sets: LabelSets) -> Sums:
    """Sums by label, with one line more for all rows."""
    width = vectors(rows[:0]).shape[1]
    classes = sets.given.shape[1]
    count, first, second = np.zeros(classes + 1), np.zeros((classes + 1, width)), np.zeros((width, width))
    for start, stop in blocks(len(rows), classes):
        some = rows[start:stop]
        x, own = vectors(some), sets.given[some].astype(np.float32)
        count[:-1] += np.asarray(own.sum(axis=0)).ravel()
        count[-1] += len(some)
        first[:-1] += own.T @ x
        first[-1] += x.sum(axis=0, dtype=np.float64)
        second += x.T @ x
    return Sums(count, first, second)


def _factor(scores: np.ndarray, sets: LabelSets, labelled: np.ndarray) -> float:
    """What makes the given labels most likely when each score is multiplied by it: the loss is convex in it."""
    most = max(1, min(MOST_ROWS, 2_000_000 // max(scores.shape[1], 1)))
    rows = np.sort(np.random.default_rng(0).permutation(labelled)[:most])
    value, given = scores[rows].astype(np.float64), sets.given[rows].toarray()
    told = ~np.isnan(value)
    value, given = value[told], given[told]

    def slope(factor: float) -> float:
        return float((value * (1 / (1 + np.exp(-np.clip(value * factor, -700, 700))) - given)).mean())

    low, high = np.log(COLDEST), np.log(HOTTEST)
    if not len(value) or slope(COLDEST) >= 0:
        return COLDEST if len(value) else 1.0
    if slope(HOTTEST) <= 0:
        return HOTTEST
    for _ in range(40):
        at = (low + high) / 2
        low, high = (low, at) if slope(float(np.exp(at))) > 0 else (at, high)
    return float(np.exp((low + high) / 2))
