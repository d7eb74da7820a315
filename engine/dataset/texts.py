"""The texts of a column, or of the text view, as Arrow: block by block, so that memory does not grow with the rows."""

from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset.dataset import Dataset

BLOCK_ROWS = 1 << 16


def text_blocks(data: Dataset, column: str | None, rows: np.ndarray) -> Iterator[tuple[int, pa.Array]]:
    """Position of the first row, and a large_string array for each block of rows; None is the text view.

    A missing value stays null. A column that is not text comes as the screen shows it.
    """
    for start in range(0, len(rows), BLOCK_ROWS):
        yield start, texts(data, column, rows[start : start + BLOCK_ROWS])


def texts(data: Dataset, column: str | None, rows: np.ndarray) -> pa.Array:
    """The texts of some rows: large_string (k,), null where missing."""
    if column is None and len(data.text_view.columns) == 1 and data.text_view.kind == "column":
        column = data.text_view.columns[0]
    if column is None:
        return pa.array(data.texts(rows), pa.large_string())
    values = data.cells(column, rows)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        return pa.array(data.strings(column, rows), pa.large_string())
    values = pc.cast(values, pa.large_string())
    return values.combine_chunks() if values.num_chunks else pa.array([], pa.large_string())


def rows_where(
    data: Dataset, column: str | None, rows: np.ndarray, holds: Callable[[pa.Array], pa.Array]
) -> np.ndarray:
    """bool (len(rows),): rows whose text `holds`; a missing text does not."""
    found = np.zeros(len(rows), bool)
    for start, block in text_blocks(data, column, rows):
        found[start : start + len(block)] = pc.fill_null(holds(block), False).to_numpy(zero_copy_only=False)
    return found


def excerpt(data: Dataset, column: str | None, row: int, length: int = 60) -> str:
    """The beginning of one row's text, for a reason; "missing" where there is none."""
    (value,) = texts(data, column, np.array([row], np.int64)).to_pylist()
    if value is None:
        return "missing"
    return f"“{value[:length]}…”" if len(value) > length else f"“{value}”"
