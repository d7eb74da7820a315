"""Where two windows meet: a name that somebody saved under, a draft that another tab changed. Both are shown."""

from dataclasses import replace

import streamlit as st

import engine
from engine import Dataset
from ui.frame import state
from ui.widgets.say import plain


def open_saved(data: Dataset, name: str) -> None:
    """Take a saved recipe as the draft."""
    kept = engine.recipe.history.load(data.store, name)
    state.change(kept.recipe, f"opened the recipe {name}", saved=(name, kept.revision))
    st.rerun()


def both(data: Dataset) -> None:
    """Show what this page wanted beside what another window did, where the two met; one is taken, none is lost."""
    met: state.Meeting | None = st.session_state.get("meeting")
    if met is None:
        return
    if met.of == "saved" and met.mine.name not in engine.recipe.history.names(data.store):
        _over()  # removed in the meantime: the name is free
        return
    taken = met.of == "saved" and engine.recipe.draft(state.desk()).saved != met.mine.name
    title = "That name is taken" if taken else "Changed by another window"
    st.dialog(title, icon=":material/call_merge:", on_dismiss=_over)(_beside)(data, met, taken)


def _over() -> None:
    st.session_state.pop("meeting", None)


def _beside(data: Dataset, met: state.Meeting, taken: bool) -> None:
    """What each says that the other does not, and what to do. taken: a name that the draft never stood under."""
    saved, name = met.of == "saved", met.mine.name
    theirs = engine.recipe.history.load(data.store, name).recipe if saved else state.recipe()
    mine = engine.recipe.frozen(data, met.mine) if saved else met.mine
    if taken:
        what = f"Another recipe is saved as “{plain(name)}” already."
    else:
        what = f"“{plain(name)}” was saved" if saved else "The recipe was changed"
        what += " by another window since you began."
    st.markdown(f"{what} Nothing is overwritten.")
    here, there = engine.recipe.differences(mine, theirs)
    if not here and not there:
        st.caption("Both hold the same steps.")
    left, right = st.columns(2)
    with left:
        _side("Only in yours", here)
        if saved and st.button("Save mine as a copy", key="meeting/copy", type="primary", width="stretch"):
            _over()
            state.save(replace(met.mine, name=engine.recipe.history.free_name(data.store, name)))
            st.rerun()
        if not saved and st.button("Do mine all the same", key="meeting/mine", type="primary", width="stretch"):
            _over()
            state.change(met.mine, met.words)
            st.rerun()
    with right:
        _side("Only in theirs", there)
        if saved and st.button("Take theirs", key="meeting/theirs", width="stretch"):
            _over()
            open_saved(data, name)
        if not saved and st.button("Leave theirs", key="meeting/leave", width="stretch"):
            _over()
            st.rerun()


def _side(title: str, steps: list[str]) -> None:
    st.markdown(f"**{title}**")
    for said in steps or ["nothing"]:
        st.caption(plain(said if len(said) < 160 else said[:159] + "…"))
