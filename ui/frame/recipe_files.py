"""Recipes as files and under names: kept, opened, loaded; none is saved over another's."""

from dataclasses import replace

import streamlit as st

import engine
from engine import Dataset, Recipe
from ui.frame import state
from ui.frame.steps import take
from ui.widgets.say import plain


def draw(data: Dataset, recipe: Recipe) -> None:
    name = st.text_input("Name", recipe.name, key="drawer/name")
    if st.button("Keep under this name", width="stretch", key="drawer/keep"):
        _keep(data, replace(recipe, name=name))
    kept = engine.recipe.history.names(data.store)
    other = st.selectbox("Kept recipes", kept, None, key="drawer/kept", placeholder="none chosen") if kept else None
    if other and st.button("Go on with this one", width="stretch", key="drawer/open"):
        _load(data, other)
    st.download_button(
        "Download the recipe",
        lambda: engine.exporting.completed(data, recipe).text(),
        f"{recipe.name}.json",
        "application/json",
        width="stretch",
        key="drawer/download",
    )
    given = st.file_uploader("Load a recipe", ["json"], key="drawer/upload")
    if given is not None and st.button("Use this recipe", width="stretch", key="drawer/use"):
        loaded = engine.exporting.recipe_of(given.getvalue().decode("utf-8", errors="replace"))
        engine.exporting.refuse_foreign(loaded, data)
        engine.recipe.check(data, loaded)
        take(loaded, f"loaded {given.name}")


def _keep(data: Dataset, recipe: Recipe) -> None:
    """Keep the recipe under its name, over the revision that this session knows; a newer one is never overwritten."""
    known = st.session_state.setdefault("kept", {})
    place = f"{data.name}/{recipe.name}"
    try:
        known[place] = engine.recipe.history.save(data.store, recipe.name, recipe, known.get(place, 0))
    except engine.Stale as error:
        st.session_state["stale"] = (str(error), recipe)
        st.rerun()
    state.change(recipe, f"kept as {recipe.name}")
    st.toast("Kept.")


def _load(data: Dataset, name: str) -> None:
    kept = engine.recipe.history.load(data.store, name)
    st.session_state.setdefault("kept", {})[f"{data.name}/{name}"] = kept.revision
    take(kept.recipe, f"opened the recipe {name}")


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
        st.toast(f"Kept as {plain(name)}")
        _load(data, name)
    if st.button("Take theirs", key="drawer/theirs", width="stretch"):
        st.session_state.pop("stale")
        if mine.name in engine.recipe.history.names(data.store):
            _load(data, mine.name)
        st.rerun()
