"""The row in focus: one for map, reader and address, whoever brought it there."""

import numpy as np
import streamlit as st

from engine import Dataset
from ui.frame import state
from ui.widgets.say import plain

KNOWN = "explore/focus"
"""(row, turn): the row in focus as it was last told or heard, -1 for none, and how many times one came into focus."""
READ = "explore/address"
"""The dataset whose row in the address was read."""


def now() -> tuple[int, int]:
    """The row in focus, -1 for none, and its turn: one more when the server changed it."""
    row, (known, turn) = _row(), st.session_state.get(KNOWN, (-1, 0))
    if row != known:
        turn += 1
        st.session_state[KNOWN] = (row, turn)
    return row, turn


def heard(data: Dataset, row: int, turn: int) -> int:
    """Take the focus that the browser tells, unless it is older than what is known; returns the turn known now."""
    _, known = now()
    if turn >= known:
        state.focus(row if 0 <= row < data.n else None)
        st.session_state[KNOWN] = (_row(), turn)
        write(data)
    return max(turn, known)


def read(data: Dataset) -> None:
    """Take the row that the address names, once a session and dataset; one that is not there is said and ignored."""
    if st.session_state.get(READ) == data.name:
        return
    st.session_state[READ] = data.name
    key = st.query_params.get("row", "")
    if not key:
        return
    row = int(data.rows_of([key])[0])
    if row >= 0:
        state.focus(row)
    else:
        st.toast(f"The address names the row “{plain(key[:60])}”, which is not here.", icon=":material/error:")


def write(data: Dataset) -> None:
    """Put the key of the row in focus into the address."""
    row = _row()
    key = data.keys(np.array([row]))[0] if row >= 0 else ""
    if st.query_params.get("row", "") == key:
        return
    if key:
        st.query_params["row"] = key
    else:
        del st.query_params["row"]


def _row() -> int:
    row = state.focused()
    return -1 if row is None else row
