"""Export: before and after, warnings, format, the first rows, proof, and the command that does it at scale."""

import streamlit as st

from ui.export import preview, proof, scale, write
from ui.export.before_after import before_after
from ui.frame import state
from ui.frame.page import page
from ui.widgets.say import part

with page("Export"):
    data = state.dataset()
    done = state.run()
    with part():
        before_after(data, done)
    left, right = st.columns(2, gap="large")
    first_rows, refused = None, ""
    with left, part():
        first_rows, refused = write.draw(data, done)
    with right, part():
        preview.draw(first_rows, refused)
        proof.draw(data)
        scale.draw(data)
