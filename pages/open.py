"""Open: files become a dataset; what it costs to prepare it; edits of its columns; rows that could not be read."""

import streamlit as st

from ui.frame import jobs, state
from ui.frame.page import page
from ui.open import corrected, demo, disk, edits, known, logged, prepare, source
from ui.widgets.say import part

with page(
    "Open",
    needs_dataset=False,
    bar=False,
    hint="Open a file, a folder or several files; then let Winnow prepare the map and the scores.",
):
    store = state.chosen()
    left, right = st.columns([3, 2], gap="large")
    with right, part():
        st.subheader("In this workspace", anchor=False)
        known.draw(state.stores(), store)
        if not state.stores():
            st.info("Nothing is open yet. Choose a file on the left, or make the demo corpus.")
        demo.offer()
    with left:
        tabs = st.tabs(["Open a source"] if store is None else ["Prepare", "Text and edits", "Open a source"])
        with tabs[-1], part():
            jobs.follow_opening()
            source.new()
        if store is not None:
            with tabs[0], part():
                prepare.cards(state.dataset())
                source.rejected(store)
                disk.draw(state.dataset())
            with tabs[1], part():
                edits.read_as(state.dataset())
                corrected.draw(state.dataset())
                edits.draw(state.dataset())
                logged.draw(state.dataset())
