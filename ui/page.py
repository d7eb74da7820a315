"""The frame of every page: title, 'open a dataset first', and the one place where an EngineError becomes a message."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from engine import Cancelled, EngineError
from ui import state

_ICON = str(Path(__file__).with_name("icon.png"))  # a file of ours: an emoji would be fetched from elsewhere
_CLOSER = (
    "<style>.stMainBlockContainer {padding: 3.5rem 2rem 4rem} [data-testid=stSidebarHeader] {height: 1.5rem}</style>"
)


@contextmanager
def page(title: str, *, needs_dataset: bool = True, hint: str = "") -> Iterator[None]:
    """Draw a page's frame around its content.

    A page works alone and through app.py, so everything that it needs is set up here. Any exception but `EngineError`
    is a bug and shows itself.
    """
    from ui import drawer  # the drawer draws forms and charts, which draw messages

    st.set_page_config(page_title=f"{title} · Winnow", page_icon=_ICON, layout="wide")
    st.html(_CLOSER)
    if not st.session_state.get("navigation"):
        _links()
    if st.session_state.pop("arrived", False):
        st.switch_page("pages/overview.py")
    store = state.chosen()
    with st.sidebar:
        drawer.draw(store)
    st.title(title, anchor=False)
    if hint:
        st.caption(hint)
    if needs_dataset and store is None:
        st.info("Open a dataset first: a file, a folder, or the demo corpus.", icon=":material/folder_open:")
        st.page_link("pages/open.py", label="Go to Open", icon=":material/arrow_forward:")
        st.stop()
    try:
        yield
    except Cancelled as error:
        st.warning(str(error))
    except EngineError as error:
        message(error)


def _links() -> None:
    """A page that was opened by its own address, before app.py has run, has no navigation: links stand in for it."""
    with st.container(horizontal=True):
        for name in ("open", "overview", "explore", "clean", "choose", "export"):
            st.page_link(f"pages/{name}.py", label=name.capitalize())


def message(error: EngineError) -> None:
    """Show what is wrong and the way out. The text of a corpus may be in it, so it is shown as text, not as markup."""
    st.error(plain(str(error)), icon=":material/error:")


def plain(text: str) -> str:
    """Text as Streamlit's markup shows it literally: every sign with a meaning escaped."""
    marks = "\\`*_{}[]()<>#+-.!|~$:"
    return "".join(f"\\{c}" if c in marks else c for c in text).replace("\n", "  \n")
