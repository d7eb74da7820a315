"""The saved recipes of all datasets, and a file from elsewhere: opened, applied, renamed, deleted, downloaded."""

import streamlit as st

import engine
from engine import Dataset
from ui.frame import applying, meeting, state
from ui.widgets.say import part, plain

LARGEST_MB = 64


@st.dialog("Recipes", width="large", on_dismiss="rerun")
def show(data: Dataset) -> None:
    """The list; or, once a recipe is to be applied, what each of its steps would do here."""
    with part():
        if applying.waiting(data):
            applying.draw(data)
            return
        _uploaded(data)
        found = engine.recipe.all_saved(state.WORKSPACE)
        if not found:
            st.caption("No recipe is saved yet. Save the one you work on under a name, in the drawer.")
        for one in sorted(found, key=lambda one: (one.dataset != data.name, one.dataset, one.name)):
            _saved(data, one)


def _uploaded(data: Dataset) -> None:
    given = st.file_uploader("A recipe file", ["json"], key="drawer/upload", max_upload_size=LARGEST_MB)
    if given is not None and st.button("See what it would do here", type="primary", key="drawer/use"):
        file = engine.exporting.RecipeFile.of_bytes(given.getvalue(), given.name)
        applying.begin(data, file, file.recipe.name or given.name)


def _saved(data: Dataset, one: "engine.recipe.SavedRecipe") -> None:
    key = f"saved/{one.full_name}"
    here = one.store.folder == data.store.folder
    words, go, menu = st.columns([6, 1.3, 0.7], vertical_alignment="center")
    steps = f" · {len(one.recipe.steps):,} step{'' if len(one.recipe.steps) == 1 else 's'}" * (not one.wrong)
    words.markdown(f"**{plain(one.name)}**  \n:gray[{plain(one.dataset)}{steps} · {one.at[:16].replace('T', ' ')} UTC]")
    if one.wrong:
        words.error(plain(f"It cannot be read. {one.wrong}"), icon=":material/broken_image:")
    elif here and go.button("Open", key=f"{key}/open", width="stretch", help="It takes the place of the draft"):
        meeting.open_saved(data, one.name)
    elif not here and go.button("Apply…", key=f"{key}/apply", width="stretch", help="First see what it would do here"):
        with st.spinner("Looking at each step…"):
            file = engine.exporting.packed(Dataset.load(one.store), one.recipe)
        applying.begin(data, file, one.name)
    with menu.popover("", icon=":material/more_vert:", help="Rename, download, delete"), part():
        if not one.wrong:
            _take_along(one, key)
        if st.button("Delete", key=f"{key}/delete", width="stretch", help="Its history stays in the dataset"):
            engine.recipe.history.remove(one.store, one.name, who=state.who())
            st.rerun(scope="fragment")


def _take_along(one: "engine.recipe.SavedRecipe", key: str) -> None:
    """Another name for a saved recipe, and a file of it."""
    name = st.text_input("Name", one.name, key=f"{key}/name")
    if name != one.name and st.button("Rename", key=f"{key}/rename", width="stretch"):
        engine.recipe.rename(one, name, who=state.who())
        st.rerun(scope="fragment")
    st.download_button(
        "Download",
        lambda: engine.exporting.packed(Dataset.load(one.store), one.recipe).text(),
        f"{one.name}.json",
        "application/json",
        key=f"{key}/download",
        width="stretch",
    )
