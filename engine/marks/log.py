"""An append-only history with undo and redo for each lane: the marks, each recipe, each set of topics."""

from collections.abc import Mapping

from engine.marks.file import changing, reading
from engine.marks.lanes import Entry, add, current, last, payload_of, stacks, step_back, step_forward
from engine.registry import Json
from engine.store import Store


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
