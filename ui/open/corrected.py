"""Cells that people corrected in a row that is open, and labels that they answered: the column that has them."""

import streamlit as st

import engine
from engine import Dataset
from engine.marks import Corrected
from ui.frame import jobs
from ui.widgets.say import plain


def draw(data: Dataset) -> None:
    """Each column in which cells were corrected, with what can be done; nothing where none was."""
    found = engine.building.in_question(data)
    if not found:
        return
    st.subheader("Corrected cells", anchor=False)
    st.caption(
        "What was corrected becomes a column beside the original, which stays: cut by either, export either. Who "
        "corrected and when goes out with the recipe."
    )
    for one in found:
        with st.container(border=True):
            _column(data, one)


def _column(data: Dataset, one: Corrected) -> None:
    column, there = one.column, engine.building.corrected_column(data, one.column)
    new = engine.building.lacks(data, column)
    answered = len(engine.marks.settled(data, column).rows)
    st.markdown(_said(one, answered, there, new))
    of_text = column in data.text_view.columns or there in data.text_view.columns
    make, use = st.columns(2)
    label = "Make the corrected column" if there is None else f"Take up {new:,} {'change' if new == 1 else 'changes'}"
    if new and not (of_text and there) and make.button(label, key=f"corrected/make/{column}", icon=":material/edit:"):
        with st.spinner("Making the column"):
            engine.building.with_corrected(data, column)
        st.rerun()
    if of_text and (new or there not in data.text_view.columns):
        if use.button(
            "Use the corrected text", key=f"corrected/use/{column}", type="primary", icon=":material/article:"
        ):
            _use(data, column)
        st.caption(
            "Then rows are read, searched and measured by the corrected text. Vectors of texts that did not change are "
            "taken from disk; what else was measured on the text is measured anew, as a job."
        )


def _said(one: Corrected, answered: int, there: str | None, new: int) -> str:
    by = f" by {plain(', '.join(one.by))}" if one.by else ""
    said = f"**{plain(one.column)}**: {one.cells:,} {'cell' if one.cells == 1 else 'cells'} corrected{by}."
    if answered:
        said += f" {answered:,} {'label' if answered == 1 else 'labels'} answered on Review: an answer counts above."
    if one.gone:
        said += f" {one.gone:,} more of rows that are gone for now: passed over."
    if there is None:
        return said
    has = "has them all" if not new else f"lacks {new:,} {'change' if new == 1 else 'changes'}"
    return f"{said} The column **{plain(there)}** {has}."


def _use(data: Dataset, column: str) -> None:
    """The text is read from the corrected column; what was measured on the text is measured on that one."""
    again = engine.building.on_the_text(data)
    with st.spinner("Making the column"):
        data = engine.building.reads_corrected(engine.building.with_corrected(data, column), column)
    for key in [key for key in st.session_state if str(key).startswith("view/")]:
        del st.session_state[key]  # the form above shows what is read now
    missing = {key: made for key, made in again.items() if key not in data.added}
    if missing:
        jobs.start(data, missing, "Measure on the corrected text")
    st.rerun()
