"""The selection bar: how many rows are selected, what sets them apart, and what to do with them."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.frame import divide_selection, state, undoing
from ui.frame.steps import add_step
from ui.widgets.say import go, part, plain, share

TERMS_SAMPLE = 1000
COPIED = 1000
"""Row keys shown to copy; the file has all of them."""


def current() -> "engine.look.selection.Selection":
    """The selection of this browser; nothing at first."""
    return state.selection()


def take(selection: "engine.look.selection.Selection") -> None:
    """Make this the selection of the browser, in one act that can be undone."""
    state.select(selection)


def bar(data: Dataset, *, always: bool = False) -> None:
    """Draw the bar when something is selected. always: also when nothing is, with a hint and what can be had back."""
    undoing.told()
    now = current()
    if now.step is None:
        if always:
            hint, buttons = st.columns([6, 4], vertical_alignment="center")
            with hint.container(key="bar-hint"):
                why = state.selection_error()
                st.caption(
                    f"Nothing is selected any more. {plain(str(why))}"
                    if why
                    else "Nothing is selected. Draw around points, click a topic's name or the legend, or search."
                )
            with buttons:
                _history(data, now)
        return
    with st.container(border=True, key="bar"):
        rows = now.rows(data, state.left())
        head, apart, buttons = st.columns([4, 4, 3], vertical_alignment="center")
        count = f"**{len(rows):,} {'row' if len(rows) == 1 else 'rows'} selected** ({share(len(rows), data.n)})"
        gone = "" if len(rows) or not now.mask(data).any() else "the recipe drops all "
        head.markdown(f"{count} · {gone}{plain(_said(now))}")
        with buttons:
            _history(data, now)
        if len(rows):
            words = terms(data.fingerprint, engine.store.digest_of(now.step.json()), data, rows)
            if words:
                apart.caption("Sets them apart: " + " · ".join(plain(w) for w in words))
            _actions(data, now, rows)


def _history(data: Dataset, now: "engine.look.selection.Selection") -> None:
    """Clear, and the saved selections."""
    with st.container(horizontal=True, horizontal_alignment="right"):
        if now.step is not None and st.button("Clear", icon=":material/close:", key="bar/clear"):
            take(engine.look.selection.cleared(now))
            st.rerun()
        with st.popover("Saved selections", icon=":material/bookmark:"), part():
            _saved(data, now)


def _saved(data: Dataset, now: "engine.look.selection.Selection") -> None:
    if now.step is not None:
        name = st.text_input("Name of this selection", key="bar/name")
        if st.button("Save under this name", disabled=not name.strip(), key="bar/name/go", width="stretch"):
            engine.look.selection.save(data.store, name, now, who=state.who())
            st.toast("Saved.")
    there = engine.look.selection.saved(data.store)
    if not there:
        st.caption("No selection is saved yet.")
        return
    chosen = st.selectbox("Saved selections", there, key="bar/kept")
    load, forget = st.columns(2)
    if load.button("Select it", type="primary", key="bar/load", width="stretch"):
        take(engine.look.selection.load(data.store, chosen))
        st.rerun()
    if forget.button("Forget it", key="bar/forget", width="stretch"):
        engine.look.selection.forget(data.store, chosen, who=state.who())
        st.rerun()


def _actions(data: Dataset, now: "engine.look.selection.Selection", rows: np.ndarray) -> None:
    with st.container(horizontal=True):
        step = engine.look.selection.as_step(now)
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
            add_step(engine.recipe.turned(step), engine.look.selection.cleared(now))
        if st.button("Always keep", icon=":material/check_circle:", key="bar/keep", help="Whatever the steps say"):
            engine.marks.always_keep(data, rows, who=state.who())
            st.rerun()
        if st.button("Never keep", icon=":material/block:", key="bar/never", help="Whatever the steps say"):
            engine.marks.never_keep(data, rows, who=state.who())
            st.rerun()
        with st.popover("Tag", icon=":material/label:"), part():
            _tag(data, rows)
        with st.popover("Parts", icon=":material/workspaces:", help="Divide the selection by meaning"), part():
            chosen = divide_selection.draw(data, rows, now)
            if chosen is not None:
                take(now.to(chosen))
                st.rerun()
        if st.button("Open alone", icon=":material/table_rows:", key="bar/alone", help="Read these rows"):
            st.session_state["explore/open"] = "Selected rows"
            go("explore")
            st.rerun()
        with st.popover("More", icon=":material/more_horiz:"), part():
            _more(data, now, rows)


def _tag(data: Dataset, rows: np.ndarray) -> None:
    name = st.text_input("Tag", key="bar/tag", placeholder="a name")
    if st.button("Tag these rows", disabled=not name.strip(), key="bar/tag/go", width="stretch"):
        engine.marks.tag(data, rows, name, who=state.who())
        st.rerun()
    if st.button("For review", key="bar/review", help="Tags them “review”", width="stretch"):
        engine.marks.tag(data, rows, "review", who=state.who())
        st.rerun()
    st.caption("A tag changes nothing by itself. All tags stand on the page Clean, under Marks.")


def _more(data: Dataset, now: "engine.look.selection.Selection", rows: np.ndarray) -> None:
    if st.button("Leave to the steps", key="bar/undecide", help="Take their verdicts away", width="stretch"):
        engine.marks.undecide(data, rows, who=state.who())
        st.rerun()
    if st.button("Turn around", key="bar/invert", help="Select all other rows", width="stretch"):
        take(engine.look.selection.inverted(now))
        st.rerun()
    graphs = [k for k in data.keys_of("embedding") if f"graph@{k}" in data.added]
    if graphs and st.button(
        "Grow to neighbours", key="bar/grow", help="Take in the rows most like them", width="stretch"
    ):
        take(engine.look.selection.grown(data, now, graphs[-1], left=state.left()))
        st.rerun()
    st.download_button(
        f"Download {len(rows):,} row keys",
        lambda: "\n".join(data.keys(rows)),
        "rows.txt",
        "text/plain",
        key="bar/ids",
        on_click="ignore",
        width="stretch",
    )
    if st.toggle("Copy row keys", key="bar/copy"):
        st.caption(
            f"The sign at the right copies {'the first ' if len(rows) > COPIED else ''}{min(len(rows), COPIED):,}."
        )
        st.code("\n".join(data.keys(rows[:COPIED])), language=None, height=160)


def _said(selection: "engine.look.selection.Selection") -> str:
    """The selection in plain words, as far as they fit, without a full stop."""
    said = selection.sentence().removeprefix("Keep ").rstrip(".")
    return said if len(said) < 120 else said[:119] + "…"


@st.cache_data(max_entries=64, show_spinner="Looking for what sets them apart…")
def terms(fingerprint: str, digest: str, _data: Dataset, _rows: np.ndarray) -> list[str]:
    """The words that set the selected rows apart from a sample of the others. digest: of the selection's expression."""
    rng = np.random.default_rng(0)
    inside = np.sort(rng.choice(_rows, min(TERMS_SAMPLE, len(_rows)), replace=False))
    others = np.setdiff1d(rng.choice(_data.n, min(2 * TERMS_SAMPLE, _data.n), replace=False), _rows)
    found = engine.text.distinctive_terms(_data.texts(inside), _data.texts(np.sort(others)))
    return [t.text for t in found[:10]]
