"""Why a row is in a choice, or which picked row stands for it, both side by side."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.registry import Json
from ui.frame import state
from ui.widgets.say import plain

KEY, LONGEST = "choice/row", 1200


def draw(data: Dataset, picks: np.ndarray, notes: Mapping[str, Json]) -> None:
    """Ask for a row by number, begun with the one in focus. picks: int64, in pick order."""
    with st.expander("Why is a row in, or out?", icon=":material/help:", key=KEY, on_change="rerun") as shown:
        if not shown.open or not data.n:
            return
        row = int(st.number_input("Row", 0, data.n - 1, state.focused() or 0, key=f"{KEY}/number"))
        embedding = next(reversed(data.keys_of("embedding")), "")
        (found,) = engine.look.in_or_out(data, picks, np.array([row]), embedding=embedding, notes=notes)
        st.markdown(plain(found.words()))
        if found.stands is None:
            st.text(_text(data, row))
            return
        mine, other = st.columns(2, gap="medium")
        mine.caption(f"Row {row:,}, out")
        mine.text(_text(data, row))
        other.caption(f"Row {found.stands:,}, in")
        other.text(_text(data, found.stands))


def _text(data: Dataset, row: int) -> str:
    text = data.texts(np.array([row]))[0]
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
