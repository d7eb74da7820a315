"""Overview: rows, columns, repeats, and an inbox of what is wrong."""

import streamlit as st

from ui.frame import state
from ui.frame.page import page
from ui.overview import findings, hints, overview

with page("Overview"):
    data = state.dataset()
    whole = overview.whole(data)
    overview.head(data, whole)
    hints.next_one(data)
    left, right = st.columns([5, 3], gap="large")
    with right:
        overview.columns(data, whole)
    with left:
        findings.inbox(data)
