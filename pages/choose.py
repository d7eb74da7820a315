"""Choose: a budget and a purpose, the choice beside a random one."""

import streamlit as st

from ui.choose import preview, purpose
from ui.choose.audits import section
from ui.choose.draft import draft
from ui.choose.evidence import evidence
from ui.frame import state
from ui.frame.page import page
from ui.widgets.say import part

with page(
    "Choose",
    hint="Set how much to keep and how to choose. The choice runs when you ask, and stands beside a random one.",
):
    data = state.dataset()
    with part():
        purpose.draw(data)
    with st.container(key="form-and-seen"):
        left, right = st.columns([2, 3], gap="large")
    step = None
    with left, part():
        step = draft(data)
    with right, part():
        preview.draw(data, step)
    with right, part():
        evidence(data, state.run())
    with part():
        section.draw(data, state.run())
