"""What one reader shows, and what it asks of the page around it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from engine import Dataset, EngineError

Doing = Literal["keep", "drop", "undecide", "tag", "note", "answer", "unsure", "unanswer", "undo", "correct", "restore"]
LONGEST_BY = 60
"""Characters of the name of who corrects."""
DOINGS: tuple[Doing, ...] = get_args(Doing)
Span = tuple[int, int] | tuple[int, int, str]
"""(start, end) in characters of a row's text, and the kind of what is marked."""
Columns = Mapping[str, Sequence[object] | np.ndarray]
Spans = Callable[[np.ndarray], Sequence[Sequence[Span]]]
Sentences = Callable[[np.ndarray], Sequence[str]]


@dataclass(frozen=True)
class Standing:
    """Where a row stands: the verdict on it by hand, its tags and note, and the words for what dropped it.

    answer: the label that was answered. unsure: whether it was looked at and could not be told.
    """

    verdict: Literal["keep", "drop", ""] = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    gone: str = ""
    answer: str = ""
    unsure: bool = False


@dataclass(frozen=True)
class Act:
    """One thing that a person does with rows (int64; none for undo). text: the tag, the note, the label or the cell.

    seconds: of an answer, how long the row was in focus; None where nobody counted. column, by: of a correction, whose
    cell, and the name that its maker gave.
    """

    kind: Doing
    rows: np.ndarray
    text: str = ""
    seconds: float | None = None
    column: str = ""
    by: str = ""


@dataclass(frozen=True)
class Alike:
    """The rows most like a row, int64, nearest first, their similarity, and how many more have exactly its text."""

    rows: np.ndarray
    similarity: np.ndarray
    repeats: int = 0


@dataclass(frozen=True)
class Beside:
    """Another text that stands beside a row's own, such as what the row repeats: its name, and what is marked in it."""

    title: str
    text: str
    spans: Sequence[Span] = ()


Besides = Callable[[np.ndarray], Sequence[Beside | None]]


@dataclass(frozen=True)
class Pane:
    """What speaks for one side of a question about a row, such as one of two labels.

    note: how likely, and by whom. words: of the row, those that speak for it. alike: rows that are like it. code: of
    the side, by which the small map colours its rows; -1 for none.
    """

    title: str
    note: str = ""
    words: Sequence[str] = ()
    alike: Alike | None = None
    code: int = -1


@dataclass(frozen=True)
class Aside:
    """What stands beside the list for the row in focus: sentences, and the sides of the question, two at most."""

    says: Sequence[str] = ()
    panes: Sequence[Pane] = ()


@dataclass(frozen=True)
class Spots:
    """Rows on a small map. x, y: float32 (m,), in the map's units; code: int32 (m,), -1 for none. digest: names them.

    of: how many rows the map has. place: of some rows, x and y, float32 (r, 2), NaN where a row has no place.
    """

    digest: str
    x: np.ndarray
    y: np.ndarray
    code: np.ndarray
    of: int
    place: Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Fixed:
    """A cell that was corrected. value: what it says now; came: what it said; None for none. by, at: who and when."""

    value: str | None
    came: str | None
    by: str
    at: str


@dataclass(frozen=True)
class Cells:
    """What can be corrected cell by cell, and what was.

    columns: keys of columns, each with the column that a correction is of. fixed: for some rows the corrections by that
    column. stale: for some rows those of some columns whose value stands on a cell as it was; "" is the row's text.
    cell: a cell as it came. most: characters that can be corrected. many: columns whose cells take many lines.
    """

    columns: Mapping[str, str]
    fixed: Callable[[np.ndarray], Sequence[Mapping[str, Fixed]]]
    stale: Callable[[np.ndarray, Sequence[str]], Sequence[Sequence[str]]]
    cell: Callable[[int, str], str | None]
    most: int
    many: Collection[str] = ()


@dataclass(frozen=True)
class Hooks:
    """What the page around a reader knows and does; a reader without them only shows.

    standing: for some rows. act: does it and says in words what was done. focus: hears which row is in focus. about:
    sentences on why a row stays or goes, for a row that is opened. near: the rows most like it. tags: those known.
    words: where K and D judge by other words than always and never keep: of "keep" and "drop" what the button says,
    and what is said of such a row; there are no tags and notes then.
    choices: where rows are asked for a label: for some rows the labels that are offered, in order, the number keys
    choose them; labels: all that there are, for one that is typed. There are no tags and notes then.
    aside: of the row in focus, what stands beside the list; spots: the small map there.
    cells: where cells can be corrected: `act` does it.
    """

    standing: Callable[[np.ndarray], Sequence[Standing]] | None = None
    act: Callable[[Act], str] | None = None
    focus: Callable[[int], None] | None = None
    about: Callable[[int], str] | None = None
    near: Callable[[int], Alike | None] | None = None
    tags: Sequence[str] = ()
    words: Mapping[Literal["keep", "drop"], tuple[str, str]] | None = None
    choices: Callable[[np.ndarray], Sequence[Sequence[str]]] | None = None
    labels: Sequence[str] = ()
    aside: Callable[[int], Aside | None] | None = None
    spots: Spots | None = None
    cells: Cells | None = None


@dataclass(frozen=True)
class Book:
    """The rows of one reader, in order, and all that is said of them. digest: names the rows and their order."""

    data: Dataset
    rows: np.ndarray
    digest: str
    extra: Columns | Callable[[np.ndarray], Columns] | None = None
    spans: Spans | None = None
    why: Sentences | None = None
    beside: Besides | None = None
    hooks: Hooks = field(default_factory=Hooks)

    def more(self, start: int, rows: np.ndarray) -> Columns:
        """The columns that are not of the dataset, for the rows from a place of the list on."""
        if self.extra is None:
            return {}
        if callable(self.extra):
            return self.extra(rows)
        return {name: values[start : start + len(rows)] for name, values in self.extra.items()}


def act_from(wire: object, book: Book) -> Act:
    """An act as it came over the wire; raises EngineError for one that means nothing, or is of other rows."""
    told = wire if isinstance(wire, dict) else {}
    text, kind = told.get("text"), next((doing for doing in DOINGS if doing == told.get("kind")), None)
    if kind is None:
        raise EngineError(f"{told.get('kind')!r} is nothing that can be done with rows. Reload the page.")
    rows = _rows(told, book) if kind != "undo" else np.empty(0, np.int64)
    seconds = told.get("seconds")
    counted = float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 86_400 else None
    said = text if isinstance(text, str) else ""
    if kind not in ("correct", "restore"):
        return Act(kind, rows, said, counted)
    column, by, cells = told.get("column"), told.get("by"), book.hooks.cells
    if cells is None or column not in cells.columns.values() or len(rows) != 1 or not isinstance(text, str):
        raise EngineError(f"A cell of {column!r:.80} cannot be corrected here. Reload the page.")
    return Act(kind, rows, said, column=str(column), by=by[:LONGEST_BY] if isinstance(by, str) else "")


def _rows(told: Mapping[str, object], book: Book) -> np.ndarray:
    row, parts = told.get("row"), told.get("at")
    if isinstance(row, int) and 0 <= row < book.data.n:
        return np.array([row], np.int64)
    if told.get("list") != book.digest or not isinstance(parts, list):
        raise EngineError("The rows changed in the meantime, and nothing was done. Look at them and do it again.")
    pairs = [part for part in parts if isinstance(part, list) and len(part) == 2]
    picked = [book.rows[_place(start) : _place(end)] for start, end in pairs]
    return np.concatenate([*picked, np.empty(0, np.int64)]).astype(np.int64)


def _place(value: object) -> int:
    return max(0, value) if isinstance(value, int) else 0
