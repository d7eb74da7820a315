"""New maps and topics on an embedding that is there: their knobs, their cost, the job; old ones stay in the list."""

from collections.abc import Mapping

import streamlit as st

import engine
from engine import Dataset
from engine.registry import Json
from ui.frame import jobs
from ui.widgets import form
from ui.widgets.say import part, plain

_KINDS = {"map": "Map", "topics": "Topics"}


def offer(data: Dataset) -> None:
    """A popover with the forms of maps and of topics; nothing that is there is replaced."""
    embeddings = data.keys_of("embedding")
    if not embeddings:
        return
    with st.popover("New", icon=":material/add:", width="stretch", help="Another map, or other topics"), part():
        kind = st.segmented_control(
            "Make", list(_KINDS), default="map", format_func=_KINDS.__getitem__, key="remake/kind", required=True
        )
        if kind == "map":
            _layouts(data, embeddings[-1])
        members = engine.maps.MAPS if kind == "map" else engine.topics.TOPICS
        on = st.selectbox("Embedding", embeddings, len(embeddings) - 1, key="remake/on")
        member = form.choose(members, f"remake/{kind}", "Made by")
        values = form.fields(member, data, f"remake/{kind}")
        if not form.complete(member, values):
            return
        made = engine.building.spec(str(kind), member.name, values, on=on)
        key = engine.building.key_of(made)
        if key in data.added:
            st.caption(f"{plain(key)} is there already: choose it in the list.")
        else:
            total = engine.building.cost_of_all(data, {key: made})
            st.caption(f"It will be called {plain(key)}. Takes {plain(total.words())}.")
        if st.button("Make it", type="primary", disabled=key in data.added, key="remake/go"):
            jobs.start(data, {key: made}, f"Make {key}")


def _layouts(data: Dataset, on: str) -> None:
    """What each layout keeps of the true neighbours and how long it takes; the truest that is not there, in a click."""
    offers = engine.building.layout_offers(data, on, repeatable=data.n <= engine.building.REPEATABLE_MOST)
    st.caption(plain(engine.building.layouts_sentence(data, offers)))
    todo = [offer for offer in offers if offer.key not in data.added]
    if todo and st.button(f"Draw {todo[0].member.title} too", icon=":material/scatter_plot:", key="remake/too"):
        jobs.start(data, {todo[0].key: todo[0].made}, f"Draw {todo[0].key}")


def placed(data: Dataset, key: str) -> None:
    """Rows that came after the map was drawn: how many, and a button that draws them with all others anew."""
    artefact = data.added[key]
    said = engine.maps.placed_sentence(artefact.notes)
    if not said:
        return
    words, anew = st.columns([8, 2], vertical_alignment="center")
    words.caption(f"{said} They are ringed; a click in the legend selects them.")
    if anew.button("Draw it anew", key="map/anew", width="stretch"):
        jobs.start(data, {key: artefact.spec}, f"Draw {key} anew")


def neighbours(data: Dataset, embedding: str) -> str:
    """How the neighbours behind a map were found, and how many of the true ones; nothing where there are none."""
    notes: Mapping[str, Json] = {}
    for family, key in (("index", f"index@{embedding}"), ("graph", f"graph@{embedding}")):
        if key in data.keys_of(family):
            notes = data.added[key].notes
    said = f"Neighbours: {notes.get('recall_says', '')}" if notes else ""
    return f"{said} {notes.get('reason', '')}".strip()
