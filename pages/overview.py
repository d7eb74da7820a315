"""Overview: rows, columns, repeats, and ten findings in plain words."""

import streamlit as st

from ui.frame import state
from ui.frame.page import page
from ui.overview import hints, overview

with page("Overview"):
    data = state.dataset()
    whole = overview.whole(data)
    overview.head(data, whole)
    hints.next_one(data)
    left, right = st.columns([3, 2], gap="large")
    with right:
        overview.findings(data)
    with left:
        overview.columns(data, whole)
