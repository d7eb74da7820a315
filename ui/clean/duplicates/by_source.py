"""By source: how much of each repeats, itself and others, and the step that lets so many repeats of each stay."""

from dataclasses import replace
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine.look import Redundancy, duplicates
from ui.clean.duplicates import cut
from ui.frame import state
from ui.widgets import form
from ui.widgets.say import part, plain, share

NAME = "duplicates/sources"
MOST = 200
COLUMNS = {
    "Rows": st.column_config.NumberColumn(format="localized"),
    "Would go": st.column_config.NumberColumn(format="localized", help="They repeat a row that stays"),
    "Share": st.column_config.NumberColumn(format="%.1f%%", help="Of the rows of the source"),
    "Of its own": st.column_config.NumberColumn(format="localized", help="They repeat a row of the same source"),
    "Of others": st.column_config.NumberColumn(format="localized", help="They repeat a row of another source"),
    "Capped": st.column_config.NumberColumn(format="localized", help="So many would go with the cap"),
}


def draw(on: duplicates.Ground, threshold: float, wish: duplicates.Wish) -> None:
    """The values of a column with what repeats in each, and the cap; counted only while it is open."""
    with st.expander("By source", icon=":material/source:", key=NAME, on_change="rerun") as opened, part():
        if not opened.open:
            return
        columns = engine.look.source_columns(on.data)
        if not columns:
            st.info("No column has values that come again, such as a source or a label.", icon=":material/source:")
            return
        cap = _wanted(on, columns)
        found = engine.look.redundancy_of(on.data, duplicates.groups_at(on, threshold, wish), cap.column)
        one = duplicates.groups_at(on, threshold, replace(wish, most=1))
        gone = engine.look.redundancy_of(on.data, one, cap.column).beyond(cap.percent)
        _table(found, gone)
        words, button = st.columns([3, 2], vertical_alignment="center")
        count, rows = int(gone.sum()), len(on.rows)
        about = "about " if duplicates.crowded(on) else ""
        words.markdown(f"With this cap {about}**{count:,}** of {rows:,} rows would go ({share(count, rows)}).")
        with button:
            cut.button(on, threshold, wish, cap)


def _wanted(on: duplicates.Ground, columns: list[str]) -> duplicates.Cap:
    """The column and the cap that the person chose; those of the step that caps these pairs, where there is one."""
    step = None if on.at is None else state.recipe().steps[on.at]
    there = step.params if step and "percent" in step.params else {"column": columns[0], "percent": 10.0}
    which, knob = st.columns([3, 2], vertical_alignment="bottom")
    at = columns.index(str(there["column"])) if there["column"] in columns else 0
    column = which.selectbox(
        "Source", columns, at, key=f"{NAME}/column", help="What says where a row is from, or any other groups of rows."
    )
    with knob:
        percent = form.number(
            "Repeats that may stay, in percent", cast(float, there["percent"]), f"{NAME}/percent", whole=False, low=0,
            high=100, step=1.0,
            about="A cap: of each source so many repeats stay that they are no more than this share of its rows that "
            "stay, the most wanted first. 0: none stays, 100: all do. Without a source none stays.",
        )  # fmt: skip
    return duplicates.Cap(column, 0.0 if percent is None else percent)


def _table(found: Redundancy, gone: np.ndarray) -> None:
    """A line a value, the one with the largest share of repeats first, and which of them repeat each other most."""
    order = found.order[:MOST]
    table = {
        "Source": [found.names[i] for i in order],
        "Rows": found.rows[order],
        "Would go": found.repeats[order],
        "Share": 100 * found.share[order],
        "Of its own": (found.repeats - found.elsewhere)[order],
        "Of others": found.elsewhere[order],
        "Capped": gone[order],
    }
    st.dataframe(
        table, hide_index=True, width="stretch", height=min(35 * (len(order) + 1) + 2, 388), column_config=COLUMNS,
    )  # fmt: skip
    said = [f"“{plain(a)}” and “{plain(b)}” ({_rows(one + other)})" for a, b, one, other in found.shared[:3]]
    if said:
        st.caption(f"Repeat each other most: {' · '.join(said)}")
    if len(found.order) > MOST:
        st.caption(f"{len(found.order) - MOST:,} more values are not shown here.")


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
