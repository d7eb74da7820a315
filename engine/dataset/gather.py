"""Take some rows of a long column without touching the rest of it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def take(values: pa.ChunkedArray, rows: np.ndarray) -> pa.ChunkedArray:
    """The values at these row numbers, in the order given.

    Arrow's own `take` joins all chunks of a column first: for 20 rows out of ten million it copies the whole column,
    and a column with more than 2 GB of text cannot be joined at all. Here only the chunks that are asked for are read,
    and rows that follow each other are not copied.
    """
    if in_a_row(rows):
        return values.slice(int(rows[0]), len(rows))
    if values.num_chunks == 1:
        return pa.chunked_array([values.chunk(0).take(pa.array(rows))], values.type)
    starts = np.cumsum([0, *(len(c) for c in values.chunks)])
    of_row = np.searchsorted(starts, rows, side="right") - 1
    order = np.argsort(of_row, kind="stable")
    parts = []
    for chunk in np.unique(of_row):
        mine = rows[order[np.searchsorted(of_row[order], chunk) : np.searchsorted(of_row[order], chunk, side="right")]]
        parts.append(values.chunk(int(chunk)).take(pa.array(mine - starts[chunk])))
    together = pa.chunked_array(parts, values.type)
    if len(parts) < 2 or bool((np.diff(order) > 0).all()):
        return together
    back = np.empty(len(rows), np.int64)
    back[order] = np.arange(len(rows))
    return pc.take(together, pa.array(back))


def in_a_row(rows: np.ndarray) -> bool:
    """Whether these row numbers follow each other, so that a slice gives the same without a copy."""
    return len(rows) > 0 and bool((np.diff(rows) == 1).all())


def evenly(rows: np.ndarray, most: int) -> np.ndarray:
    """At most so many of some rows, evenly spread, the same ones each time.

    >>> evenly(np.arange(7), 3).tolist()
    [0, 3, 6]
    """
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
