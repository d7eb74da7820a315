"""The table of marks: changes written to it, and made again from the history."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import cast

from engine.marks.lanes import payload_of, stacks
from engine.registry import Json

LANE = "marks"


Change = tuple[str, str, str, str | None, str | None]
"""kind, name, key, the value before and after; None is no mark."""


def replay(con: sqlite3.Connection) -> int:
    """Make the marks again from their history, for a file whose marks are damaged; returns how many there are."""
    con.execute("DELETE FROM mark")
    for i in stacks(con, LANE)[0]:
        write_marks(con, changes_of(payload_of(con, i)))
    return cast(int, con.execute("SELECT COUNT(*) FROM mark").fetchone()[0])


def write_marks(con: sqlite3.Connection, differences: Sequence[Change]) -> None:
    gone = [(kind, name, key) for kind, name, key, _, after in differences if after is None]
    new = [(kind, name, key, after) for kind, name, key, _, after in differences if after is not None]
    con.executemany("DELETE FROM mark WHERE kind = ? AND name = ? AND key = ?", gone)
    con.executemany("INSERT OR REPLACE INTO mark (kind, name, key, value) VALUES (?, ?, ?, ?)", new)


def changes_of(payload: Mapping[str, Json]) -> list[Change]:
    groups = cast(list[tuple[str, str, str | None, str | None, list[str]]], payload["changes"])
    return [(kind, name, key, before, after) for kind, name, before, after, keys in groups for key in keys]
