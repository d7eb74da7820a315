"""Rules: conditions put together, with what they would keep before they are added; and which groups lose."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset, EngineError
from ui.clean import cuts
from ui.frame import reading
from ui.frame.steps import add_step
from ui.widgets import charts, conditions
from ui.widgets.say import message, part, plain


def rule(data: Dataset, done: "engine.recipe.Run") -> None:
    """Draw the form of a rule, and live what it would do to the rows left."""
    knobs, effect = st.columns([2, 3], gap="large")
    step = None
    with knobs, part():
        step = conditions.build(data, "rule")
        if step is None:
            st.caption("Fill in the fields to see the effect.")
    if step is None:
        return
    with effect:
        try:
            with st.spinner("Trying the rule…"):
                keep = engine.recipe.verdict(data, step, data.rows()).keep
        except EngineError as error:
            message(error)
            return
        before = done.mask
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
                reading.rows(data, cuts.some(rows), key=f"rule/{name}")


def losers(data: Dataset, done: "engine.recipe.Run") -> None:
    """For each group of a column: how many of its rows the recipe keeps, the hardest hit first."""
    if len(done.stages) < 2:
        st.info("Add a step to the recipe, then see here which groups lose by it.", icon=":material/groups:")
        return
    columns = engine.look.group_columns(data)
    if not columns:
        st.info(
            "There is no column of groups. Topics, labels and other categories make groups.", icon=":material/groups:"
        )
        return
    column = st.selectbox("Groups by", columns, key="losers/column")
    found = engine.look.groups(data, column, done.mask)
    names, total, kept, share = found.names, found.before, found.after, found.kept
    least = max(1, data.n // 2000)
    large = np.flatnonzero(total >= least)
    if not len(large):
        st.caption(f"Every group of {plain(column)} has fewer than {least:,} rows: too few to judge.")
        return
    order = large[np.argsort(share[large], kind="stable")][:25]
    st.caption(
        f"All groups together keep {kept.sum() / max(total.sum(), 1):.1%}. The hardest hit groups with at least "
        f"{least:,} rows come first."
    )
    charts.bars(
        [f"{share[i]:.0%} {names[i]}" for i in order],
        kept[order].tolist(),
        "losers/chart",
        others=total[order].tolist(),
        height=80 + 22 * len(order),
    )
    if loss := found.loss():
        st.warning(plain(loss))
