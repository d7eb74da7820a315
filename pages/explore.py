"""Explore: the map, the topics, search, and any row in full."""

import streamlit as st

from ui import explore, searching, state, topic_tree
from ui.page import page
from ui.row import drawer
from ui.selection_bar import alone, bar

with page("Explore"):
    data = state.dataset()
    bar(data)
    left, right = st.columns([5, 3], gap="medium")
    with left:
        explore.map_panel(data)
    with right:
        row = st.session_state.get("row")
        if row is not None and row < data.n:
            with st.container(border=True):
                drawer(data, int(row))
        topics, search, chosen = st.tabs(["Topics", "Search", "Selected rows"])
        with topics:
            topic_tree.tree(data)
        with search:
            searching.search(data)
        with chosen:
            alone(data)
