"""The rows on both sides of a cut, to be read: those next to it, or some at random."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.clean.cut_chart import Ends
from ui.frame import reading

MOST = 10


def draw(data: Dataset, column: str, left: np.ndarray, ends: Ends, goes: np.ndarray) -> None:
    """Ten rows just above and ten just below a cut; without one, those at both ends of the column.

    left, goes: bool (n,), the rows left, and those that the cut would take.
    """
    values, rows = data.numbers(column), np.flatnonzero(left)
    low, high = ends
    cuts = {"at the lower cut": low, "at the upper cut": high}
    ways = [*(way for way, end in cuts.items() if end is not None), "at both ends", "at random"]
    how = st.segmented_control(
        "Rows to read", ways, default=ways[0], key=f"sides/{column}/how/{len(ways)}", required=True
    )
    if how == "at the lower cut" and low is not None:
        shown = {"Just above, would stay": _beside(values, rows, low, True)}
        shown["Just below, would go"] = _beside(values, rows, low, False)
    elif how == "at the upper cut" and high is not None:
        after = float(np.nextafter(high, np.inf))  # the cut itself stays
        shown = {"Just below, would stay": _beside(values, rows, after, False)}
        shown["Just above, would go"] = _beside(values, rows, after, True)
    elif how == "at random":
        stay, go = np.flatnonzero(left & ~goes), np.flatnonzero(goes)
        shown = {f"Would stay, of {len(stay):,}": some(stay), f"Would go, of {len(go):,}": some(go)}
    else:
        valued = rows[~np.isnan(values[rows])]
        low_few, few = (len(valued) + 1) // 2, len(valued) // 2  # where there are few, none stands on both sides
        shown = {"Lowest": _beside(values, valued, -np.inf, True)[:low_few]}
        shown["Highest"] = _beside(values, valued, np.inf, False)[:few]
    spans = engine.look.counted(data, column)
    if spans:
        st.caption("What the score counts is marked in the texts.")
    for place, (name, part) in zip(st.columns(2), shown.items(), strict=True):
        with place:
            st.markdown(f"**{name}**")
            reading.rows(data, part, key=f"sides/{column}/{name.split(',')[0]}", columns=[column], spans=spans)


def _beside(values: np.ndarray, rows: np.ndarray, cut: float, above: bool) -> np.ndarray:
    return engine.look.beside_cut(values, rows, cut, above=above, most=MOST)


def some(rows: np.ndarray) -> np.ndarray:
    """Ten of the rows, the same ones each time."""
    return np.sort(np.random.default_rng(0).choice(rows, min(MOST, len(rows)), replace=False)) if len(rows) else rows
