"""Lanes of the history inside an open transaction: a line added, undone, redone, read."""

import json
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from engine.errors import EngineError
from engine.registry import Json


@dataclass(frozen=True)
class Entry:
    """One line of history. id: its revision. lane: what it belongs to. at: ISO time in UTC. words: for the screen.

    undone: whether it is taken back just now.
    """

    id: int
    lane: str
    at: str
    who: str
    words: str
    undone: bool


def add(con: sqlite3.Connection, lane: str, payload: Mapping[str, Json], words: str, who: str) -> int:
    """`log` inside an open transaction."""
    return write_line(con, lane, "do", None, payload, words, who)


def write_line(
    con: sqlite3.Connection, lane: str, verb: str, of: int | None, payload: Mapping[str, Json], words: str, who: str
) -> int:
    body = zlib.compress(json.dumps(payload, ensure_ascii=True, separators=(",", ":")).encode(), 3)
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = con.execute(
        "INSERT INTO log (lane, verb, of, at, who, words, payload) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [lane, verb, of, at, clean(who), clean(words), body],
    )
    return cast(int, line.lastrowid)


def clean(text: str) -> str:
    """A text that SQLite and JSON keep whole: a half of a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def last(con: sqlite3.Connection, lane: str) -> int:
    """`revision` inside an open transaction."""
    return cast(int, con.execute("SELECT COALESCE(MAX(id), 0) FROM log WHERE lane = ?", [lane]).fetchone()[0])


def stacks(con: sqlite3.Connection, lane: str) -> tuple[list[int], list[int]]:
    """Ids of what is done, oldest first, and of what is undone, the next to redo last."""
    done: list[int] = []
    undone: list[int] = []
    for i, verb in con.execute("SELECT id, verb FROM log WHERE lane = ? ORDER BY id", [lane]):
        if verb == "undo":
            undone.append(done.pop())
        elif verb == "redo":
            done.append(undone.pop())
        else:
            done.append(i)
            undone.clear()
    return done, undone


def step_back(con: sqlite3.Connection, lane: str, who: str) -> dict[str, Json]:
    """Write an undo; gives the payload of what was taken back. Raises `EngineError` when there is nothing."""
    done, _ = stacks(con, lane)
    if not done:
        raise EngineError("There is nothing to undo.")
    write_line(con, lane, "undo", done[-1], {}, "undo", who)
    return payload_of(con, done[-1])


def step_forward(con: sqlite3.Connection, lane: str, who: str) -> dict[str, Json]:
    """Write a redo; gives the payload of what is done again. Raises `EngineError` when there is nothing."""
    _, undone = stacks(con, lane)
    if not undone:
        raise EngineError("There is nothing to redo.")
    write_line(con, lane, "redo", undone[-1], {}, "redo", who)
    return payload_of(con, undone[-1])


def current(con: sqlite3.Connection, lane: str) -> dict[str, Json] | None:
    """The payload that counts now, for a lane whose last change is its state."""
    done, _ = stacks(con, lane)
    return payload_of(con, done[-1]) if done else None


def payload_of(con: sqlite3.Connection, i: int) -> dict[str, Json]:
    """What a line of history carries."""
    (body,) = con.execute("SELECT payload FROM log WHERE id = ?", [i]).fetchone()
    return cast(dict[str, Json], json.loads(zlib.decompress(body)))


def entry(con: sqlite3.Connection, i: int, undone: bool = False) -> Entry:
    """A line of history."""
    lane, at, who, words = con.execute("SELECT lane, at, who, words FROM log WHERE id = ?", [i]).fetchone()
    return Entry(i, lane, at, who, words, undone)


def words_of(con: sqlite3.Connection, i: int) -> str:
    """How a line of history reads on the screen."""
    return str(con.execute("SELECT words FROM log WHERE id = ?", [i]).fetchone()[0])


def lanes(con: sqlite3.Connection, prefix: str) -> list[str]:
    """The lanes whose names begin with a prefix, in order."""
    found = con.execute(
        "SELECT DISTINCT lane FROM log WHERE substr(lane, 1, ?) = ? ORDER BY lane", [len(prefix), prefix]
    )
    return [lane for (lane,) in found]
