"""The page Explore: one strip of controls, the selection, and the workbench of legend, map and reader."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.explore import agreement, focus, found, gestures, histograms, reading, remake
from ui.explore import search as searching
from ui.explore import topics as topic_tree
from ui.frame import drawer, jobs, state, undoing
from ui.frame.selection_bar import bar
from ui.map import data as map_data
from ui.map.scatter import MapEvent, scatter_map
from ui.widgets.say import answering, link, part, plain

FRAGMENT = "explore"
BAR = 80
"""Pixels of the selection bar, whether anything is selected or not: selecting moves nothing."""
_STYLE = """<style>
.stMainBlockContainer {padding: 3.6rem 1.25rem 0.5rem}
.stMainBlockContainer [data-testid=stHeading]:has(h1) {position: absolute; clip-path: inset(50%)}
.stMainBlockContainer [data-testid=stVerticalBlock] {gap: 0.5rem}
.st-key-explore-bar [data-testid=stVerticalBlock] {gap: 0.1rem; padding: 0.1rem 0.4rem}
.st-key-explore-bar p {white-space: nowrap; overflow: hidden; text-overflow: ellipsis; margin: 0}
.st-key-explore-bar .st-key-bar-hint p {white-space: normal}
.st-key-explore-bar button {min-height: 1.9rem; padding: 0.1rem 0.6rem}
.st-key-explore-bar [data-testid=stHorizontalBlock] {gap: 0.4rem}
.st-key-explore-bar :is([data-testid=stMarkdownContainer], [data-testid=stCaptionContainer]) {margin-bottom: 0}
.st-key-explore-bar [data-testid=stHorizontalBlock]:has(> [data-testid=stColumn]) {flex-wrap: nowrap}
.st-key-explore-bar [data-testid=stColumn] [data-testid=stHorizontalBlock] {flex-wrap: nowrap}
.st-key-explore-bar [data-testid=stHorizontalBlock]:not(:has(> [data-testid=stColumn])) {flex-wrap: nowrap}
@media (max-width: 1250px) {
.stMain [data-testid=stPopover] button {padding: 0.1rem 0.4rem}
.stMain [data-testid=stPopover] button span:first-child:has(> [data-testid=stIconMaterial]) {display: none}
.st-key-explore-bar button {padding: 0.1rem 0.35rem}
.st-key-explore-bar button p {font-size: 0.8rem}
.st-key-explore-bar button span:first-child:has(> [data-testid=stIconMaterial]) {display: none}
.st-key-explore-bar [data-testid=stHorizontalBlock]:not(:has(> [data-testid=stColumn])) {overflow-x: auto; gap: 0.25rem}
.st-key-explore-bar [data-testid=stHorizontalBlock]:not(:has(> [data-testid=stColumn])) > * {flex: none}
}
@media (max-width: 1000px) {
.st-key-explore-bar [data-testid=stColumn]:nth-child(2):nth-last-child(2) {display: none}
.st-key-explore-bar [data-testid=stColumn]:nth-child(3) {flex: none; width: auto; min-width: max-content}
}
</style>"""


def draw(data: Dataset) -> None:
    """Everything on the page. Where there is a map, a gesture draws this again, and nothing else."""
    (st.fragment(_body, key=FRAGMENT) if _maps(data) else _body)(data)


def _body(data: Dataset) -> None:
    if st.session_state.pop("explore/acted", False):
        st.rerun()
    if wrong := st.session_state.pop("said", ""):
        st.toast(plain(wrong), icon=":material/error:")
    if st.session_state.pop("explore/open", None):
        st.session_state[reading.CHOSEN] = "selected"
    st.html(_STYLE)
    focus.read(data)
    with part():
        workbench(data)
    focus.write(data)


def workbench(data: Dataset) -> None:
    """The strip, the bar and the map with the reader beside it; an empty state says how to get a map."""
    keys = _maps(data)
    # Search and topics open downwards: on the left they leave the reader, where what they find is read, in sight.
    search, topics, where, what, more = st.columns([4, 4, 5, 5, 3], gap="small", vertical_alignment="bottom")
    hits = None
    with search.popover("Search", icon=":material/search:", width="stretch"), part():
        hits = searching.search(data)
    with topics.popover(
        "Topics", icon=":material/account_tree:", width="stretch", key="explore/topics", on_change="rerun"
    ) as tree:
        if tree.open:
            with part():
                topic_tree.tree(data)
    with more, part():
        remake.offer(data)
    if not keys:
        bar(data, always=True)
        _no_map(data)
        reading.alone(data, hits)
        return
    key = where.selectbox(
        "Map", keys, key="map/key", format_func=_map_name, label_visibility="collapsed", help=_neighbours(data, keys)
    )
    chosen = what.selectbox(
        "Colour by",
        found.offer(hits, _colours(data, key)),
        key="map/colour",
        label_visibility="collapsed",
        format_func=lambda c: f"Colour by {found.WORDS if c == found.FOUND else c}",
    )
    with st.container(height=BAR, border=False, key="explore-bar"), part():
        bar(data, always=True)
    _draw(data, key, chosen, hits)


def _draw(data: Dataset, key: str, chosen: str | None, hits: "engine.look.search.Hits | None") -> None:
    drawn, on = data.map(key), engine.store.Key.read(key).on
    by_search = hits if chosen == found.FOUND else None
    chosen = None if by_search else chosen
    label = agreement.label_of(data, chosen)
    measured = agreement.column_of(data, on, label) if label else None
    if label and measured is None:
        with part():
            agreement.offer(data, on, label)
    column = (measured or label) if label else chosen
    colour = gestures.colours_of(data, key, column) if column else found.colour(data, by_search)
    if colour and measured:
        colour = agreement.in_words(colour, label)
    preview = bool(drawn.notes.get("preview"))
    if preview:
        _growing(data, drawn)
    remake.placed(data, key)
    topics, left, selected = _topics_on(data, on), state.left(), state.selected()
    note, action = _torn(data, on, selected)
    lists = reading.books(data, hits)

    def answers(question: Mapping[str, object]) -> tuple[dict[str, object], bytes]:
        if question.get("ask") == "focus":
            row, turn = (v if isinstance(v, int) else -1 for v in (question.get("row"), question.get("turn")))
            return {"turn": focus.heard(data, row, turn)}, b""
        if question.get("ask") == "topic" and topics:
            return {"topic": topic_tree.about(data, topics, question.get("value"), question.get("level"))}, b""
        if question.get("ask") == "histograms":
            return histograms.answer(data, question), b""
        return reading.answer(question, lists), b""

    def happened(event: MapEvent) -> None:
        answering(gestures.on_event)(data, key, topics, column, event, by_search)
        undoing.with_page(FRAGMENT)

    names = map_data.names(drawn.identity, data.added[topics].identity, key, topics, data) if topics else []
    scatter_map(
        map_data.points(drawn.identity, key, data),
        key=f"map/{data.name}/{key}",
        colour=colour,
        shown=None if left.all() else left,
        selected=selected,
        lit=found.mask(data, by_search),
        names=names,
        faded=map_data.faded(data, topics, names, left, selected) if topics else None,
        topics=bool(topics),
        trust=None if preview else map_data.trust(drawn.identity, key, data),
        later=map_data.later(drawn.identity, key, data),
        neighbours=map_data.neighbours(data, on),
        texts=map_data.cards(data, column or "", topics),
        facts=map_data.facts(data),
        focus=focus.now(),
        reading=reading.header(data, lists, reading.asked(hits)),
        histograms=histograms.header(data),
        go_to=found.gone_to(data, key, hits),
        answers=answers,
        note=note,
        note_action=action,
        follow=(drawer.WHY,),
        on_event=happened,
    )


def _maps(data: Dataset) -> list[str]:
    """The maps, the best first: drawn ones before previews, newest first."""
    keys = data.keys_of("map")[::-1]
    return [k for k in keys if not data.map(k).notes.get("preview")] + [
        k for k in keys if data.map(k).notes.get("preview")
    ]


def _map_name(key: str) -> str:
    return key if not key.startswith("preview@") else f"{key} (first map, growing)"


def _neighbours(data: Dataset, keys: list[str]) -> str | None:
    """How the neighbours behind the newest map were found, and how many of the true ones."""
    said = remake.neighbours(data, engine.store.Key.read(keys[0]).on)
    return plain(said) if said else None


def _topics_on(data: Dataset, embedding: str) -> str | None:
    keys = [k for k in data.keys_of("topics") if k.endswith(f"@{embedding}")]
    return keys[-1] if keys else None


def _colours(data: Dataset, key: str) -> list[str]:
    """Columns worth colouring by: its topics first, then labels, what neighbours say of them, scores, the rest."""
    on = engine.store.Key.read(key).on
    named = [c for c in data.columns.values() if c.origin == "topics"]
    first = [c.key for c in named if c.key.endswith(f"@{on}")]
    labels = [c.key for c in data.columns.values() if c.role == "label" or c.type in ("category", "boolean")]
    scores = [c.key for c in data.columns.values() if c.origin == "signal"]
    rest = [c.key for c in data.columns.values() if c.type in ("text", "integer", "number", "date")]
    texts = set(data.text_view.columns)
    found = [k for k in dict.fromkeys([*first[::-1], *labels, *scores, *rest]) if k not in texts]
    # Never first, as it may have to be measured.
    at = max(1, len({*first, *labels} - texts))
    return [*found[:at], *agreement.entries(data, on), *found[at:]]


def _torn(data: Dataset, embedding: str, selected: np.ndarray | None) -> tuple[str, str]:
    """What the map cannot show: how many true neighbours of the selected rows lie outside of the selection."""
    if selected is None or not selected.any() or f"graph@{embedding}" not in data.added:
        return "", ""
    share = _torn_share(data.added[f"graph@{embedding}"].identity, np.packbits(selected).tobytes(), data, embedding)
    return engine.maps.torn_sentence(share), "Take them in" if share > 0 else ""


@st.cache_data(max_entries=64, show_spinner=False)
def _torn_share(identity: str, bits: bytes, _data: Dataset, embedding: str) -> float:
    graph, nodes = _data.graph(embedding), _data.embedding(embedding).texts
    selected = np.unpackbits(np.frombuffer(bits, np.uint8), count=_data.n).view(bool)
    chosen = np.zeros(len(nodes), bool)
    chosen[nodes.of_row[np.flatnonzero(selected & (nodes.of_row >= 0))]] = True
    return engine.maps.torn_share(graph.neighbours, chosen)


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
    running = [j for j in engine.jobs.all_jobs(data.store) if j.status == "running"]
    if running:
        st.caption(f"{plain(running[0].title)} is running; a first map comes after the first few thousand texts.")
    else:
        link("open", "Prepare it on the Open page")
