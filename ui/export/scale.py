"""The recipe's thresholds as configuration of tools that filter at scale, with what they cannot say."""

import streamlit as st

import engine
from engine import Dataset
from engine.exporting import Translated
from ui.frame import state
from ui.widgets.say import plain

_TOOLS = {"datatrove": engine.exporting.datatrove, "Data-Juicer": engine.exporting.data_juicer}


def draw(data: Dataset) -> None:
    """A file for each tool, made when it is asked for."""
    with st.expander("At scale: the recipe for datatrove and Data-Juicer", key="export/scale"):
        recipe = state.frozen()
        if not recipe.steps:
            st.caption("The recipe has no steps yet.")
            return
        name = st.radio("For", list(_TOOLS), key="export/scale/tool", horizontal=True)
        _offered(name, _TOOLS[name](data, recipe))


def _offered(name: str, made: Translated) -> None:
    told = len(made.lines) - len(made.untold)
    st.markdown(f"**{told:,}** of {len(made.lines):,} parts of the recipe mean the same in {name}.")
    for line in made.untold:
        st.caption(f":material/close: {plain(line.step)}: {plain(line.why)}")
    for line in made.lines:
        if line.note:
            st.caption(f":material/info: {plain(line.step)}: {plain(line.note)}")
    st.download_button(f"Download {made.file}", made.text, made.file, icon=":material/download:", key="export/scale/go")
