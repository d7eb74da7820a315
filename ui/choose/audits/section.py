"""The section Audits of the page Choose: closed at first, one audit at a time."""

from collections.abc import Callable, Mapping

import streamlit as st

import engine
from engine import Dataset
from ui.choose.audits import drivers, gaps, leanings, ties, words_covered
from ui.widgets.say import part

AUDITS: Mapping[str, Callable[[Dataset, "engine.recipe.Run"], None]] = {
    "Groups": gaps.draw,
    "Words of a target": words_covered.draw,
    "Ties of columns": ties.draw,
    "Leanings of the vectors": leanings.draw,
    "Who drives an answer": drivers.draw,
}


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """Which audit, and what it asks for and finds."""
    with st.expander("Audits", icon=":material/fact_check:", key="audits", on_change="rerun") as shown:
        if not shown.open or not data.n:
            return
        which = st.segmented_control(
            "Audit", list(AUDITS), default=next(iter(AUDITS)), key="audit/which", required=True,
            label_visibility="collapsed",
        )  # fmt: skip
        with part():
            AUDITS[str(which)](data, done)
