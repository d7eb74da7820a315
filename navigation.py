"""Navigation only: which pages there are, in the order of the work."""

import streamlit as st

# No icons here: Streamlit would fetch the one of the open page from a host of its own for the browser's tab.
PAGES = {
    name: st.Page(f"pages/{name}.py", title=name.capitalize())
    for name in ("open", "overview", "explore", "clean", "review", "choose", "export")
}


def start() -> None:
    """The bare address leads to the first page, or to the one that was asked for before there was a navigation.

    One that names a dataset leads to the overview of that dataset; what else it says goes along.
    """
    first = "overview" if "dataset" in st.query_params else "open"
    st.switch_page(PAGES[st.session_state.pop("wanted", first)], query_params=st.query_params.to_dict())


st.session_state["navigation"] = True
home = st.Page(start, title="Winnow", default=True, visibility="hidden")
st.navigation([home, *PAGES.values()], position="top").run()
