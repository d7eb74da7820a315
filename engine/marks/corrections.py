"""Corrections: what a cell should say, by row key and column; the cell that came stays as it is."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from engine.dataset import Dataset, can_be_written, cell_texts, checked_cell
from engine.errors import EngineError
from engine.marks.desk import mark
from engine.marks.file import changing, reading
from engine.marks.lanes import clean, last
from engine.marks.marks import keys_to_mark, short_name
from engine.marks.table import LANE, differences, put_wanted, values

LONGEST_CELL = 200_000
"""Characters of a cell that is corrected by hand: a longer one is no text that a person reads through and types."""
_KIND = "correction"


@dataclass(frozen=True)
class Correction:
    """What one cell should say. value: as text, None for no value. by: who says so, "" where nobody gave a name.
    at: ISO 8601, UTC."""

    row: int
    column: str
    value: str | None
    by: str
    at: str


@dataclass(frozen=True)
class Corrected:
    """A column in which cells were corrected. cells: how many rows that are here; gone: of rows that are not.
    by: who corrected, by name."""

    column: str
    cells: int
    gone: int
    by: tuple[str, ...]


def correct(data: Dataset, row: int, column: str, value: str | None, *, by: str = "", who: str = "") -> bool:
    """Say what a cell should say, in place of what was said before; the cell as it came takes the correction away.

    value: as text; None and the empty text are no value. by: the person's name, which goes out with the correction.
    who: the desk that can take it back. Returns whether anything changed. Raises `EngineError` for a column that was
    measured, for what is no value of the column's type, and for a text that is too long.
    """
    data.info(column)
    if not can_be_written(data, column):
        raise EngineError(
            f"Cells of {column!r} cannot be corrected: they are measured, or of a type that nobody types."
        )
    said = clean(value or "").replace("\0", "")
    if len(said) > LONGEST_CELL:
        raise EngineError(
            f"The cell has {len(said):,} characters; {LONGEST_CELL:,} is the most that is corrected by hand. Change a "
            "text of that length in the source, or by an edit of the whole column."
        )
    checked = checked_cell(data, column, said)
    at_row = np.array([row], np.int64)
    (came,) = cell_texts(data, column, at_row)
    if checked == (came or None):
        return restore(data, row, column, who=who)
    name = short_name(by, "a person") if by.strip() else ""
    keys, now = keys_to_mark(data, at_row), datetime.now(UTC).isoformat(timespec="seconds")
    with changing(data.store) as con:
        there = values(con, _KIND, column, keys).get(keys[0])
        if there and json.loads(there)["value"] == checked:
            return False
        body = json.dumps({"value": checked, "by": name, "at": now}, ensure_ascii=False)
        made = differences(con, _KIND, column, keys, body)
        return mark(con, made, f"“{column}” of row {row:,} corrected", who) > 0


def restore(data: Dataset, row: int, column: str, *, who: str = "") -> bool:
    """Let a cell say what it said when it came. Returns whether it was corrected."""
    keys = keys_to_mark(data, np.array([row], np.int64))
    with changing(data.store) as con:
        gone = differences(con, _KIND, column, keys, None)
        return mark(con, gone, f"“{column}” of row {row:,} as it came", who) > 0


def corrections(data: Dataset, column: str) -> list[Correction]:
    """All corrections of a column, by row; those of rows that are gone are passed over."""
    return sorted(_here(data, column, _read(data, column)), key=lambda one: one.row)


def corrections_at(data: Dataset, rows: np.ndarray) -> list[dict[str, Correction]]:
    """The corrections of some rows by column, in their order: for a page of a list."""
    if not _any(data):  # nobody needs the rows' keys: at a million rows they take seconds to make
        return [{} for _ in rows]
    keys, found = data.keys(rows), dict[str, dict[str, Correction]]()
    of_key = dict(zip(keys, rows.tolist(), strict=True))
    with reading(data.store) as con:
        put_wanted(con, keys)
        query = "SELECT key, name, value FROM mark WHERE kind = ? AND key IN (SELECT key FROM wanted) ORDER BY name"
        for key, column, body in con.execute(query, [_KIND]):
            found.setdefault(key, {})[column] = _correction(of_key[key], column, body)
    return [found.get(key, {}) for key in keys]


def corrected(data: Dataset) -> list[Corrected]:
    """The columns in which cells were corrected, by name, with how many; columns that are gone are passed over."""
    found = []
    for column in sorted(name for name in _any(data) if name in data.columns):
        told = _read(data, column)
        here = _here(data, column, told)
        names = dict.fromkeys(json.loads(body)["by"] for _, body in told)
        found.append(Corrected(column, len(here), len(told) - len(here), tuple(n for n in names if n)))
    return found


def corrections_now(data: Dataset, column: str) -> dict[str, str | None]:
    """What the cells of a column should say, by row key, of rows that are gone too."""
    return {key: json.loads(body)["value"] for key, body in _read(data, column)}


def corrections_snapshot(data: Dataset, column: str) -> str:
    """A snapshot of a column's corrections as they are now, with who made them and when; the same give the same.

    Those of rows that are gone for now are in it.
    """
    told = _read(data, column)
    said = [json.loads(body) for _, body in told]
    return data.store.write_ref(
        "cells",
        {
            "column": column,
            "keys": [key for key, _ in told],
            "values": [one["value"] for one in said],
            "by": [one["by"] for one in said],
            "at": [one["at"] for one in said],
        },
    )


def _any(data: Dataset) -> Mapping[str, int]:
    """How many corrections each column has; kept in memory until a mark changes."""
    with reading(data.store) as con:

        def read() -> Mapping[str, int]:
            return dict(con.execute("SELECT name, COUNT(*) FROM mark WHERE kind = ? GROUP BY name", [_KIND]))

        return data._cache.get(f"corrections/{last(con, LANE)}", read)


def _read(data: Dataset, column: str) -> list[tuple[str, str]]:
    """Keys and what was said, in the order of the keys."""
    with reading(data.store) as con:
        query = "SELECT key, value FROM mark WHERE kind = ? AND name = ? ORDER BY key"
        return [(key, body) for key, body in con.execute(query, [_KIND, column])]


def _here(data: Dataset, column: str, told: Sequence[tuple[str, str]]) -> list[Correction]:
    rows: Iterable[int] = data.rows_of([key for key, _ in told]).tolist()
    return [_correction(row, column, body) for row, (_, body) in zip(rows, told, strict=True) if row >= 0]


def _correction(row: int, column: str, body: str) -> Correction:
    said = json.loads(body)
    return Correction(row, column, said["value"], said["by"], said["at"])
