"""The table of marks: changes written to it, taken back from it, and made again from the history."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from engine.marks.lanes import payload_of, stacks
from engine.registry import Json

LANE = "marks"
OLDER = {"keep": "keep", "drop": "drop", "trash": "drop"}
"""Kinds of marks that have become verdicts."""

Change = tuple[str, str, str, str | None, str | None]
"""kind, name, key, the value before and after; None is no mark."""


def replay(con: sqlite3.Connection) -> int:
    """Make the marks again from their history, for a file whose marks are damaged; returns how many there are."""
    con.execute("DELETE FROM mark")
    for i in stacks(con, LANE)[0]:
        write_marks(con, changes_of(payload_of(con, i)))
    return cast(int, con.execute("SELECT COUNT(*) FROM mark").fetchone()[0])


def into_verdicts(con: sqlite3.Connection) -> None:
    """Turn marks to keep, to drop and the trash of older files into verdicts; a row in two of them is never kept."""
    kinds = tuple(OLDER)
    if not con.execute("SELECT 1 FROM mark WHERE kind IN (?, ?, ?) LIMIT 1", kinds).fetchone():
        return
    con.execute("BEGIN IMMEDIATE")
    for kind, verdict in OLDER.items():
        con.execute(
            "INSERT OR REPLACE INTO mark SELECT 'verdict', '', key, ? FROM mark WHERE kind = ?", [verdict, kind]
        )
    con.execute("DELETE FROM mark WHERE kind IN (?, ?, ?)", kinds)
    con.execute("COMMIT")


def write_marks(con: sqlite3.Connection, differences: Sequence[Change]) -> None:
    gone = [(kind, name, key) for kind, name, key, _, after in differences if after is None]
    new = [(kind, name, key, after) for kind, name, key, _, after in differences if after is not None]
    con.executemany("DELETE FROM mark WHERE kind = ? AND name = ? AND key = ?", gone)
    con.executemany("INSERT OR REPLACE INTO mark (kind, name, key, value) VALUES (?, ?, ?, ?)", new)


def differences(con: sqlite3.Connection, kind: str, name: str, keys: Iterable[str], value: str | None) -> list[Change]:
    """What would change if these keys got this value."""
    wanted = list(dict.fromkeys(keys))
    there = values(con, kind, name, wanted)
    return [(kind, name, key, there.get(key), value) for key in wanted if there.get(key) != value]


def values(con: sqlite3.Connection, kind: str, name: str, keys: Sequence[str]) -> dict[str, str]:
    """The marks of one kind and name that these keys have."""
    put_wanted(con, keys)
    found = con.execute(
        "SELECT key, value FROM mark WHERE kind = ? AND name = ? AND key IN (SELECT key FROM wanted)", [kind, name]
    )
    return dict(found.fetchall())


def put_wanted(con: sqlite3.Connection, keys: Sequence[str]) -> None:
    """Put keys into a table of the connection's own: a list of 100,000 fits into no statement."""
    con.execute("CREATE TEMP TABLE IF NOT EXISTS wanted (key TEXT PRIMARY KEY) WITHOUT ROWID")
    con.execute("DELETE FROM wanted")
    con.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((key,) for key in keys))


def untouched(con: sqlite3.Connection, made: Sequence[Change]) -> list[Change]:
    """Of some changes those of keys on which all of them still stand; what another changed since is his."""
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in made:
        groups.setdefault(change[:2], []).append(change)
    moved = set()
    for (kind, name), some in groups.items():
        there = values(con, kind, name, [key for _, _, key, _, _ in some])
        moved |= {key for _, _, key, _, after in some if there.get(key) != after}
    return [change for change in made if change[2] not in moved]


def turned_back(made: Iterable[Change]) -> list[Change]:
    """The changes that undo these."""
    return [(kind, name, key, after, before) for kind, name, key, before, after in made]


def changes_of(payload: Mapping[str, Json]) -> list[Change]:
    groups = cast(list[tuple[str, str, str | None, str | None, list[str]]], payload["changes"])
    return [_as_now(kind, name, key, before, after) for kind, name, before, after, keys in groups for key in keys]


def payload(changes: Sequence[Change]) -> dict[str, Json]:
    """Changes by what they have in common, so that a tag on 100,000 rows is little more than their keys."""
    groups: dict[tuple[str, str, str | None, str | None], list[Json]] = {}
    for kind, name, key, before, after in changes:
        groups.setdefault((kind, name, before, after), []).append(key)
    return {"changes": [[*group, keys] for group, keys in groups.items()]}


def _as_now(kind: str, name: str, key: str, before: str | None, after: str | None) -> Change:
    """A change as it would be written today."""
    if kind not in OLDER:
        return kind, name, key, before, after
    was, now = (None if value is None else OLDER[kind] for value in (before, after))
    return "verdict", name, key, was, now
