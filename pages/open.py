"""Open: files become a dataset; what it costs to prepare it; edits of its columns; rows that could not be read."""

import streamlit as st

from ui import edits, jobs, opening, prepare, state
from ui.page import page

with page(
    "Open",
    needs_dataset=False,
    hint="Open a file, a folder or several files; then let Winnow prepare the map and the scores.",
):
    store = state.chosen()
    left, right = st.columns([3, 2], gap="large")
    with right:
        st.subheader("In this workspace", anchor=False)
        opening.known(state.stores(), store)
        if not state.stores():
            st.info("Nothing is open yet. Choose a file on the left, or `winnow demo` makes a corpus.")
    with left:
        tabs = st.tabs(["Open a source"] if store is None else ["Prepare", "Text and edits", "Open a source"])
        with tabs[-1]:
            jobs.follow_opening()
            opening.new()
        if store is not None:
            with tabs[0]:
                prepare.cards(state.dataset())
                opening.rejected(store)
            with tabs[1]:
                edits.text_view(state.dataset())
                edits.draw(state.dataset())
