"""The steps of the recipe as a list of our own: one line a step, dragged, switched, renamed; events back to Python."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

import streamlit as st

HERE = Path(__file__).resolve().parent
Act = Literal["move", "toggle", "rename", "remove", "edit", "mend"]
ACTS = ("move", "toggle", "rename", "remove", "edit", "mend")


@dataclass(frozen=True)
class Remedy:
    """A button on a broken line. way: what it is called in the event; label: with its cost."""

    way: str
    label: str


@dataclass(frozen=True)
class Line:
    """One step. id: the same while the step says the same; number: its place among the steps that run, "" for none.

    removed, left: rows, where the step ran; share: of all rows that are left, 0 to 1. note: why it did not run.
    """

    id: str
    number: str
    verb: str
    short: str
    sentence: str
    name: str
    on: bool
    removed: int | None = None
    left: int | None = None
    share: float = 0.0
    note: str = ""
    broken: bool = False
    remedies: tuple[Remedy, ...] = ()


@dataclass(frozen=True)
class Event:
    """What a person did. to: the place after a move; text: the new name, or the way out of a broken step."""

    do: Act
    id: str
    to: int = -1
    text: str = ""


def steps_list(lines: Sequence[Line], *, key: str, on_event: Callable[[Event], None]) -> None:
    """Draw the list; `on_event` runs before the script, once for each thing that was done."""

    def happened() -> None:
        event = read(st.session_state[key].get("event"))
        if event:
            on_event(event)

    mount = st.components.v2.component("winnow_steps", css=_file("list.css"), js=_file("list.js"))
    mount(key=key, data={"lines": [asdict(line) for line in lines]}, on_event_change=happened)


def read(value: object) -> Event | None:
    """An event as the browser sends it; None for what is none, as anybody can send anything."""
    if not isinstance(value, dict) or value.get("do") not in ACTS or not isinstance(value.get("id"), str):
        return None
    to, text = value.get("to", -1), value.get("text", "")
    if not isinstance(to, int) or isinstance(to, bool) or not isinstance(text, str):
        return None
    return Event(cast(Act, value["do"]), value["id"], to, text[:500])


def ids(said: Sequence[str]) -> list[str]:
    """A short name for each of some texts; equal ones are counted, so that none is meant twice."""
    found: list[str] = []
    for text in said:
        digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        found.append(f"{digest}-{sum(one.startswith(digest) for one in found)}")
    return found


@cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
