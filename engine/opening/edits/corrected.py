"""A column with the cells that people corrected, and the labels that they answered."""

from typing import Annotated

import pyarrow as pa

from engine.dataset import Dataset, answered_labels, said_by_people, typed_cells, values_of
from engine.opening.edits._text import TEXT, writing_texts
from engine.registry import About, Help, Kind

ABOUT = About(title="Corrected cells", portable="this corpus only", values=TEXT, cost=writing_texts)

_BLOCK_ROWS = 20_000


def corrected(
    data: Dataset,
    column: str,
    *,
    cells: Annotated[
        str | None, Kind("rows", "cells"), Help("What people corrected, as it stood when this was made.")
    ] = None,
    answers: Annotated[
        str | None, Kind("rows", "answers"), Help("What annotators answered, as it stood when this was made.")
    ] = None,
) -> tuple[pa.ChunkedArray, dict[str, int]]:
    """Put what people corrected in the reader, and the labels that they answered, in place of what came.

    Where a cell was both corrected and answered, the answer counts. The column keeps its type; a column of categories
    becomes their names, and any column becomes text where an answer is no value of its type. Gives the values, and how
    many cells people say, how many are of rows that are gone, and how many corrections are no value of the column as
    it is now: both are passed over. Who said it and when stands in the snapshots, which travel with the recipe. Raises
    `EngineError` for corrections of, and answers about, another column.
    """
    said = said_by_people(data, column, cells, answers)
    rows, new, whole = data.rows_of(list(said)), typed_cells(data, column, list(said.values())), values_of(data, column)
    answered = {*answered_labels(data, answers).keys} if answers else set[str]()
    if any(value is None and key in answered for key, value in zip(said, new, strict=True)):
        codes, names = data.codes(column)  # as the answers call them: a boolean is another word elsewhere
        came = [names[code] if code >= 0 else None for code in codes.tolist()]
        whole = pa.chunked_array([pa.array(came, pa.large_string())])
        fits = [value is not None or key in answered for key, value in zip(said, new, strict=True)]
        new = [pa.scalar(t, whole.type) if fit else None for t, fit in zip(said.values(), fits, strict=True)]
    by_row = {row: value for row, value in zip(rows.tolist(), new, strict=True) if row >= 0 and value is not None}
    blocks = list[pa.Array]()
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
