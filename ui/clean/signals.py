"""Signals: what is measured already, to be cut, and the button to measure more."""

from collections.abc import Collection, Sequence

import streamlit as st

from engine import Dataset
from ui.clean import measuring
from ui.frame import state


def choose(data: Dataset) -> str | None:
    """Let the person choose a column of numbers or dates; or measure a new one."""
    ordered = scores(data)
    which, measure = st.columns([5, 2], vertical_alignment="bottom")
    with measure:
        if st.button("Measure signals", icon=":material/straighten:", width="stretch", key="clean/measure"):
            measuring.show(data)
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
