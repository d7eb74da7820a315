"""Signals: what can be measured, what is measured already, and the button that measures."""

from collections.abc import Collection, Sequence

import streamlit as st

import engine
from engine import Dataset
from ui.frame import jobs, state
from ui.widgets import form
from ui.widgets.say import part, plain


def offer(data: Dataset) -> None:
    """Offer every signal that is not there yet, with its knobs and cost; measuring runs as a job."""
    with st.popover("Measure a signal", icon=":material/straighten:", width="stretch"), part():
        members = {**engine.signals.ROW_SIGNALS, **engine.signals.CORPUS_SIGNALS, **engine.signals.OWN_SIGNALS}
        member = form.choose(members, "signal", "Signal")
        values = form.fields(member, data, "signal")
        if not form.complete(member, values):
            lacks = (
                "columns of numbers"
                if not member.of_kind("embedding")
                else "an embedding: embed the corpus on Open first"
            )
            st.info(f"This signal stands on {lacks}.")
            return
        made = engine.building.spec("signal", member.name, values)
        key = engine.building.key_of(made)
        if key in data.added:
            st.caption(f"{plain(key)} is there already.")
        else:
            st.caption(f"Takes {plain(engine.building.cost(data, made).words())}.")
        if st.button("Measure", type="primary", disabled=key in data.added, key="signal/go", width="stretch"):
            jobs.start(data, {key: made}, f"Measure {key}")


def choose(data: Dataset) -> str | None:
    """Let the person choose a column of numbers or dates; or measure a new one."""
    ordered = scores(data)
    which, measure = st.columns([5, 2], vertical_alignment="bottom")
    with measure:
        offer(data)
    if not ordered:
        which.info(
            "There are no numbers to cut yet. Measure a signal, such as the number of characters.",
            icon=":material/straighten:",
        )
        return None
    cut = {str(step.params.get("column")) for step in state.recipe().steps}
    return which.selectbox(
        "Score",
        ordered,
        begins(data, ordered, cut),
        key="clean/column",
        help="Signals come first, then the numbers and dates of the corpus itself; what only names rows comes last. "
        "The page begins with the first that no step cuts yet.",
    )


def scores(data: Dataset) -> list[str]:
    """The columns that can be cut, the likeliest first: signals, the newest before the others, then real numbers, whole
    ones, dates, sizes of groups of repeats, and what names rows."""
    kinds = ("number", "integer", "date")
    found = [c for c in data.columns.values() if c.type in kinds]
    signals = [c for c in found if c.origin == "signal" and data.added[c.thing].family == "signal"]
    rest = sorted(
        (c for c in found if c not in signals),
        key=lambda c: (c.names_rows, c.origin == "signal", kinds.index(c.type)),
    )
    return [c.key for c in (*reversed(signals), *rest)]


def begins(data: Dataset, ordered: Sequence[str], cut: Collection[str]) -> int:
    """The place of the score that the page begins with: the first that no step cuts yet and that does not name rows."""
    return next((i for i, name in enumerate(ordered) if name not in cut and not data.info(name).names_rows), 0)
