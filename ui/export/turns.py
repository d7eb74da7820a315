"""Who says what in a chat: as the text view sees a row, or each part from a column of its own."""

from collections.abc import Mapping

import streamlit as st

import engine
from engine import Dataset
from engine.registry import Member
from ui.widgets.say import plain

_SAYS = {
    "system": "What stands before everything, such as how to answer",
    "user": "What the user says",
    "input": "What the instruction is about, below it",
    "assistant": "What the assistant answers: what a model learns to say",
}


def turns(data: Dataset, member: Member, said: Mapping[str, str]) -> dict[str, str]:
    """The column of each part of a chat, as the person chooses it; none means as the text view sees the row.

    said: what the recipe says. Begins with the text as what the user says and the label as the answer, where the rows
    hold no chat of their own.
    """
    if not member.about.parts:
        return {}
    chats = _holds_chats(data)
    key = f"export/turns/{data.name}/{member.name}"
    with st.container(border=True):
        st.markdown("**Who says what**")
        if not chats:
            st.caption("The rows hold no chats: say which column holds what each says.")
        elif not st.toggle("Each part from a column of its own", bool(said), key=key):
            st.caption(plain(f"As it stands in {data.text_view.words()}."))
            return {}
        begin = said or _guessed(data)
        found: dict[str, str] = {}
        columns = list(data.columns)
        for part, name in member.about.parts.items():
            there = columns.index(begin[part]) if begin.get(part) in data.columns else None
            column = st.selectbox(
                f"{name.capitalize()} ← column",
                columns,
                there,
                key=f"{key}/{part}",
                help=_SAYS[part],
                placeholder="none",
            )
            if column:
                found[part] = column
        if "assistant" not in found:
            st.caption("Nobody answers yet: choose the column that holds what a model should learn to say.")
    return found


def _holds_chats(data: Dataset) -> bool:
    """Whether rows have a user and an assistant without anybody's help."""
    return data.text_view.kind in ("chat", "pair") or {"prompt", "answer"} <= {c.role for c in data.columns.values()}


def _guessed(data: Dataset) -> dict[str, str]:
    """The text as what the user says, what has the role of an answer or a label as what the assistant does."""
    roles = {c.role: c.key for c in data.columns.values() if c.role}
    text = data.text_view.columns[0] if data.text_view.kind == "column" and data.text_view.columns else ""
    user = roles.get("prompt") or text
    groups = [key for key in engine.look.group_columns(data) if data.info(key).origin == "source"]
    answer = roles.get("answer") or roles.get("label") or next(iter(groups), "")
    found = {"user": user, "assistant": answer, "system": roles.get("system", "")}
    return {part: column for part, column in found.items() if column}
