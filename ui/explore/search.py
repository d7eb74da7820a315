"""Search: words, expressions, meaning, more like these; a result is a selection, and can become a step."""

import math
from collections.abc import Callable

import numpy as np
import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.dataset import called
from ui.explore import found
from ui.frame import state
from ui.frame.selection_bar import current, take
from ui.frame.steps import add_step
from ui.widgets.say import message, plain

_KINDS = {"words": "Words", "meaning": "Meaning", "regex": "Expression", "like": "More like these"}


def search(data: Dataset) -> "engine.look.search.Hits | None":
    """Draw the search; returns what it found, for the reader. Similar rows have a slider with a live count."""
    kind = st.segmented_control(
        "Search by", list(_KINDS), default="words", format_func=_KINDS.__getitem__, key="search/kind"
    )
    embeddings = data.keys_of("embedding")
    if kind in ("meaning", "like") and not embeddings:
        st.info("Search by meaning needs an embedding. Prepare the corpus on the Open page.")
        return None
    among = st.checkbox("Only rows that the recipe keeps", key="search/among")
    rows = np.sort(state.run().rows) if among else None
    try:
        hits = _hits(data, kind or "words", embeddings, rows)
    except EngineError as error:
        message(error)
        return None
    if hits is None:
        return None
    least = -1.0
    if hits.unit == "similarity" and len(hits):
        low, high, start = (_hundredths(hits.score[at]) for at in (-1, 0, min(len(hits), 200) - 1))
        least = st.slider(
            "Similarity at least",
            min(low, round(high - 0.01, 2)),
            high,
            start,
            0.01,
            format="%.2f",
            key=f"search/least/{hits.label}",
        )
        hits = hits.above(least)
    st.markdown(f"**{len(hits):,}** {'row' if len(hits) == 1 else 'rows'} {plain(hits.label)} · {took(hits.seconds)}")
    if hits.said:
        more = " Search by meaning may find what you mean." if kind == "words" and embeddings else ""
        st.caption(plain(hits.said + more))
    if hits.instead:
        st.button(
            f"Did you mean “{plain(hits.instead)}”?", key="search/instead", type="tertiary", on_click=_instead,
            args=(hits.instead,),
        )  # fmt: skip
    if not len(hits):
        st.caption("Nothing found. Try other words, or search by meaning.")
        return None
    with st.container(horizontal=True):
        if st.button("Select them", icon=":material/select_all:", key="search/select"):
            take(current().to(hits.step(least), left=among))
            st.rerun()
        if current().step:
            _add(data, hits, least, among)
        if st.button("Keep only these", icon=":material/filter_alt:", key="search/step"):
            add_step(hits.step(least))
        if data.keys_of("map"):
            st.button(
                "Zoom to it" if len(hits) == 1 else "Zoom to them",
                icon=":material/center_focus_strong:",
                key="search/zoom",
                on_click=found.go,
            )
    return hits


def _add(data: Dataset, hits: "engine.look.search.Hits", least: float, among: bool) -> None:
    """A button that selects what was found too."""
    now = current()
    said = "Those of them that the recipe keeps: the selection is among these" if now.left and not among else None
    if st.button("Add to the selected", icon=":material/library_add:", key="search/add", help=said):
        shown = among and not now.left  # then it is the rows shown that are meant, not all that match
        step = engine.recipe.listed_step(data, np.sort(hits.rows), hits.label) if shown else hits.step(least)
        take(engine.look.selection.added(now, step))
        st.rerun()


def took(seconds: float) -> str:
    """How long a search took, in words.

    >>> took(0.0123), took(2.34)
    ('12 ms', '2.3 s')
    """
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _hundredths(similarity: float) -> float:
    """To two digits, and never more than it is: the row itself stays in."""
    return math.floor(round(float(similarity) * 100, 6)) / 100


def _instead(text: str) -> None:
    st.session_state["search/words"] = text


def _hits(data: Dataset, kind: str, embeddings: list[str], rows: np.ndarray | None) -> "engine.look.search.Hits | None":
    if kind == "like":
        return _like(data, embeddings, rows)
    places = {
        "words": 'words "exact phrase" -without',
        "meaning": "what it is about, in your words",
        "regex": r"\bfoo\d+",
    }
    text = st.text_input("Search", placeholder=places[kind], key=f"search/{kind}", label_visibility="collapsed")
    if not text.strip():
        return None
    if kind == "words":
        return _made(data, (kind, text), rows, lambda: engine.look.search.words(data, text, rows))
    if kind == "regex":
        return _made(data, (kind, text), rows, lambda: engine.look.search.regex(data, text, rows))
    on = (
        st.selectbox("Embedding", embeddings, len(embeddings) - 1, key="search/on")
        if len(embeddings) > 1
        else embeddings[0]
    )
    return _made(data, (kind, text, on), rows, lambda: engine.look.search.meaning(data, text, on, rows))


def _made(
    data: Dataset, asked: tuple[object, ...], rows: np.ndarray | None, make: "Callable[[], engine.look.search.Hits]"
) -> "engine.look.search.Hits":
    """The hits of a search, made once as long as the same is asked: a gesture on the map searches nothing again."""
    name = (data.fingerprint, *asked, None if rows is None else rows.tobytes())
    held = st.session_state.get("search/made")
    if held is None or held[0] != name:
        first = (
            " The first search by meaning opens the model, which takes some seconds." if asked[0] == "meaning" else ""
        )
        with st.spinner(f"Searching…{first}"):
            held = st.session_state["search/made"] = (name, make())
    return held[1]


def _like(data: Dataset, embeddings: list[str], rows: np.ndarray | None) -> "engine.look.search.Hits | None":
    more = st.session_state.setdefault("search/more", [])
    less = st.session_state.setdefault("search/less", [])
    row = state.focused()
    with st.container(horizontal=True):
        if (
            st.button("More like the open row", disabled=row is None or row in more, key="search/more/add")
            and row is not None
        ):
            more.append(row)
        if st.button("Less like it", disabled=row is None or row in less, key="search/less/add") and row is not None:
            less.append(row)
        if st.button("Start over", disabled=not more and not less, key="search/like/clear"):
            more.clear()
            less.clear()
    liked, unliked = (plain(", ".join(called(data, rows))) if rows else "—" for rows in (more, less))
    st.caption(f"More like {liked}; less like {unliked}. Open a row on the map or in the reader to add it.")
    if not more and not less:
        return None
    asked = ("like", tuple(more), tuple(less), embeddings[-1])
    return _made(data, asked, rows, lambda: engine.look.search.like(data, more, less, embeddings[-1], rows))
