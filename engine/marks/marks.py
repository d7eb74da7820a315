"""Tags and notes on rows, by row key: they change nothing but what is known of a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.dataset import Dataset, store_keys
from engine.errors import EngineError
from engine.marks.desk import Desk, mark
from engine.marks.file import changing, reading
from engine.marks.lanes import Entry, clean
from engine.marks.log import lines
from engine.marks.table import LANE, differences, put_wanted

LONGEST_NAME, LONGEST_NOTE = 200, 20_000

Kind = Literal["tag", "note", "always keep", "never keep"]
Verdict = Literal["keep", "drop", ""]


@dataclass(frozen=True)
class Tag:
    """A tag with its colour (may be empty) and how many rows have it, rows of earlier revisions counted."""

    name: str
    colour: str
    count: int


@dataclass(frozen=True)
class RowMarks:
    """Everything that people marked on one row. verdict: keep for always, drop for never, "" for none."""

    tags: tuple[str, ...] = ()
    verdict: Verdict = ""
    note: str = ""


@dataclass(frozen=True)
class Summary:
    """How many rows are marked in each way. judgements: how many rows were judged, by column."""

    tags: tuple[Tag, ...] = ()
    always_keep: int = 0
    never_keep: int = 0
    note: int = 0
    judgements: tuple[tuple[str, int], ...] = ()


def tag(data: Dataset, rows: np.ndarray, name: str, *, colour: str = "", who: str = "") -> int:
    """Give rows a tag; returns how many did not have it. Raises `EngineError` for a name without letters."""
    name, keys = tag_name(name), keys_to_mark(data, rows)
    with changing(data.store) as con:
        if colour:
            con.execute(
                "INSERT INTO colour VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", [name, colour]
            )
        new = differences(con, "tag", name, keys, "")
        return mark(con, new, f"{some(len(new))} tagged “{name}”", who)


def untag(data: Dataset, rows: np.ndarray, name: str, *, who: str = "") -> int:
    """Take a tag from rows; returns how many had it."""
    name, keys = tag_name(name), keys_to_mark(data, rows)
    with changing(data.store) as con:
        gone = differences(con, "tag", name, keys, None)
        return mark(con, gone, f"{some(len(gone))} no longer tagged “{name}”", who)


def note(data: Dataset, rows: np.ndarray, text: str, *, who: str = "") -> int:
    """Write a note on rows, in place of the one before; an empty text takes it away. Returns how many rows changed."""
    if len(text) > LONGEST_NOTE:
        raise EngineError(f"The note has {len(text):,} characters; {LONGEST_NOTE:,} is the most. Make it shorter.")
    kept, keys = clean(text).replace("\0", "") or None, keys_to_mark(data, rows)
    with changing(data.store) as con:
        new = differences(con, "note", "", keys, kept)
        return mark(con, new, f"{some(len(new))} {'noted' if kept else 'without a note again'}", who)


def rename_tag(data: Dataset, old: str, new: str, *, who: str = "") -> int:
    """Give a tag another name; when that one exists already, the two become one."""
    old, new = tag_name(old), tag_name(new)
    with changing(data.store) as con:
        if old == new:
            return 0
        there = [k for (k,) in con.execute("SELECT key FROM mark WHERE kind = 'tag' AND name = ?", [old])]
        changed = [*differences(con, "tag", new, there, ""), *differences(con, "tag", old, there, None)]
        con.execute("INSERT OR IGNORE INTO colour SELECT ?, value FROM colour WHERE tag = ?", [new, old])
        return mark(con, changed, f"tag “{old}” renamed to “{new}”", who)


def undo(data: Dataset, *, who: str = "") -> None:
    """Take back one's own last act, whatever it was; see `Desk.undo`. Raises `EngineError` when there is none."""
    Desk(data.store, who).undo()


def redo(data: Dataset, *, who: str = "") -> None:
    """Do again what was last undone."""
    Desk(data.store, who).redo()


def changes(data: Dataset, most: int = 50) -> list[Entry]:
    """What was marked lately, by whomever, newest first."""
    return lines(data.store, LANE, most)


def keys_with(data: Dataset, kind: Kind, name: str = "") -> list[str]:
    """The keys of the rows with a mark, those of earlier revisions too, in order."""
    verdict = {"always keep": "keep", "never keep": "drop"}.get(kind)
    query, given = "kind = ? AND name = ?", [kind, name]
    if verdict:
        query, given = "kind = 'verdict' AND value = ?", [verdict]
    with reading(data.store) as con:
        return [key for (key,) in con.execute(f"SELECT key FROM mark WHERE {query} ORDER BY key", given)]


def rows_with(data: Dataset, kind: Kind, name: str = "") -> np.ndarray:
    """The rows of this revision with a mark: int64, ascending."""
    rows = data.rows_of(keys_with(data, kind, name))
    return np.sort(rows[rows >= 0])


def summary(data: Dataset) -> Summary:
    """How many rows are marked in each way."""
    with reading(data.store) as con:
        named = con.execute(
            "SELECT kind, name, COUNT(*) FROM mark WHERE kind <> 'verdict' GROUP BY kind, name ORDER BY kind, name"
        ).fetchall()
        verdicts = dict(con.execute("SELECT value, COUNT(*) FROM mark WHERE kind = 'verdict' GROUP BY value"))
        colours = dict(con.execute("SELECT tag, value FROM colour"))
    return Summary(
        tags=tuple(Tag(name, colours.get(name, ""), count) for kind, name, count in named if kind == "tag"),
        always_keep=verdicts.get("keep", 0),
        never_keep=verdicts.get("drop", 0),
        note=sum(count for kind, _, count in named if kind == "note"),
        judgements=tuple((name, count) for kind, name, count in named if kind == "judgement"),
    )


def of_rows(data: Dataset, rows: np.ndarray) -> list[RowMarks]:
    """The marks of some rows, in their order: for a page of a table."""
    keys = data.keys(rows)
    found: dict[str, list[tuple[str, str, str]]] = {}
    with reading(data.store) as con:
        put_wanted(con, keys)
        for key, kind, name, value in con.execute(
            "SELECT key, kind, name, value FROM mark WHERE key IN (SELECT key FROM wanted) ORDER BY name"
        ):
            found.setdefault(key, []).append((kind, name, value))
    return [_row_marks(found.get(key, [])) for key in keys]


def _row_marks(found: Sequence[tuple[str, str, str]]) -> RowMarks:
    verdict = next((value for kind, _, value in found if kind == "verdict"), "")
    return RowMarks(
        tags=tuple(name for kind, name, _ in found if kind == "tag"),
        verdict="keep" if verdict == "keep" else "drop" if verdict else "",
        note=next((value for kind, _, value in found if kind == "note"), ""),
    )


def tag_name(name: str) -> str:
    """A tag's name as it is kept: no control signs, one space between words; raises `EngineError` for an empty one."""
    return short_name(name, "a tag")


def short_name(name: str, of: str) -> str:
    """A name of something as it is kept; raises `EngineError` for one that is empty or too long."""
    kept = " ".join("".join(c if c.isprintable() or c.isspace() or ord(c) > 0x7F else "" for c in clean(name)).split())
    if not kept:
        raise EngineError(f"{name!r} is not a name for {of}. Give it at least one letter.")
    if len(kept) > LONGEST_NAME:
        raise EngineError(f"The name of {of} has {len(kept)} characters; {LONGEST_NAME} is the most. Make it shorter.")
    return kept


def keys_to_mark(data: Dataset, rows: np.ndarray) -> list[str]:
    """The keys of rows, kept on disk from now on, so that marks find their rows again."""
    store_keys(data)
    return data.keys(rows)


def some(count: int) -> str:
    """A number of rows in words."""
    return "1 row" if count == 1 else f"{count:,} rows"
