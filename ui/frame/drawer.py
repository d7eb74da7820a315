"""The recipe drawer, on every page: the steps in a line each with live counts, funnel, why, undo; below it the jobs."""

import streamlit as st

import engine
from engine import Dataset, EngineError, Store
from engine.dataset import row_words, with_names
from ui.frame import by_hand, jobs, meeting, picking, recipe_files, state, steps, undoing
from ui.widgets import charts
from ui.widgets.say import message, part, plain, share

WHY = "drawer/why-this-row"
"""The key of the fragment that follows the row in focus."""


def draw(store: Store | None) -> None:
    """Draw the sidebar for a dataset, or what to do when there is none."""
    names = [s.folder.name for s in state.stores()]
    if store is None:
        st.caption("No dataset is open yet.")
        return
    name = st.selectbox("Dataset", names, names.index(store.folder.name), key="drawer/dataset")
    if name != store.folder.name:
        state.choose(name)
        st.rerun()
    with part():
        working = jobs.running(store)
        if working:  # what runs stands on top: a long recipe must not push it out of sight
            jobs.panel(store)
        with part():
            _recipe(state.dataset())
        if not working:
            jobs.panel(store)


def _recipe(data: Dataset) -> None:
    recipe = state.recipe()
    meeting.both(data)
    st.subheader("Recipe", anchor=False, help="The steps that turn the corpus into the rows worth keeping, in order.")
    try:
        done = state.run()
    except EngineError as error:
        message(error)
        done = None
    if done is not None:
        kept = done.stages[-1].kept
        st.progress(kept / max(data.n, 1), text=f"**{kept:,}** of {data.n:,} rows kept ({share(kept, data.n)})")
        if data.n and not kept:
            st.warning("No row is left. Switch a step off, or loosen it.", icon=":material/filter_alt_off:")
        if not recipe.steps:
            stays = "No steps yet: every row stays." if kept == data.n else "No steps yet."
            st.caption(f"{stays} Add a step here, or from Explore, Clean and Choose.")
    by_hand.line(data)
    steps.listed(data, recipe, done)
    if done is not None:
        steps.building(data, recipe, done)
    if done is not None and done.waiting:
        if st.button("Pick now", icon=":material/play_arrow:", type="primary", width="stretch", key="drawer/pick"):
            with part():
                picking.waiting(data, done)
        st.caption("A selector waits: it runs when you ask, not at each click.")
    undoing.buttons()
    with st.popover("Add a step", icon=":material/add:", width="stretch"):
        with part():
            steps.add(data)
    if done is not None and recipe.steps:
        # Its state, as that of the two below, is told to the server: what comes and goes above would close it.
        with st.expander("Funnel", icon=":material/filter_alt:", key="drawer/funnel", on_change="rerun") as funnel:
            if funnel.open:
                charts.funnel(done)
    if done is not None:
        _why(done)
    with st.expander("Save or load", icon=":material/save:", key="drawer/files", on_change="rerun"), part():
        recipe_files.draw(data, recipe)


@st.fragment(key=WHY)
def _why(done: "engine.recipe.Run") -> None:
    """Why the row in focus stays or goes; a number that is typed brings that row into focus."""
    n, key, row = done.data.n, "drawer/go", state.focused()

    def typed() -> None:
        if (wanted := st.session_state[key]) is not None:
            state.focus(int(wanted))
            st.rerun()

    with st.expander("Why this row?", icon=":material/help:", key="drawer/why", on_change="rerun") as shown, part():
        if not shown.open or not n:
            return
        if row is None:
            st.caption("No row is in focus: click one on the map or in the reader.")
        else:
            st.markdown(
                f"**{plain(row_words(done.data, row, begins=True))}.** "
                f"{plain(with_names(done.data, engine.recipe.why(done, row).text))}"
            )
        # A field of its own: one that followed the focus would tell an old row as if it had been typed.
        st.number_input("Go to row", 0, n - 1, None, key=key, on_change=typed, placeholder="its number")
