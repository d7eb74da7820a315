"""What audits share: the choice that stands, and columns to ask about."""

import streamlit as st

import engine
from engine import Dataset


def choice(done: "engine.recipe.Run") -> int | None:
    """The stage of the choice, None where nothing is chosen yet; the way out is said."""
    at = engine.look.kept.choice_at(done)
    if at is None:
        st.info("This looks at a choice, and nothing is chosen yet. Choose above.", icon=":material/tune:")
    return at


def groups(data: Dataset, why: str) -> list[str]:
    """Columns that make groups, labels first; says why there is nothing to ask where there are none."""
    kinds = ("category", "text", "boolean")
    found = [
        key for key in engine.look.group_columns(data) if data.info(key).role == "label" or data.info(key).type in kinds
    ]
    if not found:
        st.info(f"{why} Name a column of labels on Open, or make topics on Explore.", icon=":material/label:")
    # What was made from the vectors, such as topics, is told by the vectors: no question to begin with.
    made = {key: data.info(key).origin not in ("source", "edit") for key in found}
    return sorted(found, key=lambda key: (data.info(key).role != "label", made[key]))


def embedding(data: Dataset) -> str:
    """The newest embedding, "" for none; the way out is said."""
    found = next(reversed(data.keys_of("embedding")), "")
    if not found:
        st.info("This needs vectors, and there are none. Prepare the corpus on Open.", icon=":material/scatter_plot:")
    return str(found)
