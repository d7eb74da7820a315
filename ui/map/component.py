"""What the map and the reader share on the page: the built script, the loader that rides in every message."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import streamlit as st

from engine import EngineError

HERE = Path(__file__).resolve().parent


@cache
def _built(name: str, changed: float) -> bytes:
    """A file of the bundle; `changed` is its time, so that a new build is picked up."""
    return (HERE / "dist" / name).read_bytes()


def bundle(name: str = "map.js") -> bytes:
    """The code of map and reader as built by `python -m ui.map.bundle`; raises EngineError where it was not built."""
    path = HERE / "dist" / name
    if not path.is_file():
        raise EngineError(
            "The map's JavaScript is not built. Run `python -m ui.map.bundle` once (`make setup` does it too)."
        )
    return _built(name, path.stat().st_mtime)


def component() -> Callable[..., object]:
    """The component that takes our messages; registered at each call: a page that runs alone has its own registry."""
    return st.components.v2.component("winnow_map", js=_loader())


def asked(name: str, follow: Sequence[str]) -> Callable[[], None]:
    """What is done when a question comes in: its fragment answers, and what follows the row in focus is drawn after it.

    name: of the component that hears the question, and of its fragment. follow: keys of other fragments.
    """

    def heard() -> None:
        question = (st.session_state.get(name) or {}).get("question")
        if follow and isinstance(question, dict) and question.get("ask") == "focus":
            st.rerun([name, *follow])

    return heard


def sent() -> set[str]:
    """The names of the parts that this browser was sent."""
    names: set[str] = st.session_state.setdefault("_winnow_map_sent", set())
    return names


@cache
def _loader() -> str:
    return (HERE / "loader.js").read_text()
