"""Marks in one place: verdicts, tags, notes and judgements with their counts, and what to do with their rows."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.frame import reading, state
from ui.frame.selection_bar import take
from ui.frame.steps import add_step
from ui.widgets.say import plain

_NAMES = {"always keep": "Always keep", "never keep": "Never keep", "note": "With a note"}


def draw(data: Dataset) -> None:
    """Every kind of mark with its count; the rows of a chosen one can be read, selected, made a step."""
    found = engine.marks.summary(data)
    counts = {"always keep": found.always_keep, "never keep": found.never_keep}
    counts |= {f"tag:{tag.name}": tag.count for tag in found.tags} | {"note": found.note}
    counts |= {f"judged:{column}": count for column, count in found.judgements}
    counts = {what: count for what, count in counts.items() if count}
    if not counts:
        st.info(
            "Nothing is marked yet. Open a row, or select some: decide that they are always or never kept, tag them, "
            "write a note.",
            icon=":material/label:",
        )
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        what = st.radio(
            "Marks", list(counts), format_func=lambda w: f"{plain(_name(w))} · {counts[w]:,}", key="marking/what"
        )
        with st.expander("What was marked lately, in all windows"):
            for entry in engine.marks.changes(data, 30):
                st.caption(f"{entry.at[:16].replace('T', ' ')} · {plain(entry.words)}")
    if what is None:
        return
    rows, extra = _rows(data, what)
    with right:
        _acts(data, what, rows)
        if len(rows) < counts[what]:
            st.caption(f"{counts[what] - len(rows):,} more belong to rows of an earlier revision.")
        reading.rows(data, rows, key=f"marking/{what}", extra=extra, height=560)


def _rows(data: Dataset, what: str) -> tuple[np.ndarray, dict[str, list[str]] | None]:
    """The rows of a mark, and what stands beside them."""
    if what.startswith("judged:"):
        rows, said = engine.marks.judgements(data, what.removeprefix("judged:"))
        return rows, {"Judgement": said}
    rows = engine.marks.rows_with(data, *engine.recipe.mark_of(what))
    return rows, {"Note": [m.note for m in engine.marks.of_rows(data, rows)]} if what == "note" else None


def _acts(data: Dataset, what: str, rows: np.ndarray) -> None:
    with st.container(horizontal=True):
        if st.button("Select them", icon=":material/select_all:", key="marking/select", disabled=not len(rows)):
            take(engine.look.selection.listed(data, rows, f"{len(rows):,} rows: {_name(what)}"))
            st.rerun()
        if what.startswith("judged:"):
            return
        if what in ("always keep", "never keep"):
            if st.button("Leave to the steps", icon=":material/undo:", key="marking/away", disabled=not len(rows)):
                engine.marks.undecide(data, rows, who=state.who())
                st.rerun()
            return
        if st.button("Keep only these", icon=":material/filter_alt:", key="marking/only", help="A step of the recipe"):
            add_step(engine.recipe.marks_step(data, what))
        if st.button("Drop these", icon=":material/filter_alt_off:", key="marking/drop", help="A step of the recipe"):
            add_step(engine.recipe.marks_step(data, what, do="drop"))
        if st.button("Take the mark away", icon=":material/label_off:", key="marking/away", disabled=not len(rows)):
            _away(data, what, rows)
            st.rerun()
        if what.startswith("tag:"):
            _rename(data, what.removeprefix("tag:"))
    st.caption("A step holds the marks of now: rows that are marked later do not enter it.")


def _rename(data: Dataset, name: str) -> None:
    with st.popover("Rename", icon=":material/edit:"):
        new = st.text_input("New name", name, key=f"marking/name/{name}")
        if st.button("Rename the tag", disabled=new == name, key="marking/rename"):
            engine.marks.rename_tag(data, name, new, who=state.who())
            st.rerun()


def _away(data: Dataset, what: str, rows: np.ndarray) -> None:
    """Take a tag or a note from rows; undo brings it back."""
    kind, name = engine.recipe.mark_of(what)
    if kind == "tag":
        engine.marks.untag(data, rows, name, who=state.who())
    else:
        engine.marks.note(data, rows, "", who=state.who())


def _name(what: str) -> str:
    kind, _, name = what.partition(":")
    return _NAMES.get(what) or (f"Tagged “{name}”" if kind == "tag" else f"Judged: {name}")
