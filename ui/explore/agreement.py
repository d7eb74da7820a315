"""Agreement with neighbours as a colour of the map: offered where labels are, measured when asked for."""

from dataclasses import replace

import streamlit as st

import engine
from engine import Dataset, Spec
from ui.frame import jobs
from ui.map.scatter import Colour
from ui.widgets.say import plain

ENTRY = "agreement with neighbours: "
"""How an entry of the list of colours begins; the column of labels follows."""
OFFERED, NEIGHBOURS = 3, 10
HINT = (
    "How many of the nearest rows have the same label. Violet, on the left: hardly any, so that the label is wrong, "
    "contested or alone among others. Yellow, on the right: nearly all."
)
_TITLE = "Agreement of {} with neighbours"


def entries(data: Dataset, embedding: str) -> list[str]:
    """An entry for each column of labels, the likeliest first; none while the map's neighbours are not known."""
    if f"graph@{embedding}" not in data.added:
        return []
    facts = [[c.key, c.role, c.type, c.identity] for c in data.columns.values() if c.origin in ("source", "edit")]
    stamp = engine.store.digest_of([data.fingerprint, facts, list(data.text_view.columns)])
    return [f"{ENTRY}{label}" for label in _labels(stamp, data) if f"{ENTRY}{label}" not in data.columns]


@st.cache_data(max_entries=16, show_spinner=False)
def _labels(stamp: str, _data: Dataset) -> list[str]:
    return engine.labels.label_columns(_data)[:OFFERED]


def label_of(data: Dataset, entry: str | None) -> str:
    """The column of labels that an entry is about, "" for a column of its own."""
    found = entry.removeprefix(ENTRY) if entry and entry.startswith(ENTRY) and entry not in data.columns else ""
    return found if found in data.columns else ""


def column_of(data: Dataset, embedding: str, label: str) -> str | None:
    """The column that was measured, None while it is not."""
    thing = engine.building.key_of(_spec(data, embedding, label))
    return next((c.key for c in data.columns.values() if c.thing == thing and c.name == "label_agreement"), None)


def offer(data: Dataset, embedding: str, label: str) -> None:
    """What it says, what it takes, and the button that measures it; until then the map has the labels' colours."""
    made = _spec(data, embedding, label)
    key, title = engine.building.key_of(made), _TITLE.format(label)
    words, button = st.columns([4, 1], vertical_alignment="center")
    if any(job.status == "running" and job.title == title for job in engine.jobs.all_jobs(data.store)):
        words.info(
            f"{plain(title)} is being measured; the map takes its colours then.", icon=":material/hourglass_top:"
        )
        return
    words.info(
        f"It is not measured yet how many of the nearest rows have the same {plain(label)}. Until then the map shows "
        "the labels.",
        icon=":material/label:",
    )
    cost = engine.building.cost_of_all(data, {key: made})
    takes = engine.progress.words(max(cost.seconds, 1))
    if button.button(
        f"Measure it ({takes})", type="primary", key="map/agreement", width="stretch", help=f"Takes {cost.words()}."
    ):
        jobs.start(data, {key: made}, title)


def in_words(colour: Colour, label: str) -> Colour:
    """The measured colours with a legend that says what they mean."""
    return replace(colour, name=_TITLE.format(label), hint=HINT)


def _spec(data: Dataset, embedding: str, label: str) -> Spec:
    k = min(NEIGHBOURS, data.graph(embedding).neighbours.shape[1])
    return engine.building.spec("signal", "label_agreement", {"embedding": embedding, "label": label, "k": k})
