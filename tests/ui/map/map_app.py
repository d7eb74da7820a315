"""A small page around the map, for the browser tests and the benchmark: the selection's numbers stand in plain text."""

import hashlib
import os
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

import engine
from tests.ui.map.made_corpus import Made, made
from ui.map.scatter import Colour, Hover, MapEvent, by_category, by_number, scatter_map, trust_of

st.set_page_config(layout="wide", page_title="map")
case = st.query_params.get("case", "")


@st.cache_resource
def corpus(rows: int, case: str) -> Made:
    return made(rows, case)


data = corpus(int(os.environ.get("MAP_ROWS", "3000")), case)
points, n = data.points, len(data.points.x)
state = st.session_state
state.setdefault("picked", np.zeros(n, dtype=bool))
state.setdefault("before", state["picked"])
state.setdefault("log", [])

left, middle, right = st.columns(3)
column = left.radio("colour", ["topic", "score", "none"], horizontal=True, key="column")
low = middle.checkbox("only low scores", key="low")
there = right.checkbox("map there", value=True, key="there")


@st.cache_resource
def colour_of(column: str, rows: int, case: str, promoted: tuple[int, ...]) -> Colour | None:
    if column == "topic":
        labels = [f"group {g} <i>" for g in range(data.groups)]
        digest = f"topic-{rows}-{case}-{promoted}"
        return by_category(digest, "topic <u>", data.topic, labels, data.points, promoted=promoted)
    return by_number(f"score-{rows}-{case}", "score", data.score) if column == "score" else None


shown = data.score < 4.5 if low else None
later = np.arange(n) < 5 if case == "later" else None


def colour_now() -> Colour | None:
    return colour_of(column, n, case, state.get("promoted", ()))


def meant(event: MapEvent) -> np.ndarray:
    """The rows that a gesture means: only those that pass, and that the legend does not hide."""
    colour = colour_now()
    if event.polygon is not None:
        mask = engine.recipe.inside_polygon(points.x, points.y, event.polygon)
    elif event.kind == "legend" and colour is not None:
        return (colour.codes == event.value) & (True if shown is None else shown)
    else:
        mask = np.arange(n) == event.row if event.kind == "click" else data.topic == event.value
    if colour is not None:
        mask = mask & ~np.isin(colour.codes, event.hidden)
    return mask & (True if shown is None else shown)


CHANGE = {
    "new": lambda before, new: new,
    "add": np.logical_or,
    "subtract": lambda before, new: before & ~new,
    "intersect": np.logical_and,
}


def happened(event: MapEvent) -> None:
    state["log"].append(event.kind)
    state["last"] = event
    before = state["picked"]
    if event.kind in ("lasso", "box", "topic", "legend") or (event.kind == "click" and event.operation != "new"):
        state["picked"] = CHANGE[event.operation](state["picked"], meant(event))
    elif event.kind == "promote":
        state["promoted"] = (*state.get("promoted", ()), event.value)
    elif event.kind == "later" and later is not None:
        state["picked"] = CHANGE[event.operation](state["picked"], later)
    elif event.kind == "invert":
        state["picked"] = ~state["picked"]
    elif event.kind == "clear":
        state["picked"] = np.zeros(n, dtype=bool)
    elif event.kind == "undo":
        state["picked"] = state["before"]
    state["before"] = before


def answered(question: Mapping[str, object]) -> tuple[dict[str, object], bytes] | None:
    """The row in focus: in the address, so that a test sees what the server knows; and the card of a topic."""
    if question.get("ask") == "topic":
        name = f"topic <b>{question['value']}</b> as the page says"
        said = {"area": "", "said": "some rows", "terms": ["a", "<b>"], "differences": [], "rows": [[1, "one row"]]}
        return {"topic": {"name": name, **said}}, b""
    if question.get("ask") != "focus":
        return None
    state["focus"] = (question["row"], question["turn"])
    st.query_params["row"] = str(question["row"])
    return {"turn": question["turn"]}, b""


def hovers(rows: np.ndarray, facts: Sequence[str]) -> list[Hover]:
    said = "<script>alert(1)</script> some words of the text"
    told = [tuple((name, f"{data.score[row]:.2f}") for name in facts) for row in rows]
    return [Hover(f"row {row}: {said}", f"title <b>{row}</b>", facts=told[i]) for i, row in enumerate(rows)]


def left_out() -> np.ndarray | None:
    inside = set(data.topic[state["picked"]].tolist())
    return np.array([name.value not in inside for name in data.names]) if inside else None


@st.fragment
def map_part() -> None:
    colour = colour_now()
    event = scatter_map(
        points,
        key="map__1",
        colour=colour,
        shown=shown,
        selected=state["picked"],
        names=data.names,
        faded=left_out(),
        topics=True,
        trust=trust_of(np.clip(data.score / 6, 0, 1), 100),
        later=later,
        neighbours=lambda row: np.argsort(np.hypot(points.x - points.x[row], points.y - points.y[row]))[1:11],
        texts=hovers,
        facts=["score"],
        focus=state.get("focus", (-1, 0)),
        answers=answered,
        height=540,
        on_event=happened,
        note="A note <b>." if state["picked"].sum() > 2 else "",
        note_action="Do it" if state["picked"].sum() > 2 else "",
    )
    picked = np.flatnonzero(state["picked"])
    last = state.get("last")
    st.text(f"picked {len(picked)} {hashlib.sha256(picked.astype('<i8').tobytes()).hexdigest()[:12]}")
    st.text(f"events {len(state['log'])} {last.kind if last else '-'} {last.operation if last else '-'}")
    st.text(f"row {last.row if last else -1} in this run {event.kind if event else '-'}")
    if last is not None and last.polygon is not None:
        st.text("polygon " + " ".join(f"{v:.9g}" for v in last.polygon.ravel()))


if there:
    map_part()
