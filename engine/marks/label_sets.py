"""Labels that people named: a set begun where no column has labels yet, or labels added to those of a column."""

from collections.abc import Sequence

from engine.errors import EngineError
from engine.marks import lanes
from engine.marks.desk import share
from engine.marks.file import reading
from engine.marks.marks import LONGEST_NAME
from engine.store import Store

_LANE = "labels/"
MOST = 10_000


def name_labels(store: Store, column: str, labels: Sequence[str], *, who: str = "") -> tuple[str, ...]:
    """Add labels to those that people named for a column, or for one that is only begun; returns all that are named.

    Blanks around a label go, one that is there is not added again. Raises `EngineError` for a name that is empty or too
    long, and for more than 10,000.
    """
    name = _short(column, "A set of labels")
    there = label_set(store, name)
    said = tuple(dict.fromkeys([*there, *(_short(one, "A label") for one in labels)]))
    if len(said) > MOST:
        raise EngineError(f"{len(said):,} labels are more than a set holds ({MOST:,}). Choose coarser ones.")
    if said != there:
        new = len(said) - len(there)
        words = f"{new:,} {'label' if new == 1 else 'labels'} added to “{name}”"
        share(store, f"{_LANE}{name}", {"labels": list(said)}, words, who)
    return said


def label_set(store: Store, column: str) -> tuple[str, ...]:
    """The labels that people named for a column, in the order in which they were named."""
    with reading(store) as con:
        found = lanes.current(con, f"{_LANE}{lanes.clean(column)}") or {}
    said = found.get("labels")
    return tuple(str(one) for one in said) if isinstance(said, list) else ()


def label_sets(store: Store) -> list[str]:
    """The names of all sets that hold labels, in order."""
    with reading(store) as con:
        names = [lane.removeprefix(_LANE) for lane in lanes.lanes(con, _LANE)]
    return [name for name in names if label_set(store, name)]


def _short(name: str, what: str) -> str:
    said = lanes.clean(" ".join(name.split())).replace("\0", "")
    if not said:
        raise EngineError(f"{what} needs a name. Type one.")
    if len(said) > LONGEST_NAME:
        raise EngineError(f"{what} has a name of {len(said)} characters; {LONGEST_NAME} is the most. Shorten it.")
    return said
