"""The steps of a recipe one by one: what each removes alone, with others and in order, and rows on both its sides."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.dataset import with_names
from ui.frame import reading
from ui.widgets import charts

MOST = 10


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """The funnel, and for the step that is chosen a random look at what it kept and what it dropped."""
    steps = done.stages[1:]
    if not steps:
        st.info(
            "The recipe has no step yet. Add a cut or a rule, and see here what each one does.",
            icon=":material/filter_alt:",
        )
        return
    charts.funnel(done)
    lines = engine.recipe.funnel(done)
    at = st.selectbox(
        "Look at both sides of",
        range(1, len(done.stages)),
        format_func=lambda i: f"{i}. {done.stages[i].step.name or done.stages[i].step.sentence()}",
        key="stages/at",
    )
    line = lines[at - 1]
    if done.stages[at].step.selects:
        st.caption(f"Picked {line.kept:,} of {line.before:,} rows.")
    else:
        st.caption(
            f"Removes {line.total:,} rows of all: {line.only:,} that no other filter removes, {line.shared:,} that "
            f"others remove too. At its turn it removes {line.in_order:,} of {line.before:,}."
        )
    again, _ = st.columns([1, 4])
    if again.button("Other examples", icon=":material/shuffle:", key="stages/again", width="stretch"):
        st.session_state["stages/seed"] = st.session_state.get("stages/seed", 0) + 1
    both = engine.look.sides(done, at, k=MOST, seed=st.session_state.get("stages/seed", 0))
    left, right = st.columns(2)
    with left:
        st.markdown(f"**Kept**, at random from {both.kept_of:,}")
        reading.rows(data, both.kept, key="stages/kept")
    with right:
        st.markdown(f"**Dropped**, at random from {both.dropped_of:,}")
        reading.rows(data, both.dropped, key="stages/dropped", why=lambda rows: _reasons(done, rows), version=str(at))


def _reasons(done: "engine.recipe.Run", rows: np.ndarray) -> list[str]:
    """Why rows were dropped, without the name of the step, which stands above them."""
    return [with_names(done.data, w.text.partition("”: ")[2] or w.text) for w in engine.recipe.whys(done, rows)]
