"""Examples for a choice: those that it stands on, or others that somebody gives."""

from collections.abc import Mapping

import streamlit as st

import engine
from engine import Dataset, EngineError
from ui.frame import wanted
from ui.widgets.say import plain

_KEY = "wanted"
NAMED = ("label",)
"""The knob that says what the examples are called."""


def draw(data: Dataset, embedding: str, there: str) -> str:
    """The ref of the examples that a choice is for, "" for none yet. there: that of the choice which stands."""
    st.markdown("##### Examples of what is wanted")
    if there:
        found = engine.dataset.examples(data, there)
        many = len(found.texts)
        st.caption(f"{plain(found.name)}: {many:,} {'example' if many == 1 else 'examples'}.")
        if not st.toggle("Take others", key=f"{_KEY}/others"):
            return there
    name, given = wanted.ask(data, _KEY)
    if not given:
        return ""
    return wanted.ref_of(data, _KEY, name, given, embedding)


def needed(member: "engine.registry.Member") -> str:
    """The knob of a way of choosing that takes examples, "" for none."""
    return next((p.name for p in member.params if p.kind == "rows" and p.of == "examples"), "")


def embedding_of(data: Dataset, values: Mapping[str, object]) -> str:
    """The embedding whose vectors go with the examples: the one that is chosen, "" for a way that reads words."""
    key = str(values.get("embedding") or "")
    if key and key not in data.added:
        raise EngineError(f"The embedding {key!r} is not there. Choose another.")
    return key
