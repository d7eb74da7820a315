"""What a page says: messages where something went wrong, ways to other pages, and text shown as text."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitPageNotFoundError

from engine import Cancelled, EngineError

P = ParamSpec("P")


@contextmanager
def part() -> Iterator[None]:
    """A part of a page: an `EngineError` in it becomes a message in its place, and the rest of the page goes on."""
    try:
        yield
    except Cancelled as error:
        st.warning(plain(str(error)))
    except EngineError as error:
        message(error)


def answering(callback: Callable[P, None]) -> Callable[P, None]:
    """A callback whose `EngineError` is said on the page that is drawn next; Streamlit would show a traceback."""

    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            callback(*args, **kwargs)
        except EngineError as error:
            st.session_state["said"] = str(error)

    return wrapped


def said() -> None:
    """Show what went wrong in a callback, once."""
    if text := st.session_state.pop("said", ""):
        st.error(plain(text), icon=":material/error:")


def link(name: str, label: str, *, icon: str = ":material/arrow_forward:") -> None:
    """A link to another page; its name in words where a page runs alone and there is no other one."""
    try:
        st.page_link(f"pages/{name}.py", label=label, icon=icon or None)
    except StreamlitPageNotFoundError:
        st.caption(label)


def go(name: str) -> None:
    """Go to another page; where a page runs alone, say where to go."""
    try:
        st.switch_page(f"pages/{name}.py")
    except StreamlitAPIException:
        st.toast(f"Go on with the page {name.capitalize()}.")


def message(error: EngineError) -> None:
    """Show what is wrong and the way out. The text of a corpus may be in it, so it is shown as text, not as markup."""
    st.error(plain(str(error)), icon=":material/error:")


# Addresses, arrows and the names of icons become something else after the signs before them have lost their meaning.
_MADE_INTO = re.compile(r"(?<=:)(?=[^\s\d])|(?<=www)(?=\.)|(?=@)|(?<=[<>~-])(?=[<>=-])", re.IGNORECASE)
_JOINER = "\N{WORD JOINER}"
_COMMAND = re.compile(r"(`(?:winnow |--)[^`|\n]+`)")


def _escaped(text: str) -> str:
    marks = "\\`*_{}[]()<>#+-.!|~$:&"
    return "".join(f"\\{c}" if c in marks else c for c in _MADE_INTO.sub(_JOINER, text))


def share(part: float, whole: float) -> str:
    """A part of a whole in percent; never all or nothing where it is not."""
    if not 0 < part < whole:
        return "100%" if part and part >= whole else "0%"
    exact = part / whole
    return "under 0.1%" if exact < 0.001 else "over 99.9%" if exact > 0.999 else f"{exact:.1%}"


def plain(text: str) -> str:
    """Text as Streamlit's markup shows it literally: every sign with a meaning escaped, nothing made into a link.

    What would be one in spite of that is parted by a sign without width. A command in backticks, which somebody may
    copy, is shown as code, which means nothing else either; but for one with the sign that parts cells of a table.
    """
    escaped = "".join(part if _COMMAND.fullmatch(part) else _escaped(part) for part in _COMMAND.split(text))
    # Space at the start of a line would make code of it.
    lines = (
        re.sub(r"^[ \t]+", lambda space: "\N{NO-BREAK SPACE}" * len(space[0]), line) for line in escaped.split("\n")
    )
    return "  \n".join(lines)
