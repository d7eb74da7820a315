"""Keep rows by whether they have a value."""

from typing import Annotated, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import Dataset, Verdict, rows_where
from engine.registry import About, Column, Help

ABOUT = About(short="{column} is {keep}")


def missing(
    data: Dataset,
    rows: np.ndarray,
    *,
    column: Annotated[Column | None, Help("Left out: the text of the row.")] = None,
    keep: Literal["present", "missing", "empty", "missing or empty"] = "present",
) -> Verdict:
    """Keep rows whose {column} is {keep}.

    Missing: the source has no value, or a number that is not one. Empty: a text of nothing but spaces, or a list
    without members. Present: neither.
    """
    gone, empty = (_of_text if column is None else _of_column)(data, rows, column)
    kept = {"present": ~(gone | empty), "missing": gone, "empty": empty, "missing or empty": gone | empty}[keep]
    name = column or "text"
    return Verdict(kept, lambda i: f"{name} is {'missing' if gone[i] else 'empty' if empty[i] else 'present'}")


def _of_text(data: Dataset, rows: np.ndarray, column: str | None) -> tuple[np.ndarray, np.ndarray]:
    there = rows_where(data, column, rows, pc.is_valid)
    return ~there, rows_where(data, column, rows, lambda block: pc.equal(pc.utf8_trim_whitespace(block), ""))


def _of_column(data: Dataset, rows: np.ndarray, column: str | None) -> tuple[np.ndarray, np.ndarray]:
    info = data.info(str(column))
    nothing = np.zeros(len(rows), bool)
    if info.type in ("integer", "number", "boolean", "date"):
        return np.isnan(data.numbers(info.key, rows)), nothing
    if info.type == "category":
        codes, labels = data.codes(info.key, rows)
        blank = np.array([*(not label.strip() for label in labels), False], bool)
        return codes < 0, blank[codes]
    values = data.column(info.key, rows)
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        gone = pc.is_null(values).to_numpy()
        return gone, pc.fill_null(pc.equal(pc.list_value_length(values), 0), False).to_numpy()
    return _of_text(data, rows, column)
