"""One undo for everything that a person does, on every page: each act named, said when it is done, and listed."""

from collections.abc import Callable

import streamlit as st

import engine
from engine.marks import Desk
from ui.frame import state
from ui.widgets.say import answering, part, plain

LONGEST = 120
FRAGMENT = "drawer/undoing"


@st.fragment(key=FRAGMENT)
def buttons() -> None:
    """Take back what was done last, or do it again, each named; and a list of what was done."""
    told()
    desk = state.desk()
    undo, redo = st.columns(2)
    back, again = desk.undoable(), desk.redoable()
    undo.button(
        "", icon=":material/undo:", help=plain(f"Undo: {back}" if back else "Nothing to undo"), key="drawer/undo",
        disabled=back is None, shortcut="Mod+Z", width="stretch", on_click=lambda: _moved(state.undo),
    )  # fmt: skip
    redo.button(
        "", icon=":material/redo:", help=plain(f"Redo: {again}" if again else "Nothing to redo"), key="drawer/redo",
        disabled=again is None, shortcut="Mod+Y", width="stretch", on_click=lambda: _moved(state.redo),
    )  # fmt: skip
    with st.popover("What you did", icon=":material/history:", width="stretch"), part():
        _acts(desk)


def _moved(act: Callable[[], None]) -> None:
    answering(act)()
    st.rerun()  # the whole page, not the fragment of the button alone


def with_page(fragment: str) -> None:
    """After what a callback did: draw a fragment of the page again, and what can be undone with it."""
    st.rerun([fragment, FRAGMENT])


def told() -> None:
    """Say in a toast what was done since this was asked last: by which button or key does not matter."""
    if undone := st.session_state.pop("undone", ""):
        st.toast(plain(undone), icon=":material/undo:")
    last = state.desk().last_act()
    known = st.session_state.get("told")
    st.session_state["told"] = last.id if last else 0
    if last and known is not None and last.id > known:
        st.toast(f"{plain(_said(last))} · Undo: Ctrl+Z", icon=":material/check:")


def _acts(desk: Desk) -> None:
    acts = desk.acts()
    if not acts:
        st.caption("Nothing yet. Steps, selections, verdicts, tags, notes and changes of topics will stand here.")
    for act in acts:
        said = plain(f"{act.at[11:16]} · {_said(act)}")
        st.caption(f"~~{said}~~ (taken back)" if act.undone else said)


def _said(act: "engine.marks.lanes.Entry") -> str:
    words = act.words.rstrip(".")
    words = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    return words[:1].upper() + words[1:]
