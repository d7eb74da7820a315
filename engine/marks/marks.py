"""What people do with rows: tags, trash, notes, keep and drop, by row key, with undo."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from engine.dataset import Dataset, store_keys
from engine.errors import EngineError
from engine.marks.file import changing, reading
from engine.marks.lanes import Entry, add, clean, entry, stacks, step_back, step_forward
from engine.marks.log import lines
from engine.marks.table import LANE, Change, changes_of, write_marks
from engine.registry import Json

LONGEST_NAME, LONGEST_NOTE = 200, 20_000


Kind = Literal["tag", "trash", "note", "keep", "drop"]


@dataclass(frozen=True)
class Tag:
    """A tag with its colour (may be empty) and how many rows have it, rows of earlier revisions counted."""

    name: str
    colour: str
    count: int


@dataclass(frozen=True)
class RowMarks:
    """Everything that people marked on one row."""

    tags: tuple[str, ...] = ()
    trash: bool = False
    keep: bool = False
    drop: bool = False
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """How many rows are marked in each way. undo: the change that undo would take back."""

    tags: tuple[Tag, ...] = ()
    trash: int = 0
    keep: int = 0
    drop: int = 0
    note: int = 0
    undo: Entry | None = field(default=None)


def tag(data: Dataset, rows: np.ndarray, name: str, *, colour: str = "", who: str = "") -> int:
    """Give rows a tag; returns how many did not have it. Raises `EngineError` for a name without letters."""
    name = tag_name(name)
    return _mark(data, rows, "tag", name, "", f"tagged “{name}”", who, colour=colour)


def untag(data: Dataset, rows: np.ndarray, name: str, *, who: str = "") -> int:
    """Take a tag from rows; returns how many had it."""
    return _mark(data, rows, "tag", tag_name(name), None, f"no longer tagged “{name}”", who)


def trash(data: Dataset, rows: np.ndarray, *, who: str = "") -> int:
    """Put rows into the trash; nothing is deleted. Returns how many were not there."""
    return _mark(data, rows, "trash", "", "", "trashed", who)


def restore(data: Dataset, rows: np.ndarray, *, who: str = "") -> int:
    """Take rows out of the trash."""
    return _mark(data, rows, "trash", "", None, "out of the trash", who)


def note(data: Dataset, rows: np.ndarray, text: str, *, who: str = "") -> int:
    """Write a note on rows, in place of the one before; an empty text takes it away."""
    if len(text) > LONGEST_NOTE:
        raise EngineError(f"The note has {len(text):,} characters; {LONGEST_NOTE:,} is the most. Make it shorter.")
    return _mark(data, rows, "note", "", clean(text).replace("\0", "") or None, "noted", who)


def keep(data: Dataset, rows: np.ndarray, *, who: str = "") -> int:
    """Mark rows to stay; a row marked to go changes sides."""
    return _mark(data, rows, "keep", "", "", "marked to keep", who, instead="drop")


def drop(data: Dataset, rows: np.ndarray, *, who: str = "") -> int:
    """Mark rows to go; a row marked to stay changes sides."""
    return _mark(data, rows, "drop", "", "", "marked to drop", who, instead="keep")


def undecide(data: Dataset, rows: np.ndarray, *, who: str = "") -> int:
    """Take the marks to keep and to drop from rows."""
    keys = _keys_to_mark(data, rows)
    with changing(data.store) as con:
        changes = [*_differences(con, "keep", "", keys, None), *_differences(con, "drop", "", keys, None)]
        return _apply(con, changes, f"{_some(len(changes))} undecided", who)


def rename_tag(data: Dataset, old: str, new: str, *, who: str = "") -> int:
    """Give a tag another name; when that one exists already, the two become one."""
    old, new = tag_name(old), tag_name(new)
    with changing(data.store) as con:
        if old == new:
            return 0
        there = [k for (k,) in con.execute("SELECT key FROM mark WHERE kind = 'tag' AND name = ?", [old])]
        changes = [*_differences(con, "tag", new, there, ""), *_differences(con, "tag", old, there, None)]
        con.execute("INSERT OR IGNORE INTO colour SELECT ?, value FROM colour WHERE tag = ?", [new, old])
        return _apply(con, changes, f"tag “{old}” renamed to “{new}”", who)


def undo(data: Dataset, *, who: str = "") -> None:
    """Take the last change of marks back. Raises `EngineError` when there is none."""
    with changing(data.store) as con:
        write_marks(
            con, [(k, n, key, after, before) for k, n, key, before, after in changes_of(step_back(con, LANE, who))]
        )


def redo(data: Dataset, *, who: str = "") -> None:
    """Do again what was last undone."""
    with changing(data.store) as con:
        write_marks(con, changes_of(step_forward(con, LANE, who)))


def changes(data: Dataset, most: int = 50) -> list[Entry]:
    """What was marked lately, newest first."""
    return lines(data.store, LANE, most)


def keys_with(data: Dataset, kind: Kind, name: str = "") -> list[str]:
    """The keys of the rows with a mark, those of earlier revisions too, in order."""
    with reading(data.store) as con:
        found = con.execute("SELECT key FROM mark WHERE kind = ? AND name = ? ORDER BY key", [kind, name])
        return [key for (key,) in found]


def rows_with(data: Dataset, kind: Kind, name: str = "") -> np.ndarray:
    """The rows of this revision with a mark: int64, ascending."""
    rows = data.rows_of(keys_with(data, kind, name))
    return np.sort(rows[rows >= 0])


def summary(data: Dataset) -> Summary:
    """How many rows are marked in each way, and the last change."""
    with reading(data.store) as con:
        counted = con.execute(
            "SELECT kind, name, COUNT(*) FROM mark GROUP BY kind, name ORDER BY kind, name"
        ).fetchall()
        colours = dict(con.execute("SELECT tag, value FROM colour"))
        done, _ = stacks(con, LANE)
        last = entry(con, done[-1]) if done else None
    by_kind = {kind: count for kind, _, count in counted if kind != "tag"}
    return Summary(
        tags=tuple(Tag(name, colours.get(name, ""), count) for kind, name, count in counted if kind == "tag"),
        undo=last,
        **by_kind,
    )


def of_rows(data: Dataset, rows: np.ndarray) -> list[RowMarks]:
    """The marks of some rows, in their order: for a page of a table."""
    keys = data.keys(rows)
    found: dict[str, list[tuple[str, str, str]]] = {}
    with reading(data.store) as con:
        _wanted(con, keys)
        for key, kind, name, value in con.execute(
            "SELECT key, kind, name, value FROM mark WHERE key IN (SELECT key FROM wanted) ORDER BY name"
        ):
            found.setdefault(key, []).append((kind, name, value))
    return [_row_marks(found.get(key, [])) for key in keys]


def _row_marks(found: Sequence[tuple[str, str, str]]) -> RowMarks:
    kinds = {kind for kind, _, _ in found}
    return RowMarks(
        tags=tuple(name for kind, name, _ in found if kind == "tag"),
        trash="trash" in kinds,
        keep="keep" in kinds,
        drop="drop" in kinds,
        note=next((value for kind, _, value in found if kind == "note"), ""),
    )


def tag_name(name: str) -> str:
    """A tag's name as it is kept: no control signs, one space between words; raises `EngineError` for an empty one."""
    kept = " ".join("".join(c if c.isprintable() or c.isspace() or ord(c) > 0x7F else "" for c in clean(name)).split())
    if not kept:
        raise EngineError(f"{name!r} is not a name for a tag. Give it at least one letter.")
    if len(kept) > LONGEST_NAME:
        raise EngineError(f"The tag's name has {len(kept)} characters; {LONGEST_NAME} is the most. Make it shorter.")
    return kept


def _mark(
    data: Dataset,
    rows: np.ndarray,
    kind: Kind,
    name: str,
    value: str | None,
    words: str,
    who: str,
    *,
    instead: Kind | None = None,
    colour: str = "",
) -> int:
    """Set (or with None take away) one mark on rows, in one change that can be undone; returns how many changed."""
    keys = _keys_to_mark(data, rows)
    with changing(data.store) as con:
        if colour:
            con.execute(
                "INSERT INTO colour VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, colour]
            )
        differences = _differences(con, kind, name, keys, value)
        others = _differences(con, instead, "", keys, None) if instead else []
        _apply(con, [*differences, *others], f"{_some(len(differences))} {words}", who)
        return len(differences)


def _keys_to_mark(data: Dataset, rows: np.ndarray) -> list[str]:
    store_keys(data)
    return data.keys(rows)


def _some(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _differences(con: sqlite3.Connection, kind: str, name: str, keys: Iterable[str], value: str | None) -> list[Change]:
    """What would change if these keys got this value."""
    wanted = list(dict.fromkeys(keys))
    _wanted(con, wanted)
    there = dict(
        con.execute(
            "SELECT key, value FROM mark WHERE kind = ? AND name = ? AND key IN (SELECT key FROM wanted)", [kind, name]
        ).fetchall()
    )
    return [(kind, name, key, there.get(key), value) for key in wanted if there.get(key) != value]


def _wanted(con: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Put keys into a table of the connection's own: a list of 100,000 fits into no statement."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (key TEXT PRIMARY KEY) WITHOUT ROWID")
    con.execute("DELETE FROM wanted")
    con.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((key,) for key in keys))


def _apply(con: sqlite3.Connection, differences: Sequence[Change], words: str, who: str) -> int:
    if differences:
        write_marks(con, differences)
        add(con, LANE, _payload(differences), words, who)
    return len(differences)


def _payload(differences: Sequence[Change]) -> dict[str, Json]:
    """Changes by what they have in common, so that a tag on 100,000 rows is little more than their keys."""
    groups: dict[tuple[str, str, str | None, str | None], list[Json]] = {}
    for kind, name, key, before, after in differences:
        groups.setdefault((kind, name, before, after), []).append(key)
    return {"changes": [[*group, keys] for group, keys in groups.items()]}
