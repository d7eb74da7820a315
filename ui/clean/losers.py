"""Who loses: how much of each group the recipe keeps, the rows that it loses, and what can be done about it."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.dataset import with_names
from engine.look import Loss, Losses
from ui.clean import sides
from ui.frame import reading
from ui.frame.steps import take
from ui.widgets.say import part, plain, share

MOST = 200
ALL = "all steps together"


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """The groups of a column, the hardest hit first; of the one that is chosen its lost rows and the ways out."""
    if len(done.stages) < 2:
        st.info("Add a step to the recipe, then see here which groups lose by it.", icon=":material/groups:")
        return
    columns = engine.look.loss_columns(data)
    if not columns:
        st.info(
            "There is no column of groups. Topics, labels and other categories make groups, and so do lengths.",
            icon=":material/groups:",
        )
        return
    by, of = st.columns(2)
    column = by.selectbox("Groups by", columns, key="losers/column")
    at = of.selectbox(
        "Lost by", range(len(done.stages)), 0 if len(done.stages) > 2 else 1, key="losers/at",
        format_func=lambda i: f"{i}. {done.stages[i].step.label()}" if i else ALL,
    )  # fmt: skip
    before, after = engine.look.left_at(done, at)
    found = engine.look.losses(data, column, before, after)
    if not found.groups:
        st.caption("No row has a value there.")
        return
    _warning(found)
    table, act = st.columns([3, 2], gap="medium")
    with table:
        chosen = _table(found, f"{column}/{at}/{done.recipe.digest[:12]}")
    with act, part():
        _ways(done, chosen, at)
    mine = before & ~after & engine.recipe.verdict(data, chosen.where, data.rows()).keep
    lost = np.flatnonzero(mine)
    st.markdown(f"**Lost of {plain(chosen.name)}**, a random ten of {len(lost):,}")
    reading.rows(
        data, sides.some(lost), key="losers/rows", version=f"{column}/{at}",
        why=lambda rows: [with_names(done.data, w.text) for w in engine.recipe.whys(done, rows)],
    )  # fmt: skip


def _warning(found: Losses) -> None:
    """The groups that fall to nothing, or far below the others."""
    hit = found.far_below()
    if not hit:
        return
    said = ", ".join(f"{g.name[:40]} ({'none' if not g.after else share(g.after, g.before)})" for g in hit[:5])
    more = f" and {len(hit) - 5:,} more" if len(hit) > 5 else ""
    fall = "1 group keeps" if len(hit) == 1 else f"{len(hit):,} groups keep"
    st.warning(
        plain(f"{fall} less than half of what all keep ({found.kept:.0%}): {said}{more}."), icon=":material/warning:"
    )


def _table(found: Losses, version: str) -> Loss:
    """The groups as a table; gives the chosen one, at first the hardest hit.

    version: changes when the lines may stand elsewhere; the group that was chosen stays chosen, wherever it stands.
    """
    shown, held = found.groups[:MOST], f"losers/held/{found.column}"
    picked = st.dataframe(
        {
            "Group": [g.name for g in shown],
            "Rows": [g.before for g in shown],
            "Stay": [g.after for g in shown],
            "Kept": [100 * g.kept for g in shown],
        },
        hide_index=True, width="stretch", height=min(35 * (len(shown) + 1) + 2, 388),
        key=f"losers/table/{version}", on_select="rerun", selection_mode="single-row",
        column_config={
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Stay": st.column_config.NumberColumn(format="localized"),
            "Kept": st.column_config.ProgressColumn(format="%.0f%%", min_value=0, max_value=100),
        },
    )  # fmt: skip
    if len(found.groups) > MOST:
        st.caption(f"{len(found.groups) - MOST:,} more groups lose less.")
    rows = picked["selection"]["rows"]
    if rows and rows[0] < len(shown):
        st.session_state[held] = shown[rows[0]].name
    return next((g for g in shown if g.name == st.session_state.get(held)), shown[0])


def _ways(done: "engine.recipe.Run", group: Loss, at: int) -> None:
    """Spare the chosen group, or give it a cut of its own."""
    st.markdown(
        f"**{plain(group.name)}** keeps {share(group.after, group.before)}: {group.after:,} of {group.before:,}."
    )
    spared = engine.look.spared(done, group, at)
    steps = sum(a != b for a, b in zip(spared.steps, done.recipe.steps, strict=True))
    those = "this step" if at else "1 step" if steps == 1 else f"{steps} steps"
    if st.button(
        f"Spare it from {those}" if steps else "No filter can spare it", icon=":material/shield:", key="losers/spare",
        disabled=not steps, width="stretch",
        help="Its rows stay whatever the step says of them. Steps that pick, or look at other rows, spare nobody.",
    ):  # fmt: skip
        take(spared, f"spared: {group.name}")
    quota = st.slider("Of its rows shall stay at least, %", 5, 100, 50, 5, key="losers/quota")
    if not at:
        st.caption("Choose one step above to give the group a cut of its own.")
        return
    step = engine.look.own_cut(done, group, at, quota / 100)
    if step is None:
        ranged = engine.look.cut_of(done.stages[at].step)
        st.caption("It keeps as much already." if ranged else "Only a cut through numbers can be widened for a group.")
        return
    st.caption(plain(step.sentence()))
    if st.button("Give it this cut of its own", key="losers/own", icon=":material/tune:", width="stretch"):
        take(done.recipe.changed(engine.look.recipe_place(done, at), step), f"a cut of its own: {group.name}")
