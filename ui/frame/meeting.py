"""Where two windows meet: a name that somebody saved under, a draft that another tab changed. Both are shown."""

from dataclasses import replace

import streamlit as st

import engine
from engine import Dataset, Recipe
from ui.frame import state
from ui.widgets.say import plain


def save(data: Dataset, recipe: Recipe) -> None:
    """Save the draft under its name, with the verdicts of now; what somebody saved there meanwhile is never lost."""
    known = engine.recipe.draft(state.desk())
    kept = engine.recipe.frozen(data, recipe)
    expected = known.saved_revision if known.saved == recipe.name else 0
    try:
        revision = engine.recipe.history.save(data.store, recipe.name, kept, expected, who=state.who())
    except engine.Stale:
        st.session_state["meeting"] = state.Meeting("saved", recipe)
        st.rerun()
    state.change(recipe, f"saved as {recipe.name}", saved=(recipe.name, revision))
    st.rerun()


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
    _beside(data, met)


def _over() -> None:
    st.session_state.pop("meeting", None)


@st.dialog("Changed by another window", icon=":material/call_merge:", on_dismiss=_over)
def _beside(data: Dataset, met: state.Meeting) -> None:
    saved, name = met.of == "saved", met.mine.name
    theirs = engine.recipe.history.load(data.store, name).recipe if saved else state.recipe()
    mine = engine.recipe.frozen(data, met.mine) if saved else met.mine
    what = f"“{plain(name)}” was saved" if saved else "The recipe was changed"
    st.markdown(f"{what} by another window since you began. Nothing is overwritten.")
    here, there = engine.recipe.differences(mine, theirs)
    left, right = st.columns(2)
    with left:
        _side("Only in yours", here)
        if saved and st.button("Save mine as a copy", key="meeting/copy", type="primary", width="stretch"):
            _copy(data, mine)
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


def _copy(data: Dataset, mine: Recipe) -> None:
    name = engine.recipe.history.save_copy(data.store, mine.name, mine, who=state.who())
    revision = engine.recipe.history.load(data.store, name).revision
    _over()
    state.change(replace(mine, name=name), f"saved as {name}", saved=(name, revision))
    st.rerun()
