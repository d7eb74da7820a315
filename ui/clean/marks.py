"""Marks in one place: tags, trash, keep, drop and notes with their counts, and what to do with their rows."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from ui.frame.selection_bar import current, pin, take
from ui.frame.steps import add_step
from ui.widgets.say import plain
from ui.widgets.table import table

_WORDS = {"trash": "In the trash", "keep": "Marked to keep", "drop": "Marked to drop", "note": "With a note"}


def draw(data: Dataset) -> None:
    """Every mark with its count; a chosen one can be selected, made a step, pinned, renamed; undo and redo."""
    found = engine.marks.summary(data)
    counts = {f"tag:{tag.name}": tag.count for tag in found.tags}
    counts |= {kind: count for kind in _WORDS if (count := getattr(found, kind))}
    history = engine.marks.changes(data)
    _undo(data, found, any(entry.undone for entry in history))
    if not counts:
        st.info(
            "Nothing is marked yet. Open a row, or select some, and tag, keep, drop or trash them.",
            icon=":material/label:",
        )
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        what = st.radio(
            "Marks", list(counts), format_func=lambda w: f"{plain(_name(w))} · {counts[w]:,}", key="marking/what"
        )
        if history:
            with st.expander("What was marked lately"):
                for entry in history[:30]:
                    st.caption(
                        f"{entry.at[:16].replace('T', ' ')} · {plain(entry.words)}" + (" (undone)" * entry.undone)
                    )
    if what is None:
        return
    kind, name = engine.recipe.mark_of(what)
    rows = engine.marks.rows_with(data, kind, name)
    with right:
        _acts(data, what, rows)
        if len(rows) < counts[what]:
            st.caption(f"{counts[what] - len(rows):,} more belong to rows of an earlier revision.")
        notes = {"Note": [m.note for m in engine.marks.of_rows(data, rows)]} if kind == "note" else None
        row = table(data, rows, f"marking/{what}", extra=notes)
        if row is not None:
            st.session_state["row"] = row


def _undo(data: Dataset, found: "engine.marks.Summary", undone: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        last = found.undo
        if st.button("Undo", icon=":material/undo:", key="marking/undo", disabled=last is None) and last:
            engine.marks.undo(data)
            st.rerun()
        if st.button("Redo", icon=":material/redo:", key="marking/redo", disabled=not undone):
            engine.marks.redo(data)
            st.rerun()
        st.caption(f"The last change: {plain(last.words)}" if last else "Marks stay with a row, whatever its number.")


def _acts(data: Dataset, what: str, rows: np.ndarray) -> None:
    kind, name = engine.recipe.mark_of(what)
    with st.container(horizontal=True):
        if st.button("Select them", icon=":material/select_all:", key="marking/select", disabled=not len(rows)):
            take(current().to(engine.recipe.marks_step(data, what), left=False))
            st.rerun()
        if st.button("Keep only these", icon=":material/filter_alt:", key="marking/only", help="A step of the recipe"):
            add_step(engine.recipe.marks_step(data, what))
        if st.button("Drop these", icon=":material/filter_alt_off:", key="marking/drop", help="A step of the recipe"):
            add_step(_dropping(data, what))
        if st.button("Pin to stay", icon=":material/keep:", key="marking/pin", disabled=not len(rows)):
            pin(data, rows, keep=True)
        if st.button("Pin to go", icon=":material/keep_off:", key="marking/unpin", disabled=not len(rows)):
            pin(data, rows, keep=False)
        if kind == "tag":
            with st.popover("Rename", icon=":material/edit:"):
                new = st.text_input("New name", name, key=f"marking/name/{name}")
                if st.button("Rename the tag", disabled=new == name, key="marking/rename"):
                    engine.marks.rename_tag(data, name, new)
                    st.rerun()
        if st.button("Take the mark away", icon=":material/label_off:", key="marking/away", disabled=not len(rows)):
            _away(data, kind, name, rows)
            st.rerun()
    st.caption("A step holds the marks of now: rows that are marked later do not enter it.")


def _dropping(data: Dataset, what: str) -> Step:
    return engine.recipe.marks_step(data, what, do="drop")


def _away(data: Dataset, kind: "engine.marks.Kind", name: str, rows: np.ndarray) -> None:
    """Take one kind of mark from rows; undo brings it back."""
    if kind == "tag":
        engine.marks.untag(data, rows, name)
    elif kind == "trash":
        engine.marks.restore(data, rows)
    elif kind == "note":
        engine.marks.note(data, rows, "")
    else:
        engine.marks.undecide(data, rows)


def _name(what: str) -> str:
    kind, name = engine.recipe.mark_of(what)
    return f"Tagged “{name}”" if kind == "tag" else _WORDS[kind]
