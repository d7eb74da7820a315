"""Rules: any filter, with what it would keep before it is added, and which groups lose by the recipe."""

from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from ui import charts, cuts, form
from ui.drawer import add_step
from ui.page import plain
from ui.table import table


def rule(data: Dataset, done: "engine.replay.Run") -> None:
    """Draw the form of a filter, and live what it would do to the rows left."""
    knobs, effect = st.columns([1, 2], gap="large")
    with knobs:
        offered = {
            name: member
            for name, member in engine.recipe.FILTERS.items()
            if not any(p.kind in form.HIDDEN and p.required for p in member.params)
        }
        member = form.choose(offered, "rule", "Rule")
        values = form.fields(member, data, "rule")
        turned = st.checkbox("Turn around: keep the rest", key="rule/not")
        if not form.complete(member, values):
            st.caption("Fill in the fields to see the effect.")
            return
        step = Step(member.name, cast(dict, values)).checked()
        step = Step("not", steps=(step,)) if turned else step
    with effect:
        keep = engine.replay.verdict(data, step, data.rows()).keep
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
                table(data, cuts.some(rows), f"rule/{name}")


def losers(data: Dataset, done: "engine.replay.Run") -> None:
    """For each group of a column: how many of its rows the recipe keeps, the hardest hit first."""
    columns = [
        c.key for c in data.columns.values() if c.type in ("category", "text", "boolean") or c.origin == "clusters"
    ]
    if not columns or len(done.stages) < 2:
        st.info("Add a step to the recipe, then see here which groups lose by it.", icon=":material/groups:")
        return
    column = st.selectbox("Groups by", columns, key="losers/column")
    codes, labels = data.codes(column)
    names = [*labels, "no value"]
    groups = np.where(codes < 0, len(labels), codes)
    total = np.bincount(groups, minlength=len(names))
    kept = np.bincount(groups[done.mask], minlength=len(names))
    share = kept / np.maximum(total, 1)
    large = np.flatnonzero(total >= max(1, data.n // 2000))
    order = large[np.argsort(share[large], kind="stable")][:25]
    st.caption(
        f"All groups together keep {kept.sum() / max(total.sum(), 1):.1%}. The hardest hit groups with at least "
        f"{max(1, data.n // 2000):,} rows come first."
    )
    charts.bars(
        [names[i] for i in order],
        kept[order].tolist(),
        "losers/chart",
        others=total[order].tolist(),
        height=80 + 22 * len(order),
    )
