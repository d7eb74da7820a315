"""The desk of one browser: its draft, its selection, and one undo for everything that it does.

An act is a line in the desk's own lane that names what it changed: parts of the desk, marks of rows, a shared lane such
as the topics'. What was shared and has been changed by another since is left as the other has it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from engine.errors import EngineError, Stale
from engine.marks import table
from engine.marks.file import changing, reading
from engine.marks.lanes import Entry, add, clean, entry, last, payload_of, stacks, words_of, write_line
from engine.marks.table import Change
from engine.registry import Json
from engine.store import Store

Verb = Literal["undo", "redo"]


@dataclass(frozen=True)
class Part:
    """A part of a desk as it is now, None at first. revision: what to hand back with a change of it."""

    value: Json = None
    revision: int = 0


@dataclass(frozen=True)
class Taken:
    """An act that was taken back or done again. words: its name.

    rows, left: how many rows it was about, and how many of them another changed since, so that they stay as they are.
    lane: a shared lane whose state is another now, such as that of topics; lane_left: another changed it since.
    """

    verb: Verb
    words: str
    rows: int = 0
    left: int = 0
    lane: str = ""
    lane_left: bool = False

    def sentence(self) -> str:
        """What was done, and what was not, for a toast."""
        said = f"{'Taken back' if self.verb == 'undo' else 'Done again'}: {self.words.rstrip('.')}."
        if self.left:
            of = f"{self.left:,} of {self.rows:,} rows {'was' if self.left == 1 else 'were'}"
            said += f" {of} changed by another window since: left as {'it is' if self.left == 1 else 'they are'}."
        if self.lane_left:
            said += " Another window changed it again since: left as it is."
        return said


@dataclass(frozen=True)
class Desk:
    """What one browser works with on a dataset; it survives a reload and a crash. who: the browser's id."""

    store: Store
    who: str = ""

    def part(self, name: str) -> Part:
        """A part as it is now."""
        with reading(self.store) as con:
            return _part(con, self._lane_of(name))

    def put(self, parts: Mapping[str, Json], words: str, expected: Mapping[str, int] | None = None) -> None:
        """Change parts in one act. A part that is as it was is no change.

        expected: revisions that the change started from, by part; raises `Stale` where another tab was first.
        """
        with changing(self.store) as con:
            self.put_inside(con, parts, words, expected)

    def put_inside(
        self,
        con: sqlite3.Connection,
        parts: Mapping[str, Json],
        words: str,
        expected: Mapping[str, int] | None = None,
        *,
        line: tuple[str, int] | None = None,
    ) -> None:
        """`put` inside an open transaction. line: a shared lane and its line that were written in the same act."""
        for name, revision in (expected or {}).items():
            there = last(con, self._lane_of(name))
            if there != revision:
                raise Stale(
                    f"The {name} was changed in another window in the meantime (revision {there}, this change "
                    f"started from {revision})."
                )
        moved: dict[str, Json] = {}
        for name, value in parts.items():
            before = _part(con, self._lane_of(name))
            if before.value != value:
                moved[name] = [before.revision, self._write(con, name, value, words)]
        if moved or line:
            act(con, self.who, {"parts": moved, **({"lane": [*line]} if line else {})}, words)

    def undo(self) -> Taken:
        """Take back one's own last act. Raises `EngineError` when there is none."""
        return self._move("undo")

    def redo(self) -> Taken:
        """Do again what was taken back last."""
        return self._move("redo")

    def undoable(self) -> str | None:
        """What undo would take back, None when there is nothing."""
        return self._next(0)

    def redoable(self) -> str | None:
        """What redo would do again, None when there is nothing."""
        return self._next(1)

    def acts(self, most: int = 30) -> list[Entry]:
        """What was done at this desk, newest first, with what is taken back just now."""
        with reading(self.store) as con:
            done, undone = stacks(con, self._acts)
            newest = sorted([*done[-most:], *undone], reverse=True)[:most]
            return [entry(con, i, i in undone) for i in newest]

    def last_act(self) -> Entry | None:
        """What was done last and not taken back since, None at the beginning and after an undo."""
        with reading(self.store) as con:
            i = last(con, self._acts)
            return entry(con, i) if i and i == max(stacks(con, self._acts)[0], default=0) else None

    @property
    def _acts(self) -> str:
        return lane_of(self.who)

    def _lane_of(self, part: str) -> str:
        return f"part/{part}/{clean(self.who)}"

    def _write(self, con: sqlite3.Connection, part: str, value: Json, words: str) -> int:
        return add(con, self._lane_of(part), {"value": value}, words, self.who)

    def _next(self, stack: int) -> str | None:
        with reading(self.store) as con:
            ids = stacks(con, self._acts)[stack]
            return words_of(con, ids[-1]) if ids else None

    def _move(self, verb: Verb) -> Taken:
        with changing(self.store) as con:
            ids = stacks(con, self._acts)[0 if verb == "undo" else 1]
            if not ids:
                raise EngineError(f"There is nothing to {verb}.")
            words, made = words_of(con, ids[-1]), payload_of(con, ids[-1])
            said = f"{verb}: {words}"
            for part, (before, after) in cast(dict[str, list[int]], made.get("parts", {})).items():
                target = before if verb == "undo" else after
                self._write(con, part, payload_of(con, target)["value"] if target else None, said)
            rows, moved, line = self._turn_marks(con, ids[-1], cast(int, made.get("marks", 0)), said)
            lane, at = cast(tuple[str, int], made.get("lane", ("", 0)))
            lane_moved = bool(lane) and self._move_lane(con, verb, lane, at)
            write_line(con, self._acts, verb, ids[-1], {"marks": line}, verb, self.who)
        return Taken(verb, words, rows, rows - moved, lane if lane_moved else "", bool(lane) and not lane_moved)

    def _turn_marks(self, con: sqlite3.Connection, of: int, first: int, words: str) -> tuple[int, int, int]:
        """Turn round what an act last did to marks, on the rows where that still stands.

        Returns how many rows the act was about, how many were turned, and the line that says so.
        """
        if not first:
            return 0, 0, 0
        query = "SELECT MAX(id) FROM log WHERE lane = ? AND of = ?"
        (moved_last,) = con.execute(query, [self._acts, of]).fetchone()
        line = cast(int, payload_of(con, moved_last)["marks"]) if moved_last else first
        made = table.untouched(con, table.changes_of(payload_of(con, line))) if line else []
        back = table.turned_back(made)
        if back:
            table.write_marks(con, back)
            line = add(con, table.LANE, table.payload(back), words, self.who)
        rows = {key for _, _, key, _, _ in table.changes_of(payload_of(con, first))}
        return len(rows), len({key for _, _, key, _, _ in back}), line if back else 0

    def _move_lane(self, con: sqlite3.Connection, verb: Verb, lane: str, line: int) -> bool:
        """A change in a shared lane the one way or the other, where it is the lane's next; whether it was."""
        next_ = stacks(con, lane)[0 if verb == "undo" else 1][-1:]
        if next_ != [line]:
            return False
        write_line(con, lane, verb, line, {}, verb, self.who)
        return True


def lane_of(who: str) -> str:
    """The lane of a desk's acts."""
    return f"desk/{clean(who)}"


def act(con: sqlite3.Connection, who: str, made: Mapping[str, Json], words: str) -> int:
    """Write an act that its maker can take back: what was made, by `parts`, `marks` or `lane`."""
    return add(con, lane_of(who), made, words, who)


def mark(con: sqlite3.Connection, changes: Sequence[Change], words: str, who: str) -> int:
    """Write changes of marks as one act; returns how many there were. None is no act."""
    if changes:
        table.write_marks(con, changes)
        act(con, who, {"marks": add(con, table.LANE, table.payload(changes), words, who)}, words)
    return len(changes)


def share(store: Store, lane: str, payload: Mapping[str, Json], words: str, who: str = "") -> int:
    """Add a line to a lane that all browsers share, as an act of its maker; returns the lane's revision."""
    with changing(store) as con:
        line = add(con, lane, payload, words, who)
        act(con, who, {"lane": [lane, line]}, words)
        return line


def _part(con: sqlite3.Connection, lane: str) -> Part:
    revision = last(con, lane)
    return Part(payload_of(con, revision)["value"], revision) if revision else Part()
