"""The reader on the screen: the browser holds what is seen, the rows stay here."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import numpy as np
import streamlit as st

from engine import Dataset, EngineError
from ui.map.component import bundle, channel, component, sent
from ui.map.wire import digest_of, pack, unsent
from ui.reader.answers import answer, has_names
from ui.reader.aside import spot_bytes
from ui.reader.book import Act, Alike, Besides, Book, Columns, Hooks, Sentences, Spans, Standing, act_from

__all__ = ["Act", "Alike", "Book", "Hooks", "Standing", "answer_to", "header_of", "make_book", "reader", "start_of"]

REMEMBERED = 64
"""Acts whose ids are kept, so that one that was sent twice is done once."""
START = 20
"""Rows that come with the reader itself, before it asks."""


def reader(
    data: Dataset,
    rows: np.ndarray,
    *,
    key: str,
    columns: Sequence[str] = (),
    extra: Columns | Callable[[np.ndarray], Columns] | None = None,
    spans: Spans | None = None,
    why: Sentences | None = None,
    beside: Besides | None = None,
    height: int = 420,
    hooks: Hooks | None = None,
    focus: int | None = None,
    version: str = "",
    view: str = "cards",
    follow: Sequence[str] = (),
    brief: bool = False,
) -> None:
    """Show rows to be read: as cards or lines, a page at a time as one scrolls, however many there are.

    rows: int64, in the order to show. columns: shown before those that the person chose. extra: more columns, for all
    of `rows` or asked for a page's rows. spans: for some rows, what is marked in their texts, in order. why: for some
    rows, a sentence each. beside: for some rows, a text to stand beside each, or None. height: pixels at most. focus:
    the row in focus. version: changes when what the hooks say may have changed. view: "cards" or "lines", until the
    person chooses. follow: keys of the fragments that are drawn again when another row comes into focus. brief: a few
    rows as lines, and the bar above only while some are ticked.

    Raises EngineError when the JavaScript is not built, or a column is not there.
    """
    book = make_book(data, rows, extra=extra, spans=spans, why=why, beside=beside, hooks=hooks)
    there = sent()
    code = digest_of(bundle())
    parts: dict[str, Callable[[], bytes]] = {code: bundle}
    if spots := book.hooks.spots:
        parts[f"spots-{spots.digest}"] = lambda: spot_bytes(spots)
    # A key of the caller's own may hold "__", which Streamlit keeps for itself.
    name = f"reader-{digest_of(key.encode())}"
    header = {
        "draws": "reader",
        "key": key,
        "code": code,
        "needs": list(parts),
        "height": height,
        "brief": brief,
        **header_of(book, columns=columns, focus=focus, version=version, view=view),
    }
    if brief or st.session_state.get(f"{name}-told") != book.digest:
        st.session_state[f"{name}-told"] = book.digest
        header["start"] = start_of(book, header)

    def wanted() -> None:
        there.difference_update(st.session_state[name].get("want") or ())

    with st.container(gap=None):
        component()(
            key=name,
            data=pack(header, unsent(parts, there)),
            on_event_change=lambda: None,
            on_want_change=wanted,
        )
        done = st.session_state.setdefault(f"{name}-done", [])
        channel(key, f"{name}-answers", lambda question: (answer_to(question, book, done), b""), follow)


def make_book(
    data: Dataset,
    rows: np.ndarray,
    *,
    extra: Columns | Callable[[np.ndarray], Columns] | None = None,
    spans: Spans | None = None,
    why: Sentences | None = None,
    beside: Besides | None = None,
    hooks: Hooks | None = None,
) -> Book:
    """The rows to show with all that is said of them."""
    rows = np.ascontiguousarray(rows, np.int64)
    digest = digest_of(data.name.encode() + data.fingerprint.encode() + rows.tobytes())
    return Book(data, rows, digest, extra, spans, why, beside, hooks or Hooks())


def header_of(
    book: Book, *, columns: Sequence[str] = (), focus: int | None = None, version: str = "", view: str = "cards"
) -> dict[str, object]:
    """What the browser's reader is told before it asks: how many rows, which columns there are, what can be done."""
    data, hooks = book.data, book.hooks
    more = list(book.more(0, book.rows[:1]))
    topics = [c.key for c in data.columns.values() if c.origin == "topics"]
    labels = [c.key for c in data.columns.values() if c.role == "label"] or topics[:1]
    own = [c.key for c in data.columns.values() if c.key not in data.text_view.columns]
    first = [*more, *(data.info(c).key for c in columns)]
    ordered = list(dict.fromkeys([*labels, *first, *own]))
    acts: tuple[str, ...] = ("keep", "drop", "undecide", "undo")
    acts += ("answer", "unsure", "unanswer") if hooks.choices else () if hooks.words else ("tag", "note")
    return {
        "list": book.digest,
        "n": len(book.rows),
        "dataset": data.name,
        "all": [_column(data, c, c in labels) if c not in more else {"key": c, "number": True} for c in ordered],
        "first": list(dict.fromkeys(first)),
        "named": has_names(data),
        "columns": labels,
        "focus": focus,
        "version": version,
        "readAs": view,
        "tags": list(hooks.tags),
        "labels": list(hooks.labels),
        "words": hooks.words,
        "aside": hooks.aside is not None,
        "spots": {"part": f"spots-{hooks.spots.digest}", "of": hooks.spots.of} if hooks.spots else None,
        "mend": _mend(book),
        "can": {
            **dict.fromkeys(acts, hooks.act is not None),
            "focus": hooks.focus is not None,
            "correct": hooks.act is not None and bool(hooks.cells and hooks.cells.columns),
        },
    }


def _mend(book: Book) -> dict[str, object] | None:
    """Which cells can be corrected: of each column the one that a correction is of; text: of the text of a row."""
    cells, view = book.hooks.cells, book.data.text_view
    if cells is None:
        return None
    text = view.columns[0] if view.kind == "column" and view.columns else ""
    return {"columns": dict(cells.columns), "text": cells.columns.get(text, ""), "shown": text,
            "first": next((cells.columns[c] for c in view.columns if c in cells.columns), "")}  # fmt: skip


def start_of(book: Book, header: Mapping[str, object]) -> dict[str, object]:
    """The first rows, for the header of a list that the browser has not seen."""
    shown = [*cast(list[str], header["first"]), *cast(list[str], header["columns"])]
    return answer({"ask": "page", "from": 0, "to": START, "columns": shown}, book)


def _column(data: Dataset, key: str, label: bool) -> dict[str, object]:
    info = data.info(key)
    number = info.type in ("integer", "number") and not info.labels
    return {"key": key, "number": number, "unit": info.unit, "label": label, "about": info.unit or info.type}


def answer_to(question: dict[str, object], book: Book, done: list[tuple[object, str]]) -> dict[str, object]:
    """The answer to any question of a reader; an act is done once, however often it was sent.

    done: ids of the last acts, each with what was said; it grows.
    """
    acts = question.get("acts")
    if isinstance(acts, list):  # those that waited, in order: what one of them cannot do keeps no other from being done
        said = [answer_to({"ask": "act", "act": act}, book, done) for act in acts[:REMEMBERED]]
        return next((one for one in said if one.get("wrong")), said[-1] if said else {})
    try:
        if question.get("ask") != "act":
            return answer(question, book)
        told = question.get("act")
        number = told.get("id") if isinstance(told, dict) else None
        for known, words in done:
            if known == number:
                return {"said": words}
        act = act_from(told, book)
        done.append((number, book.hooks.act(act) if book.hooks.act else ""))
        del done[:-REMEMBERED]
        return {"said": done[-1][1]}
    except EngineError as error:
        return {"said": str(error), "wrong": True}
