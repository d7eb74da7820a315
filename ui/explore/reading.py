"""What the reader beside the map lists: the rows left, the selected ones, or those that a search found."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.frame import reading, state
from ui.reader.book import Book
from ui.reader.reader import answer_to, header_of, make_book

TITLES = {"left": "Rows left", "selected": "Selected", "found": "Found"}
CHOSEN, KNOWN = "explore/list", "explore/lists"
DONE = "explore/done"
"""What was done by keys in the reader last: an act that was sent twice is done once."""
Question = Mapping[str, object]


def books(data: Dataset, hits: "engine.look.search.Hits | None") -> dict[str, Book]:
    """The three lists, by name; one that there is nothing for is empty."""
    hooks = replace(reading.hooks(data), focus=None)  # the focus is told by the workbench, for map and reader at once
    chosen, none = state.selected(), np.empty(0, np.int64)
    made = {
        "left": make_book(data, np.flatnonzero(state.left()), hooks=hooks),
        "selected": make_book(data, none if chosen is None else np.flatnonzero(chosen), hooks=hooks),
    }
    if hits is None:
        return {**made, "found": make_book(data, none, hooks=hooks)}
    found = hits
    extra = {"Similarity": np.round(found.score.astype(np.float64), 2).tolist()} if found.unit == "similarity" else None
    marked = None if extra else (lambda rows: [found.highlights(text) for text in data.texts(rows)])
    return {**made, "found": make_book(data, found.rows, extra=extra, spans=marked, hooks=hooks)}


def alone(data: Dataset, hits: "engine.look.search.Hits | None") -> None:
    """The reader while there is no map: one of the lists over all of the page."""
    lists, key = books(data, hits), "explore/alone"

    def picked() -> None:
        st.session_state[CHOSEN] = st.session_state[key]

    st.session_state[key] = chosen(lists, asked(hits))
    name = st.segmented_control(
        "Rows to read", list(lists), format_func=lambda n: f"{TITLES[n]} · {len(lists[n].rows):,}", key=key,
        required=True, label_visibility="collapsed", on_change=picked,
    )  # fmt: skip
    book = lists[str(name)]
    reading.rows(data, book.rows, key=f"{key}/rows", extra=book.extra, spans=book.spans, height=560)


def asked(hits: "engine.look.search.Hits | None") -> dict[str, str]:
    """What was selected and searched for, by list: a verdict changes their rows, and not what was asked."""
    selected = state.selection().json()
    return {"selected": engine.store.digest_of(selected), "found": f"{hits.unit} {hits.label}" if hits else ""}


def chosen(lists: Mapping[str, Book], asked: Mapping[str, str]) -> str:
    """The list to read: what was found or selected last, unless the person chose another; never an empty one."""
    now = {name: asked[name] if len(lists[name].rows) else "" for name in asked}
    before = st.session_state.get(KNOWN, {})
    wanted = str(st.session_state.get(CHOSEN, "left"))
    for name, digest in now.items():
        if digest and digest != before.get(name):
            wanted = name
    if not now.get(wanted, "left"):
        wanted = next((name for name in ("found", "selected") if now[name]), "left")
    st.session_state[KNOWN], st.session_state[CHOSEN] = now, wanted
    return wanted


def header(data: Dataset, lists: Mapping[str, Book], asked: Mapping[str, str]) -> dict[str, object]:
    """What the browser is told of the lists."""
    said = reading.said_of(data)
    return {
        "list": chosen(lists, asked),
        "lists": [
            {"name": name, "title": TITLES[name], "rows": len(b.rows), "id": b.digest, "header": _header(b, said)}
            for name, b in lists.items()
        ],
    }


def answer(question: Question, lists: Mapping[str, Book]) -> dict[str, object]:
    """What the reader asks: of the list that it shows, which the question names."""
    if question.get("ask") == "list":
        if question.get("name") in lists:
            st.session_state[CHOSEN] = str(question["name"])
        return {}
    book = lists.get(str(question.get("of")), lists["left"])
    return answer_to(dict(question), book, st.session_state.setdefault(DONE, []))


def _header(book: Book, said: str) -> dict[str, object]:
    return {**header_of(book, version=said), "height": 0}
