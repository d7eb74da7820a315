"""Lists of numbers, of the tokens or labels of each row, as another program left them in a column."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.text import python_values

BLOCK_ROWS = 1 << 14


@dataclass(frozen=True)
class Block:
    """Numbers of some rows, smallest first in each. start: the first row. row: int64 (v,), counted from it; value:
    float64 (v,); place: int64 (v,), 0 for the smallest of its row; count: int64 (rows,)."""

    start: int
    row: np.ndarray
    value: np.ndarray
    place: np.ndarray
    count: np.ndarray


def sorted_numbers(data: Dataset, column: str) -> Iterator[Block]:
    """The numbers of a column of lists, block by block; a column of numbers has one a row. Missing ones do not count.

    A list may be the text of one, as JSON; NaN in it, which Python writes there, is missing at its place.
    Raises `EngineError` for a column in which something else stands.
    """
    for start, row, value, count in numbers_in_order(data, column):
        order = np.lexsort((value, row))
        place = np.arange(len(row)) - (np.cumsum(count) - count)[row]
        yield Block(start, row[order], value[order], place, count)


def numbers_in_order(data: Dataset, column: str) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray]]:
    """The same numbers in the order in which they stand: the first row of a block, row and value of each number, and
    how many each row has, all as in `Block`."""
    for start in range(0, data.n, BLOCK_ROWS):
        rows = data.rows()[start : start + BLOCK_ROWS]
        row, value = _flat(column, data.column(column, rows))
        there = np.isfinite(value)
        yield start, row[there], value[there], np.bincount(row[there], minlength=len(rows))


def lists_of(data: Dataset, column: str, size: int, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """float32 (r, size): the numbers of a column of lists, in their order; NaN for a row whose list is of another size.

    rows: int64 (r,). And bool (r,): rows that hold any number. Raises `EngineError` for a column of something else.
    """
    found, there = np.full((len(rows), size), np.nan, np.float32), np.zeros(len(rows), bool)
    for start in range(0, len(rows), BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        row, value = _flat(column, data.column(column, part))
        whole = np.bincount(row, minlength=len(part)) == size
        found[start : start + len(part)][whole] = value[whole[row]].reshape(-1, size)
        there[start + row[~np.isnan(value)]] = True
    return found, there


def means(data: Dataset, column: str) -> np.ndarray:
    """float64 (n,): the mean of each row's numbers, NaN for none."""
    found = np.full(data.n, np.nan)
    for block in sorted_numbers(data, column):
        found[block.start : block.start + len(block.count)] = mean_of(block, np.ones(len(block.row), bool))
    return found


def mean_of(block: Block, some: np.ndarray) -> np.ndarray:
    """float64: the mean of some of each row's numbers, NaN for none. some: bool, of the block's numbers."""
    count = np.bincount(block.row[some], minlength=len(block.count))
    total = np.bincount(block.row[some], block.value[some], minlength=len(block.count))
    return np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)


def _flat(column: str, values: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """The row and the value of each number."""
    kind = values.type
    if _is_number(kind):
        return np.arange(len(values)), _floats(values)
    if (pa.types.is_list(kind) or pa.types.is_large_list(kind)) and _is_number(kind.value_type):
        whole = values.combine_chunks()
        sizes = pc.fill_null(pc.list_value_length(whole), 0).to_numpy(zero_copy_only=False)
        return np.repeat(np.arange(len(whole)), sizes), _floats(pc.list_flatten(whole))
    lists = [_list(column, cell) for cell in python_values(values)]
    row = np.repeat(np.arange(len(lists)), [len(some) for some in lists])
    return row, np.array([np.nan if v is None else v for some in lists for v in some], np.float64)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def _floats(values: pa.Array | pa.ChunkedArray) -> np.ndarray:
    cast = pc.cast(values, pa.float64(), safe=False)
    return np.asarray(pc.fill_null(cast, np.nan).to_numpy(zero_copy_only=False) if len(cast) else np.empty(0))


def _list(column: str, cell: object) -> list[float | None]:
    """The numbers of a cell: a list, the text of one as JSON, or nothing."""
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        text = cell
        try:
            cell = orjson.loads(text)
        except orjson.JSONDecodeError:
            with suppress(ValueError, RecursionError):
                cell = json.loads(text, parse_int=float)
    if cell is None or cell == "":
        return []
    if isinstance(cell, list) and all(v is None or (isinstance(v, int | float) and v is not True) for v in cell):
        return cell
    raise EngineError(
        f"{column!r} holds {str(cell)[:40]!r}, which is no list of numbers. Choose a column in which each row has a "
        "list of them, such as [-0.1, -2.5]."
    )
