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
    if st.button("Save", icon=":material/save:", width="stretch", key="drawer/save", help="Under this name"):
        state.save(replace(recipe, name=name))
        st.rerun()
    st.download_button(
        "Download",
        lambda: engine.exporting.packed(data, engine.recipe.frozen(data, recipe)).text(),
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
