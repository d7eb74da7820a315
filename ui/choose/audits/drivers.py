"""Which rows drive what a probe tells of a row, and what it would tell without them."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.dataset import called, row_words
from engine.look import Driver, Influences, kept
from engine.registry import Json
from ui.choose import measured
from ui.choose.audits import asked
from ui.frame import state
from ui.widgets.say import plain

PROBES: Mapping[str, Literal["ridge", "nearest"]] = {"Ridge regression": "ridge", "Nearest neighbours": "nearest"}
LONGEST, CELL = 600, 160


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """Ask for a row and a label, and show who speaks for the answer and who against it."""
    st.caption(
        "A small probe learns a label and tells it of one row. Which of the rows that it learned from carry the "
        "answer, and what would it be without them? That is exact for these probes, and a hint for a model of your own."
    )
    labels = asked.groups(data, "There is no label to learn.") if data.n else []
    if not labels or not (embedding := asked.embedding(data)):
        return
    selected = state.selected()
    first, second, third, fourth = st.columns(4)
    row = int(first.number_input("Row", 0, data.n - 1, state.focused() or 0, key="audit/drivers/row"))
    label = second.selectbox("Label that is learned", labels, key="audit/drivers/label")
    probe = PROBES[third.selectbox("Probe", list(PROBES), key="audit/drivers/probe")]
    from_ = fourth.selectbox(
        "Learned from", [*(["choice"] if kept.choice_at(done) is not None else []), "all rows"],
        format_func=lambda name: "the choice" if name == "choice" else name, key="audit/drivers/from",
    )  # fmt: skip
    knobs: dict[str, Json] = {"rows": [row], "probe": probe, "from": from_}
    if selected is not None and selected.any():
        if st.toggle(f"Leave out the {int(selected.sum()):,} selected rows", key="audit/drivers/out"):
            knobs["out"] = engine.recipe.listed_ref(data, np.flatnonzero(selected))
    found = measured.ask(
        done, kept.place_of(done), kept.Asked("influence", embedding, label, knobs), "Ask who drives it",
        kind="primary",
    )  # fmt: skip
    if isinstance(found, Influences):
        _shown(data, found)


def _shown(data: Dataset, found: Influences) -> None:
    (one,) = found.rows
    own = f"; its own label is **{plain(one.own)}**" if one.own else "; it has no label"
    st.markdown(
        f"{plain(row_words(data, one.row, begins=True))} is told **{plain(one.told)}** "
        f"(score {one.score:.3f}; next {plain(one.second)} {one.second_score:.3f}){own}."
    )
    st.text(_text(data, one.row, LONGEST))
    if one.without:
        st.markdown(f"Without the {found.out:,} rows left out: **{plain(one.without[0])}** ({one.without[1]:.3f}).")
    carry = "row that carries" if one.flips == 1 else "rows that carry"
    flips = (
        f"Leaving out the **{one.flips:,}** {carry} it most makes it **{plain(one.then)}**."
        if one.flips
        else "Leaving out the 200 rows that carry it most does not change it."
    )
    st.markdown(flips)
    for title, drivers in (("Speak for the answer", one.drivers), ("Speak against it", one.against)):
        if drivers:
            st.markdown(f"##### {title}")
            _table(data, drivers)
    st.caption(
        f"{found.learned:,} rows were learned from, this one not among them. Effect: what the answer's score loses "
        "when the row alone is left out. A row whose copy stays carries little by itself."
    )


def _table(data: Dataset, drivers: Sequence[Driver]) -> None:
    st.dataframe(
        {
            "Row": called(data, [one.row for one in drivers]),
            "Label": [one.label for one in drivers],
            "Effect": [one.effect for one in drivers],
            "Similarity": [one.similarity for one in drivers],
            "Text": [_text(data, one.row, CELL) for one in drivers],
        },
        hide_index=True, width="stretch",
        column_config={
            "Row": st.column_config.TextColumn(width="small"),
            "Label": st.column_config.TextColumn(width="medium"),
            "Effect": st.column_config.NumberColumn(format="%+.4f", width="small"),
            "Similarity": st.column_config.NumberColumn(format="%.3f", width="small"),
            "Text": st.column_config.TextColumn(width="large"),
        },
    )  # fmt: skip


def _text(data: Dataset, row: int, longest: int) -> str:
    text = " ".join(data.texts(np.array([row]))[0].split())
    return text if len(text) <= longest else text[: longest - 1] + "…"
