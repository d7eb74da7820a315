"""Clean: scores and cuts, rules, duplicates, leaks, what each step does, who loses by them, and marks."""

import streamlit as st

from ui.clean import cuts, losers, rules, signals, stages, trade_offs
from ui.clean import marks as marking
from ui.clean.duplicates import page as duplicates
from ui.clean.leaks import page as leaks
from ui.frame import state
from ui.frame.page import page
from ui.widgets.say import part

with page(
    "Clean", hint="Measure every row, then cut where you see fit. Every cut shows the rows on both of its sides."
):
    data = state.dataset()
    done = state.run()
    names = ["Scores and cuts", "Trade-offs", "Rules", "Duplicates", "Leaks", "Steps", "Who loses", "Marks"]
    scores, trades, rule, repeats, leaked, steps, losing, marks = st.tabs(names, key="clean/tab", on_change="rerun")
    if scores.open:
        with scores, part():
            column = signals.choose(data)
            if column:
                cuts.cut(data, column, done.mask)
    if trades.open:
        with trades, part():
            trade_offs.draw(data, done.mask, signals.scores(data))
    with rule, part():  # always drawn: conditions half made would be lost otherwise
        rules.rule(data, done)
    if repeats.open:
        with repeats, part():
            duplicates.draw(data)
    if leaked.open:
        with leaked, part():
            leaks.draw(data)
    if steps.open:
        with steps, part():
            stages.draw(data, done)
    if losing.open:
        with losing, part():
            losers.draw(data, done)
    if marks.open:
        with marks, part():
            marking.draw(data)
