"""What the map and the reader share on the page: the built script, the loader that rides in every message."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import streamlit as st

from engine import EngineError
from ui.map.wire import pack

Answering = Callable[[dict[str, object]], tuple[Mapping[str, object], bytes]]

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


def channel(key: str, name: str, answer: Answering, follow: Sequence[str] = ()) -> None:
    """Let what is on the page under `key` ask: a fragment, so that an answer does not run the page again.

    name: of the component that hears the questions, and of its fragment. answer: to a question, as named values and
    bytes. follow: keys of other fragments, drawn after the answer when another row comes into focus.
    """
    st.fragment(_answers, key=name)(key, name, time.monotonic_ns(), answer, follow)


def _answers(key: str, name: str, drawn: int, answer: Answering, follow: Sequence[str]) -> None:
    """Answer what was asked last.

    drawn: when the page was. A question that came meanwhile may be lost: the browser asks it again where this differs.
    """
    question = (st.session_state.get(name) or {}).get("question")
    header: dict[str, object] = {"answers": key, "id": 0, "drawn": drawn}
    body = b""
    if isinstance(question, dict):
        values, body = answer(question)
        header |= {**values, "id": question.get("id")}

    def heard() -> None:
        asked = (st.session_state.get(name) or {}).get("question")
        if follow and isinstance(asked, dict) and asked.get("ask") == "focus":
            st.rerun([name, *follow])

    component()(key=name, data=pack(header, {f"answer-{key}": body}), on_question_change=heard)


def sent() -> set[str]:
    """The names of the parts that this browser was sent."""
    names: set[str] = st.session_state.setdefault("_winnow_map_sent", set())
    return names


@cache
def _loader() -> str:
    return (HERE / "loader.js").read_text()
