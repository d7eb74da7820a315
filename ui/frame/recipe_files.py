"""Recipes under names and as files: saved, opened, downloaded; none is saved over another's."""

from dataclasses import replace

import streamlit as st

import engine
from engine import Dataset, Recipe
from ui.frame import applying, saved_recipes, state
from ui.widgets.say import plain


def draw(data: Dataset, recipe: Recipe) -> None:
    if st.session_state.get("drawer/named") != recipe.name:  # another recipe is the draft now
        st.session_state["drawer/named"] = st.session_state["drawer/name"] = recipe.name
    name = st.text_input("Name", key="drawer/name")
    if st.button("Save", icon=":material/save:", width="stretch", key="drawer/keep", help="Under this name"):
        _save(data, replace(recipe, name=name))
    st.download_button(
        "Download",
        lambda: engine.exporting.packed(data, recipe).text(),
        f"{recipe.name}.json",
        "application/json",
        icon=":material/download:",
        width="stretch",
        key="drawer/download",
        help="One file with all that it needs, for any other dataset",
    )
    if st.button(
        "Saved recipes and files", icon=":material/folder_open:", width="stretch", key="drawer/saved",
        help="Those of all datasets, or a file: open, apply, rename, delete",
    ):  # fmt: skip
        applying.forget()
        saved_recipes.show(data)
    if (title := applying.waiting(data)) and st.button(
        f"Go on applying {plain(title)}", type="primary", width="stretch", key="drawer/go-on"
    ):
        saved_recipes.show(data)


def _save(data: Dataset, recipe: Recipe) -> None:
    """Save the recipe under its name, over the revision that this session knows; a newer one is never overwritten."""
    known = st.session_state.setdefault("kept", {})
    place = f"{data.name}/{recipe.name}"
    try:
        known[place] = engine.recipe.history.save(data.store, recipe.name, recipe, known.get(place, 0))
    except engine.Stale as error:
        st.session_state["stale"] = (str(error), recipe)
        st.rerun()
    state.change(recipe, f"saved as {recipe.name}")
    st.toast("Saved.")


def stale(data: Dataset) -> None:
    """Somebody else saved in the meantime: take theirs, or keep this as a copy. Nothing is lost."""
    held = st.session_state.get("stale")
    if not held:
        return
    text, mine = held
    st.warning(plain(text))
    if st.button("Save mine as a copy", key="drawer/copy", width="stretch"):
        name = engine.recipe.history.save_copy(data.store, mine.name, mine)
        st.session_state.pop("stale")
        st.toast(f"Saved as {plain(name)}")
        saved_recipes.open_here(data, name)
    if st.button("Take theirs", key="drawer/theirs", width="stretch"):
        st.session_state.pop("stale")
        if mine.name in engine.recipe.history.names(data.store):
            saved_recipes.open_here(data, mine.name)
        st.rerun()
