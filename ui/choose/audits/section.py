"""The section Audits of the page Choose: closed at first, one audit at a time."""

from collections.abc import Callable, Mapping

import streamlit as st

import engine
from engine import Dataset
from engine.look import kept
from ui.choose.audits import drivers, gaps, leanings, ties, words_covered
from ui.widgets.say import part

LINES = 12
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
        _before(done)


def _before(done: "engine.recipe.Run") -> None:
    """What audits found before and still holds, as it goes out with an export."""
    found = [one for one in kept.all_kept(done, kept.place_of(done)) if one.asked.kind in kept.OF_AUDITS]
    if found:
        with st.popover(f"Found before: {len(found):,}", icon=":material/history:"):
            st.caption("This stays with the choice, or with the corpus, and goes into the exports.")
            for one in found:
                st.markdown(f"##### {kept.MEASURES[one.asked.kind].title}")
                lines = one.found.markdown()
                st.markdown("\n".join(lines[:LINES]) + ("\n- …" if len(lines) > LINES else ""))
