"""Navigation only: which pages there are, in the order of the work."""

import streamlit as st

# No icons here: Streamlit would fetch the one of the open page from a host of its own for the browser's tab.
PAGES = [
    st.Page(f"pages/{name}.py", title=name.capitalize())
    for name in ("open", "overview", "explore", "clean", "choose", "export")
]

st.session_state["navigation"] = True
st.navigation(PAGES, position="top").run()
