"""A small page around the map, for the browser tests and the benchmark: the selection's numbers stand in plain text."""

import hashlib
import os

import numpy as np
import streamlit as st

from ui.scatter import (
    MapEvent,
    MapPoints,
    TopicName,
    by_category,
    by_number,
    combine,
    members,
    scatter_map,
)

N = int(os.environ.get("MAP_ROWS", "3000"))
GROUPS = int(os.environ.get("MAP_GROUPS", "8"))
st.set_page_config(layout="wide", page_title="map")


@st.cache_resource
def corpus(n: int, groups: int) -> tuple[MapPoints, np.ndarray, np.ndarray, list[TopicName]]:
    rng = np.random.default_rng(5)
    topic = rng.integers(0, groups, n)
    angle = topic * 2 * np.pi / groups
    spread = 0.35 + 0.5 * rng.random(groups)[topic]
    x = (5 * np.cos(angle) + rng.normal(size=n) * spread).astype(np.float32)
    y = (3 * np.sin(angle) + rng.normal(size=n) * spread).astype(np.float32)
    if n > 100:
        x[7] = np.nan
    score = np.hypot(np.nan_to_num(x), y).astype(np.float32)
    names = [
        TopicName(f"topic <b>{g}</b> with a name", 5 * np.cos(a), 3 * np.sin(a), 0, int((topic == g).sum()), g)
        for g, a in enumerate(np.arange(groups) * 2 * np.pi / groups)
    ]
    return MapPoints(f"made-{n}-{groups}", x, y), topic, score, names


points, topic, score, names = corpus(N, GROUPS)
state = st.session_state
state.setdefault("picked", np.zeros(N, dtype=bool))
state.setdefault("log", [])

column = st.radio("colour", ["topic", "score", "none"], horizontal=True, key="column")
if column == "topic":
    colour = by_category(f"topic-{N}-{GROUPS}", "topic", topic, [f"group {g} <i>" for g in range(GROUPS)])
elif column == "score":
    colour = by_number(f"score-{N}", "score", score)
else:
    colour = None
shown = score < 4.5 if st.checkbox("only low scores", key="low") else None


def happened(event: MapEvent) -> None:
    state["log"].append(event.kind)
    if event.kind in ("lasso", "box", "click", "topic", "legend"):
        if event.kind == "click" and event.row < 0:
            return
        new = members(event, points, colour=colour, shown=shown, topics=topic)
        state["before"] = state["picked"]
        state["picked"] = combine(state["picked"], new, event.operation)
    elif event.kind == "invert":
        state["picked"] = ~state["picked"]
    elif event.kind == "clear":
        state["picked"] = np.zeros(N, dtype=bool)
    elif event.kind == "undo":
        state["picked"] = state.get("before", state["picked"])
    state["last"] = event


@st.fragment
def map_part() -> None:
    event = scatter_map(
        points,
        key="map",
        colour=colour,
        shown=shown,
        selected=state["picked"],
        names=names,
        trust=np.clip(score / 6, 0, 1),
        neighbours=lambda row: np.argsort(np.hypot(points.x - points.x[row], points.y - points.y[row]))[1:11],
        texts=lambda rows: [f"row {row}: <script>alert(1)</script> some words of the text" for row in rows],
        height=560,
        on_event=happened,
        note="A note." if state["picked"].sum() > 2 else "",
        note_action="Do it" if state["picked"].sum() > 2 else "",
    )
    picked = np.flatnonzero(state["picked"])
    digest = hashlib.sha256(picked.astype("<i8").tobytes()).hexdigest()[:12]
    st.text(f"picked {len(picked)} {digest}")
    last = state.get("last")
    st.text(f"events {len(state['log'])} {last.kind if last else '-'} {last.operation if last else '-'}")
    if last is not None and last.polygon is not None:
        st.text("polygon " + " ".join(f"{v:.9g}" for v in last.polygon.ravel()))
    st.text(f"event {event.kind if event else '-'}")


map_part()
