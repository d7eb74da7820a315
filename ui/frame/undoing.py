"""Undo and redo, on every page."""

import streamlit as st

from ui.frame import state
from ui.widgets.say import plain


def buttons() -> None:
    """Take back what was done last, or do it again; each says what."""
    history = state.history()
    undo, redo = st.columns(2)
    back, again = history.undoable(), history.redoable()
    if undo.button(
        "", icon=":material/undo:", help=plain(f"Undo: {back}" if back else "Nothing to undo"),
        disabled=back is None, key="drawer/undo", shortcut="Mod+Z", width="stretch",
    ):  # fmt: skip
        state.undo()
        st.rerun()
    if redo.button(
        "", icon=":material/redo:", help=plain(f"Redo: {again}" if again else "Nothing to redo"),
        disabled=again is None, key="drawer/redo", shortcut="Mod+Y", width="stretch",
    ):  # fmt: skip
        state.redo()
        st.rerun()
