"""Export: before and after, warnings, format, proof, and the command that does it at scale."""

import streamlit as st

from ui import exporting, state
from ui.page import page, part

with page("Export"):
    data = state.dataset()
    done = state.run()
    with part():
        exporting.before_after(data, done)
    left, right = st.columns(2, gap="large")
    with left, part():
        exporting.write(data, done)
    with right, part():
        exporting.proof(data)
