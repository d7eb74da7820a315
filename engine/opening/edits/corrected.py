"""A column with the cells that people corrected."""

from typing import Annotated

import pyarrow as pa

from engine.dataset import Dataset, corrected_cells, typed_cells, values_of
from engine.errors import EngineError
from engine.opening.edits._text import TEXT, writing_texts
from engine.registry import About, Help, Kind

ABOUT = About(title="Corrected cells", portable="this corpus only", values=TEXT, cost=writing_texts)

_BLOCK_ROWS = 20_000


def corrected(
    data: Dataset,
    column: str,
    *,
    cells: Annotated[str, Kind("rows", "cells"), Help("What people corrected, as it stood when this was made.")],
) -> tuple[pa.ChunkedArray, dict[str, int]]:
    """Put what people corrected in place of what came.

    The column keeps its type; a column of categories becomes their names. Gives the values, and how many cells were
    corrected, how many are of rows that are gone, and how many are no value of the column as it is now: both are passed
    over. Who corrected and when stands in the snapshot, which travels with the recipe. Raises `EngineError` for
    corrections of another column.
    """
    said = corrected_cells(data, cells)
    if said.column != column:
        raise EngineError(f"These corrections are of the column {said.column!r}, not {column!r}. Choose that one.")
    rows, new = data.rows_of(list(said.keys)), typed_cells(data, column, said.values)
    by_row = {row: value for row, value in zip(rows.tolist(), new, strict=True) if row >= 0 and value is not None}
    whole, blocks = values_of(data, column), list[pa.Array]()
    for start in range(0, data.n, _BLOCK_ROWS):
        block = whole.slice(start, _BLOCK_ROWS)
        here = sorted(row for row in by_row if start <= row < start + len(block))
        blocks += _put(block, [row - start for row in here], [by_row[row] for row in here]) if here else block.chunks
    counts = {"corrected": len(by_row), "gone": int((rows < 0).sum())}
    counts["unfit"] = len(new) - counts["corrected"] - counts["gone"]
    return pa.chunked_array(blocks, whole.type), counts


def _put(block: pa.ChunkedArray, places: list[int], new: list[pa.Scalar]) -> list[pa.Array]:
    """A block with other values in some places, ascending, as one array."""
    parts, at = list[pa.Array](), 0
    for place, value in zip(places, new, strict=True):
        parts += [*block.slice(at, place - at).chunks, pa.array([value], block.type)]
        at = place + 1
    return [pa.concat_arrays([*parts, *block.slice(at).chunks])]
