"""An append-only history with undo and redo for each lane: the marks, each recipe, each set of topics."""

import json
import sqlite3
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from engine.errors import EngineError
from engine.marksfile import changing, reading
from engine.registry import Json
from engine.store import Store


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


def log(store: Store, lane: str, payload: Mapping[str, Json], words: str, who: str = "") -> int:
    """Add a line to a lane's history; what was undone before it can no longer be redone. Returns its revision."""
    with changing(store) as con:
        return add(con, lane, payload, words, who)


def revision(store: Store, lane: str) -> int:
    """The number of the lane's last change, undo and redo counted; 0 for a lane without history."""
    with reading(store) as con:
        return last(con, lane)


def lines(store: Store, lane: str, most: int = 200) -> list[Entry]:
    """What was done in a lane, newest first, with what is taken back just now; what can never come back is left out."""
    with reading(store) as con:
        done, undone = stacks(con, lane)
        wanted = {*done[-most:], *undone}
        rows = con.execute("SELECT id, at, who, words FROM log WHERE lane = ? AND verb = 'do' ORDER BY id DESC", [lane])
        return [Entry(i, lane, at, who, words, i in undone) for i, at, who, words in rows if i in wanted][:most]


def undo(store: Store, lane: str, who: str = "") -> dict[str, Json] | None:
    """Take the lane's last change back; gives the payload that counts now, None when nothing is left of the lane."""
    with changing(store) as con:
        step_back(con, lane, who)
        return current(con, lane)


def redo(store: Store, lane: str, who: str = "") -> dict[str, Json] | None:
    """Do again what was last undone; gives the payload that counts now."""
    with changing(store) as con:
        step_forward(con, lane, who)
        return current(con, lane)


def replayed(store: Store, lane: str) -> list[dict[str, Json]]:
    """The payloads of all that is done and not undone, oldest first: for a lane that is the sum of its changes."""
    with reading(store) as con:
        done, _ = stacks(con, lane)
        return [payload_of(con, i) for i in done]


def depths(store: Store, lane: str) -> tuple[int, int]:
    """How many changes can be undone, and how many redone."""
    with reading(store) as con:
        done, undone = stacks(con, lane)
        return len(done), len(undone)


# Inside an open transaction, for those who change more than the history.


def add(con: sqlite3.Connection, lane: str, payload: Mapping[str, Json], words: str, who: str) -> int:
    """`log` inside an open transaction."""
    return _write(con, lane, "do", None, payload, words, who)


def _write(
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
    _write(con, lane, "undo", done[-1], {}, "undo", who)
    return payload_of(con, done[-1])


def step_forward(con: sqlite3.Connection, lane: str, who: str) -> dict[str, Json]:
    """Write a redo; gives the payload of what is done again. Raises `EngineError` when there is nothing."""
    _, undone = stacks(con, lane)
    if not undone:
        raise EngineError("There is nothing to redo.")
    _write(con, lane, "redo", undone[-1], {}, "redo", who)
    return payload_of(con, undone[-1])


def current(con: sqlite3.Connection, lane: str) -> dict[str, Json] | None:
    """The payload that counts now, for a lane whose last change is its state."""
    done, _ = stacks(con, lane)
    return payload_of(con, done[-1]) if done else None


def payload_of(con: sqlite3.Connection, i: int) -> dict[str, Json]:
    """What a line of history carries."""
    (body,) = con.execute("SELECT payload FROM log WHERE id = ?", [i]).fetchone()
    return cast(dict[str, Json], json.loads(zlib.decompress(body)))


def entry(con: sqlite3.Connection, i: int) -> Entry:
    """A line of history that is done."""
    lane, at, who, words = con.execute("SELECT lane, at, who, words FROM log WHERE id = ?", [i]).fetchone()
    return Entry(i, lane, at, who, words, False)


def words_of(con: sqlite3.Connection, i: int) -> str:
    """How a line of history reads on the screen."""
    return str(con.execute("SELECT words FROM log WHERE id = ?", [i]).fetchone()[0])


def lanes(con: sqlite3.Connection, prefix: str) -> list[str]:
    """The lanes whose names begin with a prefix, in order."""
    found = con.execute(
        "SELECT DISTINCT lane FROM log WHERE substr(lane, 1, ?) = ? ORDER BY lane", [len(prefix), prefix]
    )
    return [lane for (lane,) in found]
