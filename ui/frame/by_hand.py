"""The first line of the recipe: what was decided by hand, on or off, and what came along with an opened recipe."""

from dataclasses import replace

import numpy as np
import streamlit as st

import engine
from engine import ByHand, Dataset
from ui.frame import state
from ui.widgets.say import go, part


def line(data: Dataset) -> None:
    """Draw the line; nothing while there is no verdict."""
    recipe = state.recipe()
    keep, drop = engine.marks.verdicts(data)
    with part():
        _offer(data)
    if not len(keep) and not len(drop):
        return
    counts = [
        f"{len(rows):,} {verdict}" for rows, verdict in ((keep, "always kept"), (drop, "never kept")) if len(rows)
    ]
    switch, line_, read = st.columns([2, 7, 1], vertical_alignment="center", gap="xsmall")
    on = switch.toggle(
        "Verdicts by hand count", recipe.by_hand.on, key=f"by_hand/on/{recipe.by_hand.on}", label_visibility="collapsed"
    )
    said = " · ".join(["**By hand**", *counts])
    line_.markdown(
        f":small[{said}]" if recipe.by_hand.on else f":small[:gray[{said} (off)]]",
        help="Verdicts on rows stand above the steps: they count whatever the steps say.",
    )
    if read.button("", icon=":material/table_rows:", key="by_hand/rows", help="Read these rows", type="tertiary"):
        rows = np.union1d(keep, drop)
        state.select(engine.look.selection.listed(data, rows, f"{len(rows):,} rows decided by hand"))
        st.session_state["explore/open"] = "Selected rows"
        go("explore")
        st.rerun()
    if on != recipe.by_hand.on:
        what = f"switched the verdicts by hand {'on' if on else 'off'}"
        state.change(replace(recipe, by_hand=replace(recipe.by_hand, on=on)), what)
        st.rerun()


def _offer(data: Dataset) -> None:
    """Verdicts that came with a recipe and are not those of the dataset: taken over, or left."""
    recipe = state.recipe()
    if not (recipe.by_hand.keep or recipe.by_hand.drop):
        return
    theirs = engine.recipe.carried(data, recipe)
    if not len(theirs):
        return
    st.info(
        f"This recipe was saved with other verdicts by hand: {len(theirs.keep):,} rows that were always kept and "
        f"{len(theirs.drop):,} that never were are not so here.",
        icon=":material/back_hand:",
    )
    with st.container(horizontal=True):
        if st.button("Take them over", key="by_hand/take", help="They become verdicts of this dataset"):
            engine.marks.take_over(data, theirs.keep, theirs.drop, who=state.who())
            st.rerun()
        if st.button("Leave them", key="by_hand/leave", help="The verdicts stay as they are here"):
            state.change(replace(recipe, by_hand=ByHand(on=recipe.by_hand.on)), "left the verdicts of the recipe")
            st.rerun()
