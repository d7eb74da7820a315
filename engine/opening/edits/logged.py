"""A column of lists from a log that has a line for each row and step."""

from typing import Annotated

import pyarrow as pa

from engine.dataset import Dataset, row_series
from engine.errors import EngineError
from engine.opening.edits._text import writing_texts
from engine.registry import About, Help, Kind, Value

ABOUT = About(title="Series of a log", portable="this corpus only", values={"value": Value("list")}, cost=writing_texts)

_BLOCK_ROWS = 20_000
_LIST = pa.list_(pa.float64())


def logged(
    data: Dataset,
    column: str,
    *,
    series: Annotated[str, Kind("rows", "series"), Help("The series by name of the row, as the log had them.")],
) -> tuple[pa.ChunkedArray, dict[str, int]]:
    """Put beside each row the numbers that a log has of it, in the order of their steps.

    Rows are told by what the column says, which is what the log calls them; two rows that say the same get the same.
    Gives the lists, missing where the log has no line, and how many rows have one and how many names are no row's. The
    series stand in a snapshot, which travels with the recipe. Raises `EngineError` for series by another column.
    """
    said = row_series(data, series)
    if said.column != column:
        raise EngineError(f"These series are by the column {said.column!r}, not {column!r}. Choose that one.")
    known, met = dict(zip(said.keys, said.values, strict=True)), set[str]()
    blocks, rows = list[pa.Array](), 0
    for start in range(0, data.n, _BLOCK_ROWS):
        names = data.strings(column, data.rows()[start : start + _BLOCK_ROWS])
        lists = [known.get(name) if name is not None else None for name in names]
        met |= {name for name, one in zip(names, lists, strict=True) if name is not None and one is not None}
        rows += sum(one is not None for one in lists)
        blocks.append(pa.array(lists, _LIST))
    return pa.chunked_array(blocks, _LIST), {"logged": rows, "gone": len(known) - len(met)}
