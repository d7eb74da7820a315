"""Make an edited column, and show beforehand what would change."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import AddedColumn, ColumnType, Dataset, origin_of
from engine.opening.edits import CELL_EDITS, EDITS, LOG_EDITS
from engine.opening.edits._text import as_text
from engine.progress import Progress, quiet
from engine.registry import Json
from engine.store import Artefact, Origin, Spec, plain

_BLOCK_ROWS = 20_000
SHOWN = 10


def type_of_edit(member: str) -> ColumnType:
    """The type of the column that an edit makes."""
    return EDITS[member].about.values["value"].type


def refs_of_edit(spec: Spec) -> list[str]:
    """The digests of the snapshots that an edit is made by."""
    member = next(family[spec.member] for family in (CELL_EDITS, LOG_EDITS, EDITS) if spec.member in family)
    return [str(spec.params[name]) for name in member.of_kind("rows") if spec.params.get(name)]


@dataclass(frozen=True)
class Difference:
    """What an edit does to one row."""

    row: int
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Shown:
    """An edit before it is made. changed: rows that differ; there: rows with a value; first: ten that differ."""

    changed: int
    there: int
    first: list[Difference]


def preview_edit(data: Dataset, column: str, member: str, params: Mapping[str, Json], *, limit: int = SHOWN) -> Shown:
    """What an edit would change: the first differences and how many there are, over all rows."""
    first: list[Difference] = []
    changed = there = start = 0
    for before, after in _blocks(data, column, member, params):
        there += len(before) - before.null_count
        if type_of_edit(member) == "list":
            differs = pc.greater(pc.list_value_length(after), 1)
        else:
            differs = pc.not_equal(before, after)
        rows = np.flatnonzero(pc.fill_null(differs, False).to_numpy(zero_copy_only=False))
        changed += len(rows)
        for row in rows[: limit - len(first)].tolist():
            value = after[row].as_py()
            shown = " · ".join(value) if isinstance(value, list) else value
            first.append(Difference(start + row, before[row].as_py(), shown))
        start += len(before)
    return Shown(changed, there, first)


def make_edit(data: Dataset, key: str, spec: Spec, progress: Progress = quiet) -> Artefact:
    """Make the new column of an edit, block by block; one that is there under the same identity is taken as it is."""
    origin = origin_of(data, spec, columns={spec.on: data.info(spec.on).identity})
    there = data.store.made(origin)
    if there:
        return there
    progress("Editing", 0, data.n)
    of_rows = next((family[spec.member] for family in (CELL_EDITS, LOG_EDITS) if spec.member in family), None)
    if of_rows:
        values, counts = of_rows.function(data, spec.on, **of_rows.check(spec.params))
        progress("Editing", data.n, data.n)
        said = of_rows.about.values["value"].type
        kind = said if spec.member in LOG_EDITS else _type_of_cells(data, spec.on, values)
        return _published(data, key, spec, origin, kind, values, counts)
    blocks, done = [], 0
    for _, block in _blocks(data, spec.on, spec.member, spec.params):
        blocks.append(block)
        done += len(block)
        progress("Editing", done, data.n)
    values = pa.chunked_array(blocks) if blocks else pa.chunked_array([], pa.large_string())
    return _published(data, key, spec, origin, type_of_edit(spec.member), values)


def _published(
    data: Dataset,
    key: str,
    spec: Spec,
    origin: Origin,
    kind: ColumnType,
    values: pa.ChunkedArray,
    counts: Mapping[str, int] = {},
) -> Artefact:
    column = AddedColumn(key, key, kind, "edit", "value")
    notes: dict[str, Json] = {"columns": plain((column,)), "column": spec.on, **counts}
    return data.store.publish(key, origin, {"value": pa.table({"value": values})}, notes)


def _type_of_cells(data: Dataset, column: str, values: pa.ChunkedArray) -> ColumnType:
    """The type that a column has when its cells are written anew: what is text now is text, but for categories."""
    kind = data.info(column).type
    return "text" if pa.types.is_large_string(values.type) and kind != "category" else kind


def _blocks(data: Dataset, column: str, member: str, params: Mapping[str, Json]) -> Iterator[tuple[pa.Array, pa.Array]]:
    edit = EDITS[member]
    checked = edit.check(params)
    whole = data.cells(column)
    for start in range(0, data.n, _BLOCK_ROWS):
        before = as_text(whole.slice(start, _BLOCK_ROWS))
        after = edit.function(before, **checked)
        yield _one(before), _one(after)


def _one(values: pa.ChunkedArray) -> pa.Array:
    joined = values.combine_chunks()
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
