"""Histograms of chosen columns beside the map: they follow the selection, and make one."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.look import histograms
from ui.frame import state
from ui.frame.selection_bar import current, take
from ui.map.points import MOST_COLUMNS
from ui.map.scatter import MapEvent

CHOSEN = "explore/histograms"
_LABEL = 200
"""Characters of a value that are sent to the browser: a value may be a whole page."""


def shown(data: Dataset) -> list[str]:
    """The columns that the person chose, as far as they are there."""
    offered = histograms.columns(data)
    return [c for c in st.session_state.get(f"{CHOSEN}/{data.name}", ()) if c in offered]


def header(data: Dataset) -> dict[str, object]:
    """What the browser is told of the histograms."""
    return {
        "of": data.name,
        "offered": histograms.columns(data),
        "most": MOST_COLUMNS,
        **_counted(data, current(), words=True),
    }


def answer(data: Dataset, question: Mapping[str, object]) -> dict[str, object]:
    """What the histograms would show if these bars were chosen; while they are being chosen."""
    column, bars = question.get("column"), question.get("bars")
    if column not in shown(data) or not isinstance(bars, list):
        return {}
    asked = histograms.brushed(data, current(), str(column), [b for b in bars if isinstance(b, int)])
    return {"offered": [column], **_counted(data, asked)}


def on_event(data: Dataset, event: MapEvent) -> None:
    """Show other histograms, or select by what was chosen in one."""
    if event.kind == "columns":
        st.session_state[f"{CHOSEN}/{data.name}"] = list(dict.fromkeys(event.columns))
    elif event.columns and event.columns[0] in shown(data):
        take(histograms.brushed(data, current(), event.columns[0], event.bars))


def _counted(data: Dataset, chosen: "engine.look.selection.Selection", *, words: bool = False) -> dict[str, object]:
    """What each histogram holds; words: with what stands beside its bars."""
    left = state.left()
    found = histograms.counts(data, shown(data), chosen, None if left.all() else left)
    selected = None if chosen.step is None else int(np.count_nonzero(chosen.mask(data, left)))
    return {
        "shown": [_told(one) | (_words(one.bins) if words else {}) for one in found],
        "left": int(left.sum()),
        "selected": selected,
    }


def _told(one: "engine.look.histograms.Counted") -> dict[str, object]:
    return {
        "column": one.bins.column, "left": one.left.tolist(),
        "chosen": None if one.chosen is None else one.chosen.tolist(),
        "missing": one.missing, "brush": list(one.brush),
    }  # fmt: skip


def _words(cut: "engine.look.histograms.Bins") -> dict[str, object]:
    return {
        "kind": cut.kind, "labels": [label[:_LABEL] for label in cut.labels], "other": cut.other,
        "edges": edge_words(cut), "log": cut.scale == "magnitudes",
    }  # fmt: skip


def edge_words(cut: "engine.look.histograms.Bins") -> list[str]:
    """The edges of bars as people read them."""
    if cut.kind != "date":
        return [_number(edge) for edge in cut.edges.tolist()]
    moments = [str(moment) for moment in cut.edges.astype("datetime64[s]")]
    for shared, letters in (("-01-01T00:00:00", 4), ("-01T00:00:00", 7), ("T00:00:00", 10)):
        if all(moment.endswith(shared) for moment in moments):
            return [moment[:letters] for moment in moments]
    return [_short(moments, moment) for moment in moments]


def _short(moments: Sequence[str], moment: str) -> str:
    """A time of day without its date, where all are of one day."""
    one_day = len({other[:10] for other in moments[:-1]}) == 1
    return moment[11:16] if one_day else moment[:16].replace("T", " ")


def _number(value: float) -> str:
    """A number as it fits under a bar.

    >>> _number(0.25), _number(1500.0), _number(2000000.0)
    ('0.25', '1,500', '2M')
    """
    if abs(value) >= 1e6:
        return f"{value / 1e6:,.4g}M"
    return f"{value:,.6g}" if abs(value) < 1000 else f"{value:,.0f}"
