"""The selection bar: how many rows are selected, what sets them apart, and what to do with them."""

from dataclasses import replace

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from engine import selection as selection_
from ui import state
from ui.drawer import add_step
from ui.page import plain
from ui.table import table

TERMS_SAMPLE = 2000


def current() -> "engine.selection.Selection":
    """The selection of this session; nothing at first."""
    held = st.session_state.get("selection")
    return held if held is not None else selection_.Selection()


def take(selection: "engine.selection.Selection") -> None:
    """Make this the selection of the session."""
    st.session_state["selection"] = selection


def bar(data: Dataset) -> None:
    """Draw the bar when something is selected, or can be had back."""
    now = current()
    if now.step is None:
        if now.past:
            _undo(now)
        return
    mask = now.mask(data)
    rows = np.flatnonzero(mask)
    with st.container(border=True):
        head, clear = st.columns([6, 2], vertical_alignment="center")
        head.markdown(
            f"**{len(rows):,} rows selected** ({len(rows) / max(data.n, 1):.1%}) · {plain(now.sentence())[:300]}"
        )
        with clear:
            _undo(now, clear=True)
        if len(rows):
            words = terms(data.fingerprint, now.sentence(), data, rows)
            if words:
                st.caption("Sets them apart: " + " · ".join(plain(w) for w in words))
        _actions(data, now, rows)


def _undo(now: "engine.selection.Selection", clear: bool = False) -> None:
    with st.container(horizontal=True, horizontal_alignment="right"):
        if now.past and st.button("", icon=":material/undo:", key="bar/undo", help="The selection before this one"):
            take(selection_.undone(now))
            st.rerun()
        if clear and st.button("Clear", icon=":material/close:", key="bar/clear"):
            take(selection_.cleared(now))
            st.rerun()


def _actions(data: Dataset, now: "engine.selection.Selection", rows: np.ndarray) -> None:
    with st.container(horizontal=True):
        step = selection_.as_step(now)
        if st.button(
            "Keep only these",
            icon=":material/filter_alt:",
            key="bar/only",
            help="A step of the recipe that drops all other rows",
        ):
            add_step(step)
        if st.button(
            "Drop these",
            icon=":material/filter_alt_off:",
            key="bar/drop",
            help="A step of the recipe that drops these rows",
        ):
            add_step(Step("not", steps=(step,)))
        if st.button(
            "Pin to stay",
            icon=":material/keep:",
            key="bar/pin",
            help="They stay whatever the steps say, and count toward budgets",
        ):
            pin(data, rows, keep=True)
        if st.button("Pin to go", icon=":material/keep_off:", key="bar/unpin", help="They go whatever the steps say"):
            pin(data, rows, keep=False)
        with st.popover("Tag", icon=":material/label:"):
            name = st.text_input("Tag", key="bar/tag")
            if st.button("Tag these rows", disabled=not name.strip(), key="bar/tag/go"):
                changed = engine.marks.tag(data, rows, name)
                st.toast(f"{changed:,} rows tagged.")
            if st.button("Trash these rows", key="bar/trash"):
                st.toast(f"{engine.marks.trash(data, rows):,} rows put into the trash; undo is beside it.")
            if st.button("For review", key="bar/review", help="Tags them “review”"):
                st.toast(f"{engine.marks.tag(data, rows, 'review'):,} rows tagged for review.")
            if engine.marks.summary(data).undo and st.button("Undo the last mark", key="bar/marks/undo"):
                engine.marks.undo(data)
                st.toast("Taken back.")
        with st.popover("More", icon=":material/more_horiz:"):
            _more(data, now, rows)


def _more(data: Dataset, now: "engine.selection.Selection", rows: np.ndarray) -> None:
    if st.button("Turn around", key="bar/invert", help="Select all other rows"):
        take(selection_.inverted(now))
        st.rerun()
    graphs = [k for k in data.keys_of("vectors") if f"graph@{k}" in data.added]
    if graphs and st.button("Grow to neighbours", key="bar/grow", help="Take in the rows most like them"):
        take(selection_.grown(data, now, graphs[-1]))
        st.rerun()
    name = st.text_input("Name of the selection", key="bar/name")
    if st.button("Keep under this name", disabled=not name.strip(), key="bar/name/go"):
        selection_.save(data.store, name, now)
        st.toast("Kept.")
    keys = "\n".join(data.keys(rows[:100_000]))
    st.download_button(f"Row keys of {min(len(rows), 100_000):,} rows", keys, "rows.txt", "text/plain", key="bar/ids")


def pin(data: Dataset, rows: np.ndarray, *, keep: bool) -> None:
    """Add rows to the pins of the recipe; a row pinned the other way changes sides."""
    recipe = state.recipe()
    stay, go = engine.replay.pinned(data, recipe)
    stay, go = (
        (np.union1d(stay, rows), np.setdiff1d(go, rows)) if keep else (np.setdiff1d(stay, rows), np.union1d(go, rows))
    )
    refs = [engine.refs.listed_ref(data, r) if len(r) else "" for r in (stay, go)]
    state.change(replace(recipe, pins=engine.Pins(*refs)), f"pinned {len(rows):,} rows to {'stay' if keep else 'go'}")
    st.rerun()


def alone(data: Dataset) -> None:
    """The rows selected, alone in a table."""
    now = current()
    if now.step is None:
        st.caption("Nothing is selected. Draw around points on the map, click a topic, or search.")
        return
    row = table(data, now.rows(data), "selected")
    if row is not None:
        st.session_state["row"] = row


@st.cache_data(max_entries=64, show_spinner=False)
def terms(fingerprint: str, sentence: str, _data: Dataset, _rows: np.ndarray) -> list[str]:
    """The words that set the selected rows apart from a sample of the others."""
    rng = np.random.default_rng(0)
    inside = np.sort(rng.choice(_rows, min(TERMS_SAMPLE, len(_rows)), replace=False))
    others = np.setdiff1d(rng.choice(_data.n, min(2 * TERMS_SAMPLE, _data.n), replace=False), _rows)
    found = engine.terms.distinctive_terms(_data.texts(inside), _data.texts(np.sort(others)))
    return [t.text if hasattr(t, "text") else str(t) for t in found[:10]]
