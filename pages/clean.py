"""Clean: scores and cuts, suggestions, rules, duplicates, leaks, what each step does, who loses by them, and marks."""

import streamlit as st

from ui.clean import cuts, losers, rules, signals, stages, suggested, trade_offs
from ui.clean import marks as marking
from ui.clean.duplicates import page as duplicates
from ui.clean.leaks import page as leaks
from ui.clean.learned import page as learned
from ui.frame import state
from ui.frame.page import page
from ui.widgets.say import part

PARTS = {
    "Scores and cuts": cuts.draw,
    "Suggested": suggested.draw,
    "Own models": lambda data, done: learned.draw(data, done.mask),
    "Trade-offs": lambda data, done: trade_offs.draw(data, done, signals.scores(data)),
    "Rules": rules.rule,
    "Duplicates": lambda data, done: duplicates.draw(data),
    "Leaks": lambda data, done: leaks.draw(data),
    "Steps": stages.draw,
    "Who loses": losers.draw,
    "Marks": lambda data, done: marking.draw(data),
}

with page(
    "Clean", hint="Measure every row, then cut where you see fit. Every cut shows the rows on both of its sides."
):
    data, done = state.dataset(), state.run()
    cuts.opened()
    for name, tab in zip(PARTS, st.tabs(list(PARTS), key="clean/tab", on_change="rerun"), strict=True):
        if tab.open or name == "Rules":  # always drawn: conditions half made would be lost otherwise
            with tab, part():
                PARTS[name](data, done)
