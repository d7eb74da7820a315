"""Review: a queue of rows worked through by keys; how labels are balanced; labels of several sets brought together."""

import streamlit as st

from ui.frame import state
from ui.frame.page import page
from ui.review import labels, queue, round_trip, schemas
from ui.review.balance import page as balance

with page("Review"):
    view = st.segmented_control(
        "View", ["Queue", "Balance", "Schemas"], default="Queue", key="review/view", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    data = state.dataset()
    of = labels.choose(data)
    if view == "Balance":
        balance.draw(data, of)
    elif view == "Schemas":
        schemas.draw(data, of)
    else:
        rows = queue.draw(data, of)
        if of.label:
            queue.corrected(data, of)
            round_trip.draw(data, of, rows)
