"""How well a probe does on each group, having learned from the choice, from random rows, from all."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.look import GroupGap, kept
from engine.registry import Json
from ui.choose import measured
from ui.choose.audits import asked
from ui.widgets import charts
from ui.widgets.say import plain

SHOWN = 20
PROBES: Mapping[str, Literal["logistic", "nearest"]] = {
    "Nearest neighbours": "nearest",
    "Lines (logistic regression)": "logistic",
}
SAID = {
    "better than random": "The choice narrows the gap.",
    "worse than random": "The choice widens the gap.",
    "no better than random on this": "As far as this tells, random rows do the same.",
    "not measured": "",
}


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """Ask for the groups and the label, then show the gap and each group."""
    st.caption(
        "A small probe learns a label from the choice, from as many random rows and from all rows, and is asked about "
        "rows held out, group by group. It says nothing of a model of your own, which may do otherwise."
    )
    at = asked.choice(done)
    if at is None or not (embedding := asked.embedding(data)):
        return
    columns = asked.groups(data, "There are neither groups nor a label to learn.")
    if not columns:
        return
    left, middle, probes, right = st.columns(4)
    column = left.selectbox("Groups by", columns, key="audit/gap/column")
    label = middle.selectbox("Label that is learned", columns, key="audit/gap/label")
    probe = PROBES[probes.selectbox("Probe", list(PROBES), key="audit/gap/probe", help="Lines may take minutes.")]
    seeds = int(
        right.number_input("Trials", 3, 30, 10, key="audit/gap/seeds", help="More make the intervals narrower.")
    )
    knobs: dict[str, Json] = {"column": column, "probe": probe, "seeds": seeds}
    found = measured.ask(done, at, kept.Asked("gap", embedding, label, knobs), "Measure the gap", kind="primary")
    if isinstance(found, GroupGap):
        _shown(found)


def _shown(found: GroupGap) -> None:
    lines = [
        "| Learned from | Rows | Right, all groups | Right, worst group | Gap, best to worst | By chance |",
        "| --- | ---: | ---: | --- | ---: | ---: |",
    ]
    for arm in found.arms:
        sure = "" if arm.p < 0.05 else " (no more than chance)"
        lines.append(
            f"| {plain(arm.name)} | {arm.rows:,.0f} | {arm.overall:.1%} | {arm.worst:.1%} ({arm.worst_low:.0%} to "
            f"{arm.worst_high:.0%}), {plain(arm.worst_group[:30])} | {arm.gap * 100:.1f} points{sure} | "
            f"{arm.by_chance * 100:.1f} |"
        )
    st.markdown("\n".join(lines))
    st.markdown(
        f"**{SAID[found.verdict]}** The gap of the choice less that of random rows is {found.change * 100:+.1f} points "
        f"({found.low * 100:+.1f} to {found.high * 100:+.1f})."
    )
    groups = found.groups[:SHOWN]
    value = {name: np.array([one.accuracy[name] for one in groups]) for name in ("everything", "choice", "random")}
    st.markdown("##### Right answers by group")
    if len(found.groups) > SHOWN:
        st.caption(f"The {SHOWN} groups of {len(found.groups):,} that the choice serves worst; the table has all.")
    charts.shares(
        [one.group for one in groups], value["everything"], value["choice"], value["random"], "audit/gap/chart",
        words=("all rows", "choice", "random"), title="percent right",
    )  # fmt: skip
    with st.expander(f"All {len(found.groups):,} groups"):
        st.dataframe(
            {
                "Group": [one.group for one in found.groups],
                "% of the rows": [one.before * 100 for one in found.groups],
                "% of the choice": [one.after * 100 for one in found.groups],
                "Asked about": [one.asked for one in found.groups],
                **{f"% right, {name}": [one.accuracy[name] * 100 for one in found.groups] for name in value},
            },
            hide_index=True, width="stretch",
            column_config={
                name: st.column_config.NumberColumn(format="%.1f")
                for name in ("% of the rows", "% of the choice", "Asked about", *(f"% right, {name}" for name in value))
            },
        )  # fmt: skip
    small = f" {found.left_out:,} groups have too few rows to be asked about." if found.left_out else ""
    st.caption(
        f"{found.held_out:,} rows held out in each of {found.seeds} trials, their copies with them. By chance: the gap "
        f"where groups are dealt out to rows at random, as some group always comes off worst.{small}"
    )
    for remark in found.remarks:
        st.caption(plain(remark))
