"""Weighted score: sliders over columns, the ranks of rows follow; saved as a signal, to be cut like any other."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.look import Weighed
from ui.frame import jobs, reading
from ui.widgets.say import part, plain

MOST, FIRST, A_LINE = 8, 3, 4
LONGEST = 24  # what a key says whole


def draw(data: Dataset, left: np.ndarray, numbers: Sequence[str]) -> None:
    """Choose columns, weigh them, read both ends, save. left: bool (n,), the rows left."""
    st.caption(
        "Each column counts by its ranks, so units do not matter. A weight below 0 turns it round: less is better."
    )
    columns = st.multiselect(
        "Columns", numbers, numbers[:FIRST], max_selections=MOST, key="weighted/columns", placeholder="Up to eight"
    )
    if not columns:
        st.info("Choose the columns that say how good a row is.", icon=":material/tune:")
        return
    weights: dict[str, float] = {}
    for start in range(0, len(columns), A_LINE):
        for place, name in zip(st.columns(A_LINE), columns[start : start + A_LINE], strict=False):
            with place.container(gap=None):
                st.markdown(plain(name))
                # The name is read aloud as it is, not with the signs that keep markup away.
                weights[name] = st.slider(
                    name, -1.0, 1.0, 1.0, 0.05, key=f"weighted/{name}", label_visibility="collapsed"
                )
    if not any(weights.values()):
        st.info("All weights are 0, which leaves nothing to rank by. Move one.", icon=":material/tune:")
        return
    with part():
        found = engine.look.weighed(data, left, weights)
        _together(found)
        _both_ends(data, found, weights)
        _save(data, weights)


def _together(found: Weighed) -> None:
    """How each column goes with the score."""
    said = [
        f"{plain(name)} **{'–' if np.isnan(value) else f'{value:+.2f}'}**" for name, value in found.correlations.items()
    ]
    st.markdown(
        f"How each goes with the score (rank correlation, −1 to 1): {' · '.join(said)}",
        help="Spearman's, over the rows left, at most 10,000 of them. Near 0 the column hardly moves the score; "
        "a sign other than its weight's says that the other columns pull the other way.",
    )
    if found.missing:
        st.caption(f"{found.missing:,} rows left have no value in any column that weighs something, and no score.")


def _both_ends(data: Dataset, found: Weighed, weights: dict[str, float]) -> None:
    """The rows left with the highest and the lowest score, to be read."""
    version = "/".join(f"{name}={weight:g}" for name, weight in weights.items())
    for place, (name, rows) in zip(
        st.columns(2), {"Highest": found.highest, "Lowest": found.lowest}.items(), strict=True
    ):
        with place:
            st.markdown(f"**{name}**")
            reading.rows(
                data, rows, key=f"weighted/{name}", columns=list(weights), version=version,
                extra=lambda some: {"score": found.score[some].round(3)},
            )  # fmt: skip


def _save(data: Dataset, weights: dict[str, float]) -> None:
    """A name, and the button that makes a signal of the score."""
    name, button = st.columns([3, 1], vertical_alignment="bottom")
    called = name.text_input("Name of the score", "my score", max_chars=LONGEST, key="weighted/name").strip()
    made = engine.building.spec(
        "signal", "weighted_score", {"called": called, "columns": list(weights), "weights": list(weights.values())}
    )
    key = engine.building.key_of(made)
    there = data.added.get(key)
    same = there is not None and engine.building.alike(there.spec, made)
    if button.button("Save as a signal", type="primary", disabled=same, key="weighted/save", width="stretch"):
        jobs.start(data, {key: made}, f"Measure {key}")
    if same:
        st.caption(f"It is there as {plain(key)}: it stands among the scores under *Scores and cuts*.")
    elif there is not None:
        st.caption("There is a score of that name with other weights or columns: saving takes its place.")
