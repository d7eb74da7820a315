"""Search: words, expressions, meaning, more like these; a result is a selection, and can become a step."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

import engine
from engine import Dataset, EngineError
from ui.frame import state
from ui.frame.selection_bar import current, take
from ui.frame.steps import add_step
from ui.widgets.say import message, plain
from ui.widgets.table import table

_KINDS = {"words": "Words", "meaning": "Meaning", "regex": "Expression", "like": "More like these"}


def search(data: Dataset) -> None:
    """Draw the search and its result; similar rows have a slider with a live count."""
    kind = st.segmented_control(
        "Search by", list(_KINDS), default="words", format_func=_KINDS.__getitem__, key="search/kind"
    )
    embeddings = data.keys_of("embedding")
    if kind in ("meaning", "like") and not embeddings:
        st.info("Search by meaning needs an embedding. Prepare the corpus on the Open page.")
        return
    among = st.checkbox("Only rows that the recipe keeps", key="search/among")
    rows = np.sort(state.run().rows) if among else None
    try:
        hits = _hits(data, kind or "words", embeddings, rows)
    except EngineError as error:
        message(error)
        return
    if hits is None:
        return
    least = -1.0
    if hits.unit == "similarity" and len(hits):
        low, high = float(hits.score[-1]), float(hits.score[0])
        start = float(hits.score[min(len(hits), 200) - 1])
        least = st.slider(
            "Similarity at least",
            min(low, high - 0.01),
            high,
            start,
            0.001,
            format="%.3f",
            key=f"search/least/{hits.label}",
        )
        hits = hits.above(least)
    st.markdown(f"**{len(hits):,}** rows {plain(hits.label)}")
    if not len(hits):
        st.caption("Nothing found. Try other words, or search by meaning.")
        return
    with st.container(horizontal=True):
        if st.button("Select them", icon=":material/select_all:", key="search/select"):
            take(current().to(hits.step(least), left=among))
            st.rerun()
        if st.button("Keep only these", icon=":material/filter_alt:", key="search/step"):
            add_step(hits.step(least))
    snippets = [snippet(text, hits.highlights(text)) for text in data.texts(hits.rows[:200])]
    more: dict[str, Sequence[object]] = (
        {"Match": snippets} if hits.unit != "similarity" else {"Similarity": hits.score[:200].tolist()}
    )
    row = table(data, hits.rows[:200], "search", extra=more)
    if row is not None and row != st.session_state.get("row"):
        st.session_state["row"] = row
        st.rerun()
    if len(hits) > 200:
        st.caption("The first 200 are listed; the selection takes all.")


def _hits(data: Dataset, kind: str, embeddings: list[str], rows: np.ndarray | None) -> "engine.look.search.Hits | None":
    if kind == "like":
        return _like(data, embeddings, rows)
    places = {
        "words": '"exact phrase" word -without',
        "meaning": "what it is about, in your words",
        "regex": r"\bfoo\d+",
    }
    text = st.text_input("Search", placeholder=places[kind], key=f"search/{kind}", label_visibility="collapsed")
    if not text.strip():
        return None
    if kind == "words":
        with st.spinner("Searching…"):
            return engine.look.search.words(data, text, rows)
    if kind == "regex":
        return engine.look.search.regex(data, text, rows)
    on = (
        st.selectbox("Embedding", embeddings, len(embeddings) - 1, key="search/on")
        if len(embeddings) > 1
        else embeddings[0]
    )
    with st.spinner("Searching…"):
        return engine.look.search.meaning(data, text, on, rows)


def _like(data: Dataset, embeddings: list[str], rows: np.ndarray | None) -> "engine.look.search.Hits | None":
    more = st.session_state.setdefault("search/more", [])
    less = st.session_state.setdefault("search/less", [])
    row = st.session_state.get("row")
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
    st.caption(
        f"More like rows {more or '—'}; less like rows {less or '—'}. Open a row on the map or in a table to add it."
    )
    return engine.look.search.like(data, more, less, embeddings[-1], rows) if more or less else None


def snippet(text: str, spans: list[tuple[int, int]], around: int = 60) -> str:
    """The text around the first match, the match between guillemets."""
    if not spans:
        return text[: 2 * around]
    start, end = spans[0]
    before, after = text[max(0, start - around) : start], text[end : end + around]
    return f"{'…' if start > around else ''}{before}«{text[start:end]}»{after}{'…' if end + around < len(text) else ''}"
