"""The map with its colour, its names and its selection; every gesture is geometry or an expression."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from engine.registry import Json
from ui.explore import remake
from ui.explore import search as searching
from ui.explore import topics as topic_tree
from ui.explore.row import drawer
from ui.frame import jobs, state
from ui.frame.selection_bar import alone, bar, current, take
from ui.map import data as map_data
from ui.map.points import MISSING, OTHER
from ui.map.scatter import MapEvent, scatter_map
from ui.widgets.say import answering, link, part, plain, said

_CHANGE = {
    "new": None,
    "add": engine.look.selection.added,
    "subtract": engine.look.selection.subtracted,
    "intersect": engine.look.selection.intersected,
}


TABS = ("Topics", "Search", "Selected rows")


@st.fragment
def body(data: Dataset) -> None:
    """The selection bar, the map, and what stands beside it: a gesture draws these again, and nothing else."""
    said()
    with part():
        bar(data, always=True)
    left, right = st.columns([13, 6], gap="medium")
    with left, part():
        map_panel(data)
    with right:
        row = st.session_state.get("row")
        if row is not None and row < data.n:
            with st.container(border=True), part():
                drawer(data, int(row))
        if asked := st.session_state.pop("explore/open", None):
            st.session_state["explore/tab"] = asked
        topics, search, chosen = st.tabs(TABS, key="explore/tab", on_change="rerun")
        with search, part():  # always drawn: what was typed would be lost otherwise
            searching.search(data)
        if topics.open:
            with topics, part():
                topic_tree.tree(data)
        if chosen.open:
            with chosen, part():
                alone(data)


def map_panel(data: Dataset) -> None:
    """Draw the map of a dataset with the controls above it; an empty state says how to get one."""
    keys = _maps(data)
    if not keys:
        _no_map(data)
        return
    where, what, more = st.columns(3, vertical_alignment="bottom")
    key = where.selectbox("Map", keys, key="map/key", format_func=_map_name)
    columns = _colours(data, key)
    column = what.selectbox(
        "Colour by", columns, key="map/colour", help="A topic, a label, a score, or any other column."
    )
    with more:
        remake.offer(data)
    drawn = data.map(key)
    if drawn.notes.get("preview"):
        _growing(data, drawn)
    left = state.left()
    shown = None if left.all() else left
    on = engine.store.Key.read(key).on
    topics = _topics_on(data, on)
    colour = map_data.colour(data.columns[column].identity or data.fingerprint, column, data) if column else None
    points = map_data.points(drawn.identity, key, data)
    selected = state.selected()
    names = map_data.names(drawn.identity, data.added[topics].identity, key, topics, data) if topics else []
    note, action = _torn(data, on, selected)
    scatter_map(
        points,
        key=f"map/{data.name}/{key}",
        colour=colour,
        shown=shown,
        selected=selected,
        names=names,
        trust=None if drawn.notes.get("preview") else map_data.trust(drawn.identity, key, data),
        neighbours=map_data.neighbours(data, on),
        texts=map_data.texts(data, column or ""),
        height=620,
        note=note,
        note_action=action,
        on_event=answering(lambda e: on_event(data, key, topics, column, e)),
    )
    remake.neighbours(data, on)
    if not drawn.notes.get("preview"):
        _placeless(data, np.flatnonzero(~(np.isfinite(points.x) & np.isfinite(points.y))))


def _placeless(data: Dataset, rows: np.ndarray) -> None:
    """Rows that no map can draw are said, and selected on request, so that they can be listed."""
    if len(rows):
        words, button = st.columns([5, 2], vertical_alignment="center")
        words.caption(f"{len(rows):,} rows have no place on the map: they have no text, or no vector.")
        if button.button("Select them", key="map/placeless", width="stretch"):
            take(current().to(engine.recipe.listed_step(data, rows, "rows without a place on the map")))
            st.rerun()


def on_event(data: Dataset, key: str, topics: str | None, column: str | None, event: MapEvent) -> None:
    """Turn a gesture into a change of the selection; runs before the page is drawn again."""
    now = current()
    step: Step | None = None
    if event.kind in ("lasso", "box") and event.polygon is not None:
        step = engine.recipe.region_step(data, key, event.polygon)
    elif event.kind == "topic" and topics:
        step = engine.recipe.topic_step(
            data, topics, [int(str(event.value))], level="area" if event.level == 0 else "topic"
        )
    elif event.kind == "legend" and column:
        step = _legend(data, column, event)
    elif event.kind == "click":
        if event.row < 0:
            return
        if event.operation == "new":
            st.session_state["row"] = event.row
            return
        step = engine.recipe.listed_step(data, np.array([event.row]), "a row clicked on the map")
    elif event.kind == "invert":
        take(engine.look.selection.inverted(now))
    elif event.kind == "clear":
        take(engine.look.selection.cleared(now))
    elif event.kind == "undo":
        state.undo()
    elif event.kind in ("grow", "take_in") and now.step is not None:
        take(engine.look.selection.grown(data, now, engine.store.Key.read(key).on, left=state.left()))
    if step is not None:
        step = in_sight(data, step, column, event)
        change = _CHANGE[event.operation]
        take(now.to(step) if change is None or now.step is None else change(now, step))


def in_sight(data: Dataset, step: Step, column: str | None, event: MapEvent) -> Step:
    """A gesture takes only what is seen: not the rows that the legend hides; what the draft drops is never selected."""
    parts = [step]
    if event.hidden and column and event.kind != "legend":
        colour = map_data.colour(data.columns[column].identity or data.fingerprint, column, data)
        named = {c: label for c, label in zip(colour.legend_codes, colour.labels, strict=True) if c < OTHER}
        if colour.kind == "category" and OTHER in event.hidden:
            left = [label for code, label in named.items() if code not in event.hidden]
            params: dict[str, Json] = {
                "column": column,
                "values": list(left),
                "missing": MISSING not in event.hidden,
            }
            parts.append(Step("values", params).checked())
        elif colour.kind == "category":
            gone = [label for code, label in named.items() if code in event.hidden]
            params = {"column": column, "values": list(gone), "missing": MISSING in event.hidden, "do": "drop"}
            parts.append(Step("values", params).checked())
    return step if len(parts) == 1 else Step("all of", steps=tuple(parts)).checked()


def _legend(data: Dataset, column: str, event: MapEvent) -> Step | None:
    """The rows of a legend's entry; the entry for all other values is everything but the named ones."""
    colour = map_data.colour(data.columns[column].identity or data.fingerprint, column, data)
    if colour.kind != "category" or event.value in (OTHER, MISSING):
        return None
    label = dict(zip(colour.legend_codes, colour.labels, strict=True)).get(event.value)
    return None if label is None else Step("values", {"column": column, "values": [label]}).checked()


def _maps(data: Dataset) -> list[str]:
    """The maps, the best first: drawn ones before previews, newest first."""
    keys = data.keys_of("map")[::-1]
    return [k for k in keys if not data.map(k).notes.get("preview")] + [
        k for k in keys if data.map(k).notes.get("preview")
    ]


def _map_name(key: str) -> str:
    return key if not key.startswith("preview@") else f"{key} (first map, growing)"


def _topics_on(data: Dataset, embedding: str) -> str | None:
    keys = [k for k in data.keys_of("topics") if k.endswith(f"@{embedding}")]
    return keys[-1] if keys else None


def _colours(data: Dataset, key: str) -> list[str]:
    """Columns worth colouring by: this map's topics first, then labels, scores, and the rest."""
    on = engine.store.Key.read(key).on
    named = [c for c in data.columns.values() if c.origin == "topics"]
    first = [c.key for c in named if c.key.endswith(f"@{on}")]
    labels = [c.key for c in data.columns.values() if c.role == "label" or c.type in ("category", "boolean")]
    scores = [c.key for c in data.columns.values() if c.origin == "signal"]
    rest = [c.key for c in data.columns.values() if c.type in ("text", "integer", "number", "date")]
    texts = set(data.text_view.columns)
    return [k for k in dict.fromkeys([*first[::-1], *labels, *scores, *rest]) if k not in texts]


def _torn(data: Dataset, embedding: str, selected: np.ndarray | None) -> tuple[str, str]:
    """What the map cannot show: how many true neighbours of the selected rows lie outside of the selection."""
    if selected is None or not selected.any() or f"graph@{embedding}" not in data.added:
        return "", ""
    graph, nodes = data.graph(embedding), data.embedding(embedding).texts
    chosen = np.zeros(len(nodes), bool)
    chosen[nodes.of_row[np.flatnonzero(selected & (nodes.of_row >= 0))]] = True
    share = engine.maps.torn_share(graph.neighbours, chosen)
    return engine.maps.torn_sentence(share), "Take them in" if share > 0 else ""


def _growing(data: Dataset, drawn: "engine.dataset.Map") -> None:
    words, button = st.columns([4, 1], vertical_alignment="center")
    notes = drawn.notes
    words.info(
        f"A first map of {notes['drawn']:,} random texts; {notes['total']:,} are being embedded. "
        "New points appear when you ask.",
        icon=":material/hourglass_top:",
    )
    if button.button("Draw more", key="map/grow", width="stretch", help="Draw what is embedded by now"):
        jobs.launch(data.store, {"do": "preview"}, "Draw a first map")


def _no_map(data: Dataset) -> None:
    st.info("There is no map yet. Prepare the corpus: vectors, neighbours, map and topics.", icon=":material/map:")
    remake.offer(data)
    running = [j for j in engine.jobs.all_jobs(data.store) if j.status == "running"]
    if running:
        st.caption(f"{plain(running[0].title)} is running; a first map comes after the first few thousand texts.")
    else:
        link("open", "Prepare it on the Open page")
