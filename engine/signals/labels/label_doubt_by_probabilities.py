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

OFF = 0.05
"""How far the probabilities of a row may be from adding up to 1, as rounded ones are."""
FIRST = 1000
"""Rows by which columns are taken for probabilities."""
TOLD = tuple(name for name in VALUES if name != "easy_label")

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
    row by one that has not seen it. Of two labels one column is enough, named as one of them. Probabilities of a row
    are brought to a sum of 1. Missing where they lack, lie outside 0 to 1, or add up to something else.
    Source: Northcutt et al. 2021. Raises `EngineError` where a label has no column or place, half of the rows or more
    add up to something else, and for more rows times labels than memory holds.
    """
    codes, names = used(data, label, np.ones(data.n, bool))
    p, at = _table(data, names, probabilities, order)
    check_cells(*p.shape)
    there, off, total = ~np.isnan(p).all(axis=1), _off(p), p.sum(axis=1)
    if off.sum() * 2 >= there.sum():
        raise EngineError(_unfit(probabilities, total, there, off))
    p = (p / total[:, None])[:, at]
    p[off] = np.nan
    found = doubts(p, codes, sure=sure, hardness=1.0)
    return {f"own_{name}": found[name] for name in TOLD}


def _table(
    data: Dataset, names: Sequence[str], columns: Sequence[str], order: Sequence[str]
) -> tuple[np.ndarray, list[int]]:
    """float32 (n, L), NaN where they lack, of the labels that the model knows; and of each label the place there."""
    if not columns:
        raise EngineError(
            "No column of probabilities is chosen. Choose one of lists, or one of numbers for each label."
        )
    if len(columns) > 1 or data.info(columns[0]).type in ("integer", "number"):
        return _of_columns(data, names, columns)
    order = list(order) or sorted(names, key=lambda name: (float(name) if name.isdecimal() else np.inf, name))
    if lacks := [name for name in names if name not in order]:
        raise EngineError(
            f"The order of the lists lacks {', '.join(map(repr, lacks[:5]))}. Name the label of each number in it."
        )
    found = lists_of(data, columns[0], len(order), data.rows())
    if data.n and np.isnan(found).all():
        raise EngineError(
            f"No list of {columns[0]!r} holds {len(order):,} numbers, one for each label. Name the label of each "
            "number in their order."
        )
    return found, [order.index(name) for name in names]


def _of_columns(data: Dataset, names: Sequence[str], columns: Sequence[str]) -> tuple[np.ndarray, list[int]]:
    place = places(names, columns)
    p = np.stack([data.numbers(name) for name in columns], axis=1).astype(np.float32)
    if len(columns) == 1 and len(names) == 2 and sorted(place) == [-1, 0]:
        return np.concatenate([p, 1 - p], axis=1), [abs(at) for at in place]
    if lacks := [name for name, at in zip(names, place, strict=True) if at < 0]:
        raise EngineError(
            f"No column of probabilities is named as {', '.join(map(repr, lacks[:5]))}. Choose a column for each "
            "label, named as it is, such as p_spam for spam."
        )
    return p, place


def probability_columns(data: Dataset, label: str) -> tuple[str, ...]:
    """Columns of the source that seem to hold how likely each label is, by their names and first rows; () for none."""
    names, rows = data.codes(label)[1], data.rows()[:FIRST]
    if len(names) < 2:
        return ()
    source = [column for column in data.columns.values() if column.origin == "source"]
    numbers = [column.key for column in source if column.type == "number"]
    place = places(names, numbers)
    if min(place) >= 0:
        named = tuple(numbers[at] for at in place)
        if _add_up(np.stack([data.numbers(name, rows) for name in named], axis=1)):
            return named
    lists = (column.key for column in source if column.type == "list")
    return next(((key,) for key in lists if _add_up(_numbers_in(data, key, len(names), rows))), ())


def _numbers_in(data: Dataset, column: str, size: int, rows: np.ndarray) -> np.ndarray:
    """float32 (r, size) as `lists_of`, of no rows where it holds something else."""
    try:
        return lists_of(data, column, size, rows)
    except EngineError:
        return np.empty((0, size), np.float32)


def _add_up(p: np.ndarray) -> bool:
    there = ~np.isnan(p).all(axis=1)
    return bool(there.any()) and not _off(p).any()


def _off(p: np.ndarray) -> np.ndarray:
    """bool (n,): rows that hold numbers which are no probabilities."""
    fit = (p.min(axis=1) >= 0) & (np.abs(p.sum(axis=1) - 1) <= OFF)
    return ~fit & ~np.isnan(p).all(axis=1)


def _unfit(columns: Sequence[str], total: np.ndarray, there: np.ndarray, off: np.ndarray) -> str:
    """Why these are no probabilities."""
    if not there.any():
        return f"{', '.join(columns[:5])}: no row has a number. Choose the columns in which a model left them."
    row = int(np.flatnonzero(off)[0])
    return (
        f"{off.sum():,} of {there.sum():,} rows of {', '.join(columns[:5])} are no probabilities: those of row {row:,} "
        f"add up to {total[row]:.3g}, or lie outside 0 to 1. Bring scores through softmax first."
    )
