"""The row drawer: the whole text, its columns, its true neighbours, its marks, and why it stays or goes."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.text import row_text
from ui.frame import state
from ui.widgets.say import plain

LONGEST = 20_000


def drawer(data: Dataset, row: int) -> None:
    """Everything about one row. Texts of the corpus are shown as text, never as markup."""
    one = np.array([row], np.int64)
    head, close = st.columns([5, 1], vertical_alignment="center")
    head.markdown(f"##### Row {row:,}")
    if close.button("", icon=":material/close:", key="row/close", help="Close"):
        st.session_state.pop("row", None)
        st.rerun()
    marks(data, row)
    done = state.run()
    st.caption(plain(engine.recipe.why(done, row).text))
    with st.container(border=True, height=220):
        _text(data, one)
    with st.expander("Columns", key="row/columns", on_change="rerun") as opened:
        if opened.open:
            _columns(data, one)
    near(data, row)


def _columns(data: Dataset, one: np.ndarray) -> None:
    """Every column of a row, long values cut."""
    shown = {k: data.strings(k, one)[0] for k in data.columns}
    cut = [None if v is None else v[:2000] for v in shown.values()]
    st.dataframe({"Column": list(shown), "Value": cut}, hide_index=True, width="stretch")


def _text(data: Dataset, one: np.ndarray) -> None:
    view = data.text_view
    if view.kind in ("chat", "pair"):
        values = {k: data.cells(k, one) for k in view.columns}
        for turn in row_text.turns(view, values, 1)[0]:
            with st.chat_message(
                turn.role if turn.role in ("user", "assistant") else "ai", avatar=_AVATARS.get(turn.role)
            ):
                st.text(turn.text[:LONGEST])
        return
    text = data.texts(one)[0]
    st.text(text[:LONGEST] if text else "(no text)")
    if len(text) > LONGEST:
        st.caption(f"{len(text) - LONGEST:,} more characters are not shown.")


def marks(data: Dataset, row: int) -> None:
    """The verdict, the tags and the note of a row, each with one click; the one undo takes them back."""
    one, who = np.array([row], np.int64), state.who()
    now = engine.marks.of_rows(data, one)[0]
    keep, never, note = st.columns(3)
    for place, verdict, label, icon, give in (
        (keep, "keep", "Always keep", "check_circle", engine.marks.always_keep),
        (never, "drop", "Never keep", "block", engine.marks.never_keep),
    ):
        if place.button(
            label, icon=f":material/{icon}:", type="primary" if now.verdict == verdict else "secondary",
            key=f"row/{verdict}", width="stretch", help="Whatever the steps say. Once more: left to the steps again.",
        ):  # fmt: skip
            (engine.marks.undecide if now.verdict == verdict else give)(data, one, who=who)
            st.rerun()
    with note.popover("Note", icon=":material/edit_note:", width="stretch"):
        text = st.text_area("Note", now.note, key=f"row/note/{row}")
        if st.button("Save the note", key=f"row/note/{row}/go"):
            engine.marks.note(data, one, text, who=who)
            st.rerun()
    known = [t.name for t in engine.marks.summary(data).tags]
    tags = st.multiselect(
        "Tags", sorted({*known, *now.tags}), now.tags, key=f"row/tags/{row}", accept_new_options=True,
        placeholder="Tag this row", label_visibility="collapsed",
    )  # fmt: skip
    for tag in set(tags) - set(now.tags):
        engine.marks.tag(data, one, tag, who=who)
    for tag in set(now.tags) - set(tags):
        engine.marks.untag(data, one, tag, who=who)


def near(data: Dataset, row: int) -> None:
    """The rows most like this one, by the shared neighbour graph, with their similarity."""
    keys = [k for k in data.keys_of("embedding") if f"graph@{k}" in data.added]
    if not keys:
        return
    graph, nodes = data.graph(keys[-1]), data.embedding(keys[-1]).texts
    node = int(nodes.of_row[row])
    with st.expander("Most like it", key="row/near", on_change="rerun") as opened:
        if not opened.open:
            return
        if node < 0:
            st.caption("This row has no text to compare.")
            return
        repeats = int(nodes.count[node]) - 1
        if repeats:
            st.caption(f"{repeats:,} more rows have exactly this text.")
        there = np.asarray(graph.neighbours[node][:8])
        rows = np.asarray(nodes.first)[there[there >= 0]].astype(np.int64)
        similarity = np.asarray(graph.similarity[node][:8])[there >= 0]
        for other, much, text in zip(rows, similarity, data.texts(rows), strict=True):
            words, button = st.columns([6, 1], vertical_alignment="center")
            words.caption(f"{much:.3f} · {plain(' '.join(text[:400].split())[:140])}")
            if button.button("", icon=":material/open_in_new:", key=f"row/near/{other}", help="Open this row"):
                st.session_state["row"] = int(other)
                st.rerun()


_AVATARS = {"system": ":material/settings:", "tool": ":material/build:"}
