"""Groups such as sources or speakers: how much of the corpus comes from few of them, and a cap on each as a step."""

from dataclasses import replace

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from engine.labels import Cap, Concentration
from ui.frame import state, steps
from ui.widgets import charts
from ui.widgets.say import plain, share

_KEY = "review/balance/groups"
CAPPED = "at_most"
SHOWN, CURVE = 15, 200
"""Groups in the chart of bars, and in the curve beside it."""


def draw(data: Dataset) -> None:
    """Choose what makes the groups; see how concentrated they are; cap them."""
    columns = sorted(engine.look.group_columns(data), key=lambda name: _meant(data, name))
    if not columns:
        st.info(
            "No column makes groups: none has values that come again. Say on Open which column holds the source or the "
            "speaker.", icon=":material/category:",
        )  # fmt: skip
        return
    column = st.selectbox(
        "Groups by", columns, key=f"{_KEY}/column", help="Such as the source, the speaker or the label."
    )
    rows, there = _ground(column)
    if not len(rows):
        st.info("The steps before leave no row. Switch one off, or loosen it.", icon=":material/tune:")
        return
    found = engine.labels.concentration(data, column, rows)
    _figures(found)
    cap = _cap(found, column)
    if cap is not None:
        _step(column, cap, found, there)
    _charts(found, cap, column)


def _meant(data: Dataset, column: str) -> int:
    """The source first, then what came with the corpus, then what was measured; else in the order given."""
    info = data.info(column)
    return 0 if info.role == "source" else 1 if info.origin in ("source", "edit") else 2


def _ground(column: str) -> tuple[np.ndarray, Step | None]:
    """The rows that come to a cap on this column, int64, and the step that caps it, None where there is none."""
    done = state.run()
    at = next(
        (i for i, s in enumerate(done.stages) if i and s.step.do == CAPPED and s.step.params["column"] == column),
        None,
    )
    if at is None:
        return state.left_before_selectors(), None
    return np.sort(engine.recipe.rows_of(done.stages[at - 1], done.data.n)), done.stages[at].step


def _figures(found: Concentration) -> None:
    with st.container(horizontal=True, gap="large"):
        for groups, held in found.top[:3]:
            name = "The largest" if groups == 1 else f"The {groups:,} largest"
            if groups < len(found.values) or groups == 1:
                st.metric(name, share(held * found.rows, found.rows), width="content", help="Of the rows with a value")
        st.metric(
            "As if even among", f"{found.effective:,.1f} of {len(found.values):,}", width="content",
            help="So many groups of one size would be as concentrated.",
        )  # fmt: skip
        st.metric(
            "Gini", f"{found.gini:.2f}", width="content", help="0 where all have as many, towards 1 where one has all."
        )
    if found.missing:
        st.caption(f"{found.missing:,} {'row has' if found.missing == 1 else 'rows have'} no value: no cap drops them.")


def _cap(found: Concentration, column: str) -> Cap | None:
    """The cap that brings the largest group to the share that is asked for; None where there is nothing to cap."""
    least, top = 100 / len(found.values), 100 * found.top[0][1]
    step = 1.0 if top - least > 5 else 0.1
    lowest, highest = step * np.ceil(least / step - 1e-9), step * np.floor(top / step - 1e-9)
    if highest <= lowest:
        st.caption("The groups are as good as even: no cap brings the largest further down.")
        return None
    wanted = st.slider(
        "No group more than so many percent of what stays", float(lowest), float(highest),
        float(np.clip(step * round(top / 2 / step), lowest, highest)), step, key=f"{_KEY}/share/{column}/{lowest:.1f}/"
        f"{highest:.1f}", format="%.0f%%" if step == 1.0 else "%.1f%%",
    )  # fmt: skip
    return engine.labels.cap_to_share(np.array([rows for _, rows in found.values]), wanted / 100)


def _charts(found: Concentration, cap: Cap | None, column: str) -> None:
    bars, curve = st.columns([3, 2], gap="large")
    some = found.values[:SHOWN]
    with bars:
        st.markdown(
            "##### Rows of the largest groups, and what a cap leaves" if cap else "##### Rows of the largest groups"
        )
        charts.bars(
            [name for name, _ in some], [min(rows, cap.most) if cap else rows for _, rows in some],
            f"{_KEY}/bars/{column}", others=[rows for _, rows in some] if cap else None,
            height=max(260, 80 + 22 * len(some)),
        )  # fmt: skip
        if len(found.values) > SHOWN:
            st.caption(f"The {SHOWN} largest of {len(found.values):,}.")
    with curve:
        st.markdown("##### Share of rows that the largest hold")
        held = found.held(CURVE)
        charts.line(
            range(len(held)), held, f"{_KEY}/curve/{column}", x="groups, the largest first", y="",
            height=240, ticks="d",
        )  # fmt: skip


def _step(column: str, cap: Cap, found: Concentration, there: Step | None) -> None:
    """What the cap does, and the button that makes it a step of the recipe."""
    gone = found.rows - cap.kept
    words, go = st.columns([3, 1], vertical_alignment="center")
    words.markdown(
        f"At most **{cap.most:,}** rows of each {plain(column)}: **{cap.kept:,}** of {found.rows:,} stay, {gone:,} go, "
        f"from {cap.capped:,} {'group' if cap.capped == 1 else 'groups'}. The largest then has "
        f"{share(min(cap.most, found.values[0][1]), cap.kept)}."
    )
    now = there.params.get("most") if there else None
    button = "Cap each group" if there is None else f"Change the cap from {now:,}"
    if go.button(
        button, type="primary", icon=":material/content_cut:", key=f"{_KEY}/go", width="stretch",
        disabled=now == cap.most,
        help="A step of the recipe: the first rows of each group stay. Undo takes it back; in the drawer you can let "
        "another column decide which rows stay.",
    ):  # fmt: skip
        if there is None:
            steps.add_step(Step(CAPPED, {"column": column, "most": cap.most}))
        else:
            recipe = state.recipe()
            changed = replace(there, params={**there.params, "most": cap.most}).checked()
            steps.take(recipe.changed(recipe.steps.index(there), changed), f"changed: {changed.label()}")
