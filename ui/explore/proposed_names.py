"""Names that a model behind an endpoint proposes: shown only where that is switched on, and taken one by one."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.topics import Proposals, Question, endpoint, propose, questions, said_first
from ui.frame import state
from ui.widgets.say import part, plain


def proposed_names(data: Dataset, key: str) -> None:
    """What asking costs, a button that asks, and what was proposed; nothing where no endpoint is switched on."""
    with part():
        to = endpoint()
        if to is None or not st.toggle(
            "Names from a model", key="tree/proposing", help=f"Asks {to.model} at {to.host}"
        ):
            return
        asked = _asked(data.added[key].identity, key, to.model, data)
        st.caption(plain(said_first(asked, to)))
        # What was proposed belongs to these very topics, whatever they are called.
        place = f"proposed/{data.name}/{key}/{_partition(data.added[key].identity, key, data)}"
        if st.button("Ask for names", icon=":material/send:", key="tree/propose", help="Sends what is said above"):
            with st.spinner("Asking for names"):
                st.session_state[place] = propose(asked, to)
        found: Proposals | None = st.session_state.get(place)
        if found is not None:
            _take(data, key, found)


@st.cache_data(max_entries=8, show_spinner=False)
def _partition(identity: str, key: str, _data: Dataset) -> str:
    return engine.store.digest_of(np.asarray(_data.topics(key).topic).tobytes().hex())


@st.cache_data(max_entries=2, show_spinner="Counting what would be sent")
def _asked(identity: str, key: str, model: str, _data: Dataset) -> list[Question]:
    return questions(_data, key, model)


def _take(data: Dataset, key: str, found: Proposals) -> None:
    for problem in found.failed:
        st.warning(plain(problem))
    now = data.topics(key).names
    differing = {number: name for number, name in found.names.items() if number in now and now[number] != name}
    if not differing:
        st.caption("Nothing is proposed that differs from the names now.")
    for number, name in differing.items():
        words, button = st.columns([6, 1], vertical_alignment="center")
        words.markdown(f"{plain(now[number])} → **{plain(name)}**")
        if button.button("", icon=":material/check:", key=f"tree/take/{number}", help="Take this name"):
            engine.topics.rename(data, key, number, name, who=state.who())
            st.rerun()
