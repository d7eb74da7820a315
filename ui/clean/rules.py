"""Rules: conditions put together, with what they would keep before they are added."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset, EngineError, Step
from ui.clean import dialects, sides
from ui.frame import reading, state
from ui.frame.steps import add_step
from ui.widgets import conditions
from ui.widgets.say import message, part, plain

JUDGED = {"each": "Each row by itself", "among": "Rows among the others", "known": "Limits that are known"}


def rule(data: Dataset, done: "engine.recipe.Run") -> None:
    """Draw the form of a rule, and live what it would do to the rows left."""
    judged = st.segmented_control(
        "The rule judges", list(JUDGED), default="each", format_func=JUDGED.__getitem__, key="rule/judges",
        required=True,
        help="Among the others: a cap on the rows of each source, or on their repeats. It counts the rows that are "
        "left, so it stands in no group of conditions. Limits that are known: what Gopher, C4 or FineWeb cut by.",
    )  # fmt: skip
    if judged == "known":
        dialects.draw(data, done)
        return
    knobs, effect = st.columns([2, 3], gap="large")
    step = None
    with knobs, part():
        step = conditions.build(data, "rule") if judged == "each" else conditions.among(data, "rule/among")
        if step is None:
            st.caption("Fill in the fields to see the effect.")
    if step is None:
        return
    with effect:
        try:
            with st.spinner("Trying the rule…"):
                before, keep = _tried(data, done, step)
        except EngineError as error:
            message(error)
            return
        stays, goes = np.flatnonzero(before & keep), np.flatnonzero(before & ~keep)
        st.markdown(plain(step.sentence()))
        words, button = st.columns([3, 1], vertical_alignment="center")
        words.markdown(f"**{len(stays):,}** of {int(before.sum()):,} rows would stay; **{len(goes):,}** would go.")
        if button.button("Add this rule", type="primary", key="rule/add", width="stretch"):
            add_step(step)
        left, right = st.columns(2)
        for place, name, rows in ((left, "Would stay", stays), (right, "Would go", goes)):
            with place:
                st.markdown(f"**{name}**, a random ten of {len(rows):,}")
                reading.rows(data, sides.some(rows), key=f"rule/{name}")


def _tried(data: Dataset, done: "engine.recipe.Run", step: Step) -> tuple[np.ndarray, np.ndarray]:
    """The rows left, and those that a rule would keep, both bool (n,); beside others: where the step would stand."""
    if step.do not in engine.recipe.AMONG:
        return done.mask, engine.recipe.verdict(data, step, data.rows()).keep
    rows, before = state.left_before_selectors(), np.zeros(data.n, bool)
    before[rows] = True
    return before, engine.recipe.verdict_among(data, step, rows, done.kept_by_hand).keep
