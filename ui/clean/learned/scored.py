"""A fitted model beside the button that gives every row its value."""

from collections.abc import Callable, Mapping

import streamlit as st

import engine
from engine import Dataset
from engine.models import Known
from engine.registry import Json
from ui.clean import cuts
from ui.frame import jobs
from ui.widgets.say import plain


def choose(data: Dataset, member: str, key: str, fits: Callable[[Known], bool] = lambda known: True) -> Known | None:
    """Let the person choose one of the models that are there, the newest first; None where there is none.

    fits: which of them are meant.
    """
    there = [known for known in reversed(engine.models.models(data, member)) if fits(known)]
    if not there:
        return None
    names = [known.name for known in there]
    job = st.session_state.get(f"{key}/job")
    fitted = next((str(j.result.get("name")) for j in engine.jobs.all_jobs(data.store) if job and j.id == job), "")
    if fitted in names:  # what this browser's job has made meanwhile is shown, once
        st.session_state[f"{key}/which"] = fitted
        del st.session_state[f"{key}/job"]
    name = st.selectbox("Model", names, key=f"{key}/which")
    return there[names.index(name)] if name in names else there[0]


def measure(data: Dataset, signal: str, params: Mapping[str, Json], key: str) -> None:
    """The button that measures every row by a model; then the cut is one click away."""
    made = engine.building.spec("signal", signal, params)
    name = engine.building.key_of(made)
    if name in data.added:
        column = next(c.key for c in data.columns.values() if c.thing == name)
        st.caption(f"Every row is scored: {plain(column)}.")
        if st.button("Cut by it", key=f"{key}/cut", width="stretch"):
            cuts.open_at(column)
        return
    cost = engine.building.cost(data, made).words()
    if st.button("Score every row", type="primary", key=f"{key}/score", width="stretch", help=plain(f"Takes {cost}.")):
        jobs.start(data, {name: made}, f"Measure {name}")


def warnings(known: Known) -> None:
    """What is doubtful about a model."""
    for words in known.facts.get("warnings") or ():  # type: ignore[union-attr]
        st.warning(plain(str(words)), icon=":material/warning:")
