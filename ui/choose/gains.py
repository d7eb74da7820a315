"""Who gains and who loses by a choice: the share of each group before it, in it, and in as many random rows."""

import streamlit as st

import engine
from engine import Dataset
from ui.widgets import charts
from ui.widgets.say import plain

ENDS = 10
"""Groups drawn of each end; the table has all."""

_TWO_DIGITS = st.column_config.NumberColumn(format="%.2f")


def draw(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """The groups that gain most and lose most of their share by the selector at stage `at`, all of them in a table."""
    columns = engine.look.group_columns(data)
    if not columns:
        return
    st.markdown("##### Who gains, who loses")
    column = st.selectbox("Groups by", columns, key="groups/column")
    chosen, left = (engine.recipe.rows_of(done.stages[i], data.n) for i in (at, at - 1))
    found = engine.look.groups(data, column, chosen, left)
    chance = engine.look.groups(data, column, engine.look.as_many_random(left, len(chosen)), left)
    ends = engine.look.both_ends(found, ENDS)
    groups = int((found.before > 0).sum())
    if len(ends) < groups:
        st.caption(f"The {ENDS} that gain most and the {ENDS} that lose most of {groups:,} groups; the table has all.")
    charts.shares(
        [found.names[i] for i in ends],
        found.share_before[ends],
        found.share_after[ends],
        chance.share_after[ends],
        f"groups/chart/{column}",
    )
    every = engine.look.both_ends(found, len(found.names))
    with st.expander(f"All {groups:,} groups"):
        st.dataframe(
            {
                "Group": [found.names[i] for i in every],
                "Rows before": found.before[every],
                "Rows chosen": found.after[every],
                "% before": found.share_before[every] * 100,
                "% chosen": found.share_after[every] * 100,
                "% random": chance.share_after[every] * 100,
            },
            hide_index=True,
            width="stretch",
            column_config={
                f"% {k}": st.column_config.NumberColumn(format="%.2f") for k in ("before", "chosen", "random")
            },
        )
    if loss := found.loss():
        st.warning(plain(loss))
