"""Export: before and after, warnings, format, proof, and the command that does it at scale."""

import streamlit as st

from ui import export
from ui.frame import state
from ui.frame.page import page
from ui.widgets.say import part

with page("Export"):
    data = state.dataset()
    done = state.run()
    with part():
        export.before_after(data, done)
    left, right = st.columns(2, gap="large")
    with left, part():
        export.write(data, done)
    with right, part():
        export.proof(data)
