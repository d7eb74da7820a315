"""Clean: scores and cuts, rules, and who loses by them."""

import streamlit as st

from ui import cuts, rules, signals, state
from ui.page import page

with page(
    "Clean", hint="Measure every row, then cut where you see fit. Every cut shows the rows on both of its sides."
):
    data = state.dataset()
    scores, rule, losers = st.tabs(["Scores and cuts", "Rules", "Who loses"])
    with scores:
        signals.offer(data)
        column = signals.choose(data)
        if column:
            cuts.cut(data, column, state.run())
    with rule:
        rules.rule(data, state.run())
    with losers:
        rules.losers(data, state.run())
