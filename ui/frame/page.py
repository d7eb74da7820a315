"""The frame of every page: title, 'open a dataset first', and the one place where an EngineError becomes a message."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException

from ui.frame import drawer, selection_bar, state
from ui.widgets.say import go, link, part, plain, said

PAGES = ("open", "overview", "explore", "clean", "review", "choose", "export")
_ICON = str(Path(__file__).parent.with_name("icon.png"))  # a file of ours: an emoji would be fetched from elsewhere
_STYLE = """<style>
.stMainBlockContainer {padding: 3.5rem 2rem 4rem}
[data-testid=stSidebarHeader] {height: 1.5rem}
[data-testid=stSidebarContent] {padding-left: 0.9rem; padding-right: 0.9rem}
.stMainBlockContainer h1 {padding: 0.25rem 0 0.6rem}
[data-testid=stMetricValue] {font-size: 1.5rem}
.stApp [data-testid=stSliderThumbValue], .stApp [data-testid=stSliderThumbValue] p {color: inherit}
.stApp [data-testid=stButtonGroup] button[aria-checked=true] {color: inherit}
.stApp [data-testid=stCaptionContainer] {color: inherit; opacity: 0.8}
.st-key-evidence-view [data-testid=stButtonGroup] div {flex-wrap: wrap; overflow: visible}
[class*=st-key-purpose-] button {padding: 0.25rem 0.4rem}
[data-testid=stToastContainer] {top: auto; bottom: 1.5rem}
.stApp :is([data-testid=stMetricLabel], [data-testid=stCheckbox]) :is(div, p) {white-space: normal}
@media (pointer: coarse) { /* no pointer hovers here, which would show it */
.stApp [data-testid=stSidebarCollapseButton] {visibility: visible}
}
.st-key-preview [data-testid=stMarkdownContainer] :is(th, td) {padding: 0.35rem 0.4rem}
.st-key-purposes > * > [data-testid=stHorizontalBlock] {flex-wrap: wrap}
.st-key-purposes > * > * > [data-testid=stColumn] {min-width: 7.5rem}
@media (max-width: 920px) { /* the form, and below it what it would choose */
.st-key-form-and-seen > * > [data-testid=stHorizontalBlock] {flex-wrap: wrap}
.st-key-form-and-seen > * > * > [data-testid=stColumn] {min-width: 100%}
}
@media (max-width: 1250px) { /* the bar of the selection leaves the page its room */
.st-key-bar [data-testid=stVerticalBlock] {gap: 0.5rem}
.st-key-bar button {min-height: 2rem; padding: 0.1rem 0.5rem}
.st-key-bar button span:first-child:has(> [data-testid=stIconMaterial]) {display: none}
}
</style>"""


@contextmanager
def page(title: str, *, needs_dataset: bool = True, bar: bool = True, hint: str = "") -> Iterator[None]:
    """Draw a page's frame around its content.

    A page works alone and through navigation.py, so everything that it needs is set up here. Any exception but
    `EngineError` is a bug and shows itself. bar: draw the selection bar; a page with a place of its own for it says no.
    """
    st.set_page_config(page_title=f"{title} · Winnow", page_icon=_ICON, layout="wide")
    st.html(_STYLE)
    if not st.session_state.get("navigation"):
        _navigate(title.lower())
    if st.session_state.pop("arrived", False):
        go("overview")
    store = state.chosen()
    if store is not None:
        with part():
            state.drawing()
    try:
        with st.sidebar:
            drawer.draw(store)
        st.title(title, anchor=False)
        if hint:
            st.caption(hint)
        said()
        _gone()
        if needs_dataset and store is None:
            st.info("Open a dataset first: a file, a folder, or the demo corpus.", icon=":material/folder_open:")
            link("open", "Go to Open")
            st.stop()
        with part():
            if bar and store is not None:
                with part():
                    selection_bar.bar(state.dataset())
            yield
    finally:
        state.drawn()


def _gone() -> None:
    """Say it when the dataset that this browser looked at is no longer there."""
    if name := state.gone():
        st.warning(
            f"The dataset {plain(name)} is no longer here: it was renamed or deleted, perhaps in another window. "
            "Choose another on the page Open, where a deleted one can be brought back.",
            icon=":material/folder_off:",
        )
        state.forget(name)


def _navigate(name: str) -> None:
    """A page that was opened by its own address, before navigation.py has run, has no navigation: let that draw it.

    A page that runs alone has no navigation.py to go to; links to the pages that there are stand in for it.
    """
    state.chosen()  # the address is lost on the way; the session keeps the dataset
    st.session_state["wanted"] = name
    try:
        st.switch_page("navigation.py")
    except StreamlitAPIException:
        with st.container(horizontal=True):
            for other in PAGES:
                link(other, other.capitalize(), icon="")
