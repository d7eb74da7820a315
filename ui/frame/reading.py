"""Rows to read on a page: the reader with the focus, the marks, the reasons and the neighbours of this session."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.dataset import row_words, with_names
from ui.frame import drawer, state
from ui.reader.book import Act, Alike, Besides, Cells, Columns, Fixed, Hooks, Sentences, Spans, Standing
from ui.reader.reader import reader

NEAREST = 8


def rows(
    data: Dataset,
    shown: np.ndarray,
    *,
    key: str,
    columns: Sequence[str] = (),
    extra: Columns | Callable[[np.ndarray], Columns] | None = None,
    spans: Spans | None = None,
    why: Sentences | None = None,
    beside: Besides | None = None,
    height: int = 420,
    version: str = "",
    view: str = "cards",
    brief: bool = False,
) -> None:
    """Show rows to be read, marked and compared; the row in focus is the session's. For the knobs see `reader`.

    version: changes when `spans`, `extra`, `why` or `beside` say something else of the same rows.
    """
    reader(
        data, shown, key=key, columns=columns, extra=extra, spans=spans, why=why, beside=beside, height=height,
        view=view, hooks=hooks(data), focus=state.focused(), version=f"{version}/{said_of(data)}",
        follow=(drawer.WHY,), brief=brief,
    )  # fmt: skip


def hooks(data: Dataset) -> Hooks:
    """What this session knows of rows, and does with them."""
    return Hooks(
        standing=lambda some: standing(data, some),
        act=lambda act: by_hand(data, act),
        focus=state.focus,
        about=lambda row: with_names(data, engine.recipe.why(state.run(), row).text),
        near=lambda row: alike(data, row),
        tags=[tag.name for tag in engine.marks.summary(data).tags],
        cells=cells(data),
    )


def cells(data: Dataset) -> Cells:
    """What can be corrected in rows, and what was."""
    columns = engine.building.correctable(data)
    return Cells(
        columns,
        fixed=lambda some: [
            {
                key: Fixed(one.value, engine.building.came(data, one.row, key), one.by, one.at)
                for key, one in found.items()
                if key in data.columns
            }
            for found in engine.marks.corrections_at(data, some)
        ],
        stale=lambda some, keys: engine.building.stale(data, some, keys),
        cell=lambda row, key: engine.building.came(data, row, key),
        most=engine.marks.LONGEST_CELL,
        many={columns.get(key, "") for key in data.text_view.columns}
        | {key for key in columns.values() if data.info(key).type in ("json", "list")},
    )


def said_of(data: Dataset) -> str:
    """A stamp of the marks and the recipe: another one, and rows may stand elsewhere."""
    marks = engine.marks.log.revision(data.store, "marks")
    return f"{marks}-{state.recipe().digest[:16]}"


def standing(data: Dataset, some: np.ndarray) -> list[Standing]:
    """The marks on some rows, and which step dropped them."""
    dropped = engine.recipe.dropped_at(state.run(), some).tolist()
    # Where nothing was ever marked nobody needs the rows' keys: at a million rows they take seconds to make.
    marked = engine.marks.log.revision(data.store, "marks") > 0
    marks = engine.marks.of_rows(data, some) if marked else [engine.marks.RowMarks()] * len(some)
    found = []
    for mark, at in zip(marks, dropped, strict=True):
        gone = f"dropped by step {at}" if at > 0 else ""
        found.append(Standing(mark.verdict, mark.tags, mark.note, gone))
    return found


def by_hand(data: Dataset, act: Act) -> str:
    """Do what a person does with rows; says what was done."""
    who, some = state.who(), "The row" if len(act.rows) == 1 else f"{len(act.rows):,} rows"
    be = "is" if len(act.rows) == 1 else "are"
    if act.kind == "undo":
        state.undo()
        said = str(st.session_state.pop("undone", ""))
    elif act.kind == "keep":
        engine.marks.always_keep(data, act.rows, who=who)
        said = f"{some} {be} always kept."
    elif act.kind == "drop":
        engine.marks.never_keep(data, act.rows, who=who)
        said = f"{some} {be} never kept."
    elif act.kind == "undecide":
        engine.marks.undecide(data, act.rows, who=who)
        said = f"{some} {be} left to the steps again."
    elif act.kind == "tag":
        engine.marks.tag(data, act.rows, act.text, who=who)
        said = f"{some} {be} tagged “{act.text}”."
    elif act.kind == "correct":
        row, by = int(act.rows[0]), act.by.strip() or state.name()
        new = engine.marks.correct(data, row, act.column, act.text, by=by, who=who)
        here = "is corrected. The column with it is made on Open." if new else "is as it was."
        if new and row in engine.marks.settled(data, act.column).rows:
            here = "is corrected, but an answer on Review counts above."
        said = f"“{act.column}” of {row_words(data, row)} {here}"
    elif act.kind == "restore":
        engine.marks.restore(data, int(act.rows[0]), act.column, who=who)
        said = f"“{act.column}” of {row_words(data, int(act.rows[0]))} is as it came."
    else:
        engine.marks.note(data, act.rows, act.text, who=who)
        said = f"{some} {be} noted." if act.text else f"The note is gone from {some.lower()}."
    state.was_told()
    return said


def alike(data: Dataset, row: int) -> Alike | None:
    """The rows most like a row, by the newest neighbour graph; None while there is none, or the row has no text."""
    keys = [k for k in data.keys_of("embedding") if f"graph@{k}" in data.added]
    if not keys:
        return None
    graph, nodes = data.graph(keys[-1]), data.embedding(keys[-1]).texts
    node = int(nodes.of_row[row])
    if node < 0:
        return None
    near = np.asarray(graph.neighbours[node][:NEAREST])
    similarity = np.asarray(graph.similarity[node][:NEAREST])[near >= 0]
    found = np.asarray(nodes.first)[near[near >= 0]].astype(np.int64)
    return Alike(found, similarity, int(nodes.count[node]) - 1)
