"""Signals: what can be measured, what is measured already, and the button that measures."""

import streamlit as st

import engine
from engine import Dataset
from ui import form, jobs
from ui.page import plain


def offer(data: Dataset) -> None:
    """Offer every signal that is not there yet, with its knobs; measuring runs as a job."""
    with st.popover("Measure a signal", icon=":material/straighten:"):
        members = {**engine.specs.ROW_SIGNALS, **engine.specs.CORPUS_SIGNALS}
        member = form.choose(members, "signal", "Signal")
        values = form.fields(member, data, "signal")
        if not form.complete(member, values):
            st.info("This signal stands on an embedding. Embed the corpus on the Open page first.")
            return
        made = engine.specs.spec("signal", member.name, values)
        key = engine.specs.key_of(made)
        if key in data.added:
            st.caption(f"{plain(key)} is there already.")
        if st.button("Measure", type="primary", disabled=key in data.added, key="signal/go"):
            jobs.start(data, {key: made})


def choose(data: Dataset) -> str | None:
    """Let the person choose a column of numbers, signals first."""
    numbers = [c for c in data.columns.values() if c.type in ("integer", "number")]
    ordered = [c.key for c in numbers if c.origin == "signal"] + [c.key for c in numbers if c.origin != "signal"]
    if not ordered:
        st.info(
            "There are no numbers to cut yet. Measure a signal, such as the number of characters.",
            icon=":material/straighten:",
        )
        return None
    return st.selectbox(
        "Score", ordered, key="clean/column", help="Signals come first, then the numbers of the corpus itself."
    )
