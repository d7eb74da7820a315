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
    return ref_of(data, _KEY, name, given, embedding)


def ref_of(data: Dataset, key: str, name: str, given: Given, embedding: str = "") -> str:
    """The ref of examples as they were given, made once. embedding: of which their vectors go along, "" for none."""
    asked = engine.store.digest_of([
        data.fingerprint, name, embedding and data.artefact("embedding", embedding).identity, dict(given.texts),
        {of: rows.tolist() for of, rows in given.rows.items()},
    ])  # fmt: skip
    held = st.session_state.get(f"{key}/ref")
    if held is None or held[0] != asked:
        with st.spinner("Embedding the examples…" if embedding else "Reading the examples…"):
            held = (asked, engine.recipe.examples_ref(data, name, given.texts, rows=given.rows, embedding=embedding))
        st.session_state[f"{key}/ref"] = held
    return str(held[1])


def needed(member: "engine.registry.Member") -> str:
    """The knob of a way of choosing that takes examples, "" for none."""
    return next((p.name for p in member.params if p.kind == "rows" and p.of == "examples"), "")


def embedding_of(data: Dataset, values: Mapping[str, object]) -> str:
    """The embedding whose vectors go with the examples: the one that is chosen, "" for a way that reads words."""
    key = str(values.get("embedding") or "")
    if key and key not in data.added:
        raise EngineError(f"The embedding {key!r} is not there. Choose another.")
    return key
