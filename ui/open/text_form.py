"""The one form that says what counts as the text of a row: a column, several, a pair, instructions, or a chat."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import streamlit as st

from engine.text import TextView, row_text

KINDS = {
    "column": "one column",
    "template": "several columns",
    "pair": "prompt and answer",
    "alpaca": "instructions",
    "chat": "a chat",
}
_NONE = "(none)"
_PARTS = {"instruction": "Instruction", "input": "Input to it", "output": "Answer", "system": "System"}


def kind_of(view: TextView) -> str:
    """Which of the kinds a text view is."""
    return "alpaca" if view.chat == "alpaca" else view.kind


def choose(
    columns: Sequence[str],
    now: TextView,
    key: str,
    form_of: Callable[[str], "row_text.ChatForm"],
    why: Mapping[str, str] | None = None,
) -> TextView | None:
    """Draw the form as `now` stands; returns what is chosen, None while it is not complete.

    columns: those to choose from. form_of: the form of chat that a column holds. why: the reason behind a guess, by
    column; it is shown on hover. Raises `EngineError` for a template that names no column.
    """
    told = why or {}
    kind = st.segmented_control(
        "Text of a row",
        list(KINDS),
        default=kind_of(now),
        format_func=KINDS.__getitem__,
        required=True,
        key=f"{key}/kind",
        help="What is read, embedded, searched and counted.",
    )

    def column(label: str, now: str, *, none: bool = False) -> str:
        known = [*([_NONE] if none else []), *columns]
        at = known.index(now) if now in known else 0
        found = st.selectbox(label, known, at, key=f"{key}/{kind}/{label}", help=told.get(now))
        return "" if found in (None, _NONE) else str(found)

    same = kind == kind_of(now)
    read = list(now.columns) if same else []
    if not columns:
        return None
    if kind == "template":
        given = st.text_area("Template", now.template, placeholder="{title}\n\n{body}", key=f"{key}/template")
        return row_text.of_template(given, columns) if given else None
    with st.container(horizontal=True):
        if kind == "pair":
            return _pair(column("Prompt", *read[:1] or [""]), column("Answer", *read[1:2] or [columns[-1]]), now, key)
        if kind == "alpaca":
            held = dict(zip(now.fields, now.columns, strict=True)) if same else {}
            parts = {f: column(label, held.get(f, ""), none=f != "instruction") for f, label in _PARTS.items()}
            there = tuple(f for f in parts if parts[f])
            return TextView("chat", tuple(parts[f] for f in there), chat="alpaca", fields=there)
        # Where nothing looks like a text, a person has to say it.
        chosen = column("Chat" if kind == "chat" else "Column", *read[:1] or [""], none=not now.columns)
    if not chosen:
        return None
    if kind != "chat":
        return row_text.of_column(chosen)
    form = form_of(chosen)
    if not form:
        st.caption("No chat was found there: a list of objects with role and content, or with from and value.")
        return None
    return TextView("chat", (chosen,), chat=form)


def _pair(prompt: str, answer: str, now: TextView, key: str) -> TextView:
    both = {"both": "both", "prompt": "the prompt only", "answer": "the answer only"}
    part = st.selectbox("Read", list(both), list(both).index(now.part), format_func=both.__getitem__, key=f"{key}/part")
    share = round(100 * now.share)
    if part == "both":
        share = st.slider("Tokens for the prompt, percent", 5, 95, share, key=f"{key}/share")
    return row_text.of_pair(prompt, answer, part=cast(row_text.Part, part), share=share / 100)
