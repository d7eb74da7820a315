"""How doubtful the label of a row is to a model of one's own, by the probabilities that came with the rows."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import check_cells
from engine.registry import About, Bounds, CategoryColumn, Columns, Help, row_cost
from engine.signals.imported._numbers import lists_of
from engine.signals.labels._by_name import places
from engine.signals.labels._doubts import VALUES, doubts
from engine.signals.labels._labelled import used

OFF, OFF_A_LABEL, MOST_OFF = 0.05, 0.005, 0.5
"""How far the probabilities of a row may be from adding up to 1, as those are that were rounded to two places."""
FIRST, MOST_UNFIT = 1000, 0.1
"""Rows by which columns are taken for probabilities, and the share of them that may be none."""
TOLD = tuple(name for name in VALUES if name != "easy_label")
NUMBERS = ("integer", "number")

ABOUT = About(
    title="Label doubt by your model's probabilities",
    values={f"own_{name}": VALUES[name] for name in TOLD},
    cost=row_cost(200_000),
)


def label_doubt_by_probabilities(
    data: Dataset,
    *,
    label: Annotated[CategoryColumn, Help("The column of labels.")],
    probabilities: Annotated[
        Columns,
        Help(
            "A column of numbers for each label, named as it is (p_spam, spam), or one column of lists. Of a model "
            "that has not seen the row: out of fold."
        ),
    ],
    order: Annotated[
        tuple[str, ...],
        Help("Of lists: the labels in the order of the numbers. Left out: sorted, as scikit-learn has them."),
    ] = (),
    sure: Annotated[float, Bounds(0.5, 0.999), Help("The share at which one label stands out from those left.")] = 0.95,
) -> dict[str, np.ndarray]:
    """How doubtful the {label} of a row is by the {probabilities} of a model of one's own.

    As `label_doubt`, which fits a probe: float32 own_self_confidence, own_label_margin, own_label_entropy,
    own_likely_label, own_second_label, own_confused_with (by {sure}), own_maybe_label, own_maybe_too,
    own_confident_label. A model that was trained on the row knows its label by heart and doubts nothing: predict each
    row by one that has not seen it. Of two labels one column is enough, named as one of them. A model may know labels
    that no row has: they count, and where one is the likeliest, own_likely_label is missing. Probabilities of a row
    are brought to a sum of 1. Missing where they lack, lie outside 0 to 1, or add up to something else.
    Source: Northcutt et al. 2021. Raises `EngineError` where a label has no column or place, half of the rows or more
    add up to something else, and for more rows times labels than memory holds.
    """
    codes, names = used(data, label, np.ones(data.n, bool))
    if not probabilities:
        raise EngineError(
            "No column of probabilities is chosen. Choose one of lists, or one of numbers for each label."
        )
    if len(set(probabilities)) < len(probabilities):
        raise EngineError("A column of probabilities is chosen twice. Choose each once.")
    of_columns = len(probabilities) > 1 or data.info(probabilities[0]).type in NUMBERS
    if of_columns and order:
        raise EngineError("An order says the labels of lists. Columns of numbers are named as their labels.")
    read = _of_columns if of_columns else _of_lists
    p, there = read(data, names, probabilities, order or _sorted(data, label, names))
    off = there & _off(p)
    if off.sum() * 2 >= there.sum():
        raise EngineError(_unfit(probabilities, p, there, off))
    p[off] = np.nan
    p /= p.sum(axis=1, keepdims=True)
    found = doubts(p, codes, sure=sure, hardness=1.0)
    for name in TOLD:
        if VALUES[name].type == "category":
            found[name][found[name] >= len(names)] = -1
    return {f"own_{name}": found[name] for name in TOLD}


def probability_columns(data: Dataset, label: str) -> tuple[str, ...]:
    """Columns of the source that seem to hold how likely each label is, by their names and first rows; () for none."""
    names, rows = data.codes(label)[1], data.rows()[:FIRST]
    if len(names) < 2:
        return ()
    source = [column for column in data.columns.values() if column.origin == "source"]
    numbers = [column.key for column in source if column.type in NUMBERS]
    place = places(names, numbers)
    named = tuple(numbers[at] for at in place if at >= 0)
    if len(named) == len(names) or (len(names), len(named)) == (2, 1):
        p = np.concatenate([lists_of(data, name, 1, rows)[0] for name in named], axis=1)
        if _add_up(p if len(named) > 1 else np.concatenate([p, 1 - p], axis=1)) and not np.isin(p, (0, 1)).all():
            return named
    lists = (column.key for column in source if column.type == "list" or _looks_listed(data, column.key, column.type))
    return next(((key,) for key in lists if _add_up(_numbers_in(data, key, len(names), rows))), ())


def _sorted(data: Dataset, label: str, names: Sequence[str]) -> list[str]:
    """Labels as scikit-learn sorts them: numbers by size, texts by character."""
    if data.info(label).type in NUMBERS:
        return sorted(names, key=float)
    return sorted(names)


def _of_lists(
    data: Dataset, names: Sequence[str], columns: Sequence[str], order: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """float32 (n, L), NaN where they lack, the labels' own first, then those that the model knows besides; and bool
    (n,), rows that hold anything."""
    if len(set(order)) < len(order):
        raise EngineError("The order of the lists names a label twice. Name the label of each number once.")
    if lacks := [name for name in names if name not in order]:
        raise EngineError(
            f"The order of the lists lacks {', '.join(map(repr, lacks[:5]))}. Name the label of each number in it."
        )
    check_cells(data.n, len(order))
    found, there = lists_of(data, columns[0], len(order), data.rows())
    if there.any() and np.isnan(found).all():
        raise EngineError(
            f"No list of {columns[0]!r} holds {len(order):,} numbers, one for each label. Name the label of each "
            "number in their order."
        )
    at = [order.index(name) for name in [*names, *(one for one in order if one not in set(names))]]
    return found if at == list(range(len(at))) else found[:, at], there


def _of_columns(
    data: Dataset, names: Sequence[str], columns: Sequence[str], order: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """As `_of_lists`, of a column for each label."""
    place = places(names, columns)
    check_cells(data.n, max(len(columns), 2))
    if len(columns) == 1 and len(names) == 2 and sorted(place) == [-1, 0]:
        one = data.numbers(columns[0]).astype(np.float32)
        p = np.stack([one, 1 - one] if place[0] == 0 else [1 - one, one], axis=1)
        return p, np.asarray(~np.isnan(one))
    if lacks := [name for name, at in zip(names, place, strict=True) if at < 0]:
        raise EngineError(
            f"No column of probabilities is named as {', '.join(map(repr, lacks[:5]))}. Choose a column for each "
            "label, named as it is, such as p_spam for spam."
        )
    p = np.empty((data.n, len(columns)), np.float32)
    for into, at in enumerate([*place, *(at for at in range(len(columns)) if at not in set(place))]):
        p[:, into] = data.numbers(columns[at])
    return p, np.asarray(~np.isnan(p).all(axis=1))


def _numbers_in(data: Dataset, column: str, size: int, rows: np.ndarray) -> np.ndarray:
    """float32 (r, size) as `lists_of`, of no rows where it holds something else."""
    try:
        return lists_of(data, column, size, rows)[0]
    except EngineError:
        return np.empty((0, size), np.float32)


def _looks_listed(data: Dataset, column: str, kind: str) -> bool:
    """Whether a text column begins with lists, written as JSON."""
    if kind != "text" or not data.n:
        return False
    return str(data.column(column, data.rows()[:1])[0].as_py() or "").lstrip().startswith("[")


def _add_up(p: np.ndarray) -> bool:
    there = ~np.isnan(p).all(axis=1)
    return bool(there.any()) and float((_off(p) & there).sum()) <= MOST_UNFIT * float(there.sum())


def _off(p: np.ndarray) -> np.ndarray:
    """bool (n,): rows whose numbers are no probabilities."""
    off = min(MOST_OFF, max(OFF, OFF_A_LABEL * p.shape[1]))
    return ~((p.min(axis=1) >= 0) & (np.abs(p.sum(axis=1) - 1) <= off))


def _unfit(columns: Sequence[str], p: np.ndarray, there: np.ndarray, off: np.ndarray) -> str:
    """Why these are no probabilities."""
    named = ", ".join(columns[:5])
    if not there.any():
        return f"{named}: no row has a number. Choose the columns in which a model left them."
    total = p.sum(axis=1)
    sums = np.flatnonzero(off & ~np.isnan(total))
    if len(sums) * 2 < off.sum():
        return (
            f"{named}: in {off.sum() - len(sums):,} of {there.sum():,} rows some number lacks. Give one for each label."
        )
    row = int(sums[0])
    return (
        f"{len(sums):,} of {there.sum():,} rows of {named} are no probabilities: those of row {row:,} add up to "
        f"{total[row]:.3g}, or lie outside 0 to 1. Bring scores through softmax first."
    )
