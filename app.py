"""Navigation only: which pages there are, in the order of the work."""

import streamlit as st

PAGES = [
    st.Page("pages/open.py", title="Open", icon=":material/folder_open:"),
    st.Page("pages/overview.py", title="Overview", icon=":material/monitoring:"),
    st.Page("pages/explore.py", title="Explore", icon=":material/scatter_plot:"),
    st.Page("pages/clean.py", title="Clean", icon=":material/filter_alt:"),
    st.Page("pages/choose.py", title="Choose", icon=":material/tune:"),
    st.Page("pages/export.py", title="Export", icon=":material/download:"),
]

st.session_state["navigation"] = True
st.navigation(PAGES, position="top").run()
