"""What the map draws, from a dataset: places, colours, names, neighbours; each cached by identity, never by content."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.dataset import TopicLevel, Topics
from ui.map.hues import Inks, by_place
from ui.map.request_handlers import Texts
from ui.map.scatter import Colour, Hover, MapPoints, MapTrust, TopicName, by_category, by_number, trust_of
from ui.map.spots import spots

HOVER = 220
FACTS = 200
"""Columns to choose from for the card of a point."""
PART = 0.05
"""Of a topic or of what is selected: less of it leaves the topic out."""
CATEGORIES = 60
"""A column of whole numbers with at most so many values is coloured as categories."""


@st.cache_resource(max_entries=6, show_spinner=False)
def points(identity: str, key: str, _data: Dataset) -> MapPoints:
    """The places of all rows on a map; rows without text have none."""
    drawn = _data.map(key)
    x, y = (_data.per_row(np.asarray(v, np.float32), drawn.texts) for v in (drawn.x, drawn.y))
    return MapPoints(f"{identity}-{_data.fingerprint[:16]}", x, y)


@st.cache_resource(max_entries=24, show_spinner=False)
def colour(
    identity: str, column: str, map_identity: str, map_key: str, _data: Dataset, promoted: tuple[int, ...] = ()
) -> Colour:
    """A column as colours of a map: for names categories that differ where they touch on it, for numbers a scale.

    promoted: codes of values that get a colour, however few rows have them.
    """
    info = _data.info(column)
    digest = f"{column}-{identity}-{_data.fingerprint[:16]}"
    if info.type in ("number", "integer", "date") and info.origin != "topics":
        values = _data.numbers(column)
        finite = values[np.isfinite(values)]
        if not (info.type == "integer" and len(np.unique(finite[:200_000])) <= CATEGORIES and info.origin == "source"):
            log = len(finite) and finite.min() >= 0 and finite.max() > 50 * max(float(np.median(finite)), 1e-9)
            return by_number(digest, column, values, log=bool(log) and info.type != "date")
    codes, labels = _data.codes(column)
    own = None
    if info.origin == "topics":
        both = inks(map_identity, info.identity, map_key, info.thing, _data)
        own = both[1 if info.stored == "topic" else 0]
    digest += "".join(f"-{code}" for code in promoted)
    there = points(map_identity, map_key, _data)
    return by_category(digest, column, codes, labels, there, inks=own, promoted=promoted)


@st.cache_resource(max_entries=6, show_spinner=False)
def trust(identity: str, key: str, _data: Dataset) -> MapTrust:
    """Each row's share of true neighbours that are near it on the map, with its scale."""
    drawn = _data.map(key)
    among = drawn.notes.get("among", engine.maps.TRUST_K)  # older maps counted the 15 nearest
    return trust_of(_data.per_row(np.asarray(drawn.trust, np.float32), drawn.texts), int(str(among)))


@st.cache_resource(max_entries=6, show_spinner=False)
def later(identity: str, key: str, _data: Dataset) -> np.ndarray | None:
    """The rows that came after the map was drawn and lie where their neighbours lie: bool (n,), None where none did."""
    artefact = _data.added[key]
    if not artefact.notes.get("placed_rows"):
        return None
    return _data.per_row(np.asarray(artefact.array("placed"), bool), _data.map(key).texts, missing=False)


@st.cache_resource(max_entries=8, show_spinner=False)
def inks(
    map_identity: str, topics_identity: str, map_key: str, topics_key: str, _data: Dataset
) -> tuple[dict[int, Inks], dict[int, Inks]]:
    """The colours of areas and of topics by their places on a map, each by number."""
    drawn, topics = _data.map(map_key), _data.topics(topics_key)
    x, y = (np.asarray(v) for v in (drawn.x, drawn.y))
    if drawn.texts.identity != topics.texts.identity:
        return {}, {}
    return by_place(x, y, np.asarray(topics.topic), np.asarray(topics.area))


@st.cache_resource(max_entries=8, show_spinner=False)
def names(map_identity: str, topics_identity: str, map_key: str, topics_key: str, _data: Dataset) -> list[TopicName]:
    """Names where their rows lie densest: areas first, then groups where there are some, topics on zooming in.

    A group that is all of its area, or one topic alone, has no name of its own: it would say the same twice.
    """
    drawn, topics = _data.map(map_key), _data.topics(topics_key)
    x, y = np.asarray(drawn.x), np.asarray(drawn.y)
    if drawn.texts.identity != topics.texts.identity or not np.isfinite(x).any():
        return []
    found, groups = [], _groups_with_names(topics)
    of_areas, of_topics = inks(map_identity, topics_identity, map_key, topics_key, _data)
    of_groups = {group: of_areas[area] for group, area in groups.items() if area in of_areas}
    tints = {"area": of_areas, "group": of_groups, "topic": of_topics}
    for at, level in enumerate(levels(topics)):
        labels, words = topics.level(level)
        if level == "group":
            labels = np.where(np.isin(labels, list(groups)), labels, -1)
        known = labels >= 0
        sizes = np.bincount(labels[known], weights=np.asarray(topics.texts.count)[known])
        for number, spot in spots(x, y, labels).items():
            word, size = words.get(number, f"topic {number}"), int(sizes[number])
            found.append(
                TopicName(word, spot.x, spot.y, at, size, number, spot.near, spot.own, tints[level].get(number))
            )
    return found


def levels(topics: Topics) -> list[TopicLevel]:
    """The levels of names, as the map numbers them: the coarsest first."""
    return ["area", "group", "topic"] if topics.group_names else ["area", "topic"]


def _groups_with_names(topics: Topics) -> dict[int, int]:
    """The area of each group that is neither all of its area nor one topic alone."""
    kinds, first = np.unique(topics.topic, return_index=True)
    area_of, group_of = dict(zip(kinds.tolist(), topics.area[first].tolist(), strict=True)), topics.group_of
    within = {group_of[topic]: area for topic, area in area_of.items() if topic in group_of}
    held, holds = Counter(group_of.values()), Counter(area_of.values())
    return {group: area for group, area in within.items() if 1 < held[group] < holds[area]}


def cards(data: Dataset, column: str, topics: str | None) -> Texts:
    """What the card of a point says: title, id, value in the colour's column, topic, chosen columns, start of text."""
    titles, ids = engine.dataset.title_column(data), data.id_column()
    belongs = [
        c.key for c in data.columns.values() if c.origin == "topics" and c.thing == topics and c.stored == "topic"
    ]

    def values(name: str, rows: np.ndarray) -> list[str | None]:
        none: list[str | None] = [None] * len(rows)
        found = data.strings(name, rows) if name in data.columns else none
        return [_figure(value) for value in found] if name and data.info(name).type == "number" else found

    def of(rows: np.ndarray, facts: Sequence[str]) -> list[Hover]:
        named = engine.dataset.called(data, rows) if titles else [""] * len(rows)
        keys = values(ids, rows) if ids != titles else [None] * len(rows)
        more = [name for name in dict.fromkeys([*belongs, *facts]) if name != column]
        told = [values(name, rows) for name in more]
        starts = [t if len(t) <= HOVER else t[: HOVER - 1] + "…" for t in data.texts(rows)]
        shown = values(column, rows) if column else [None] * len(rows)
        return [
            Hover(text, named[i], keys[i] or "", shown[i], tuple((n, told[k][i]) for k, n in enumerate(more)))
            for i, text in enumerate(starts)
        ]

    return of


def facts(data: Dataset) -> list[str]:
    """The columns that may stand on the card of a point: all but the text and what the card says anyway."""
    said = {*data.text_view.columns, engine.dataset.title_column(data), data.id_column()}
    return [c.key for c in data.columns.values() if c.key not in said][:FACTS]


def faded(
    data: Dataset, topics: str, names: Sequence[TopicName], left: np.ndarray, selected: np.ndarray | None
) -> np.ndarray | None:
    """Which names the selection leaves out, or the filters where nothing is selected: bool, one a name; None for none.

    A topic is left out where less than a twentieth of its rows is in, and they are less than a twentieth of those.
    """
    there = left if selected is None or not selected.any() else left & selected
    if there.all():
        return None
    rows = np.flatnonzero(there)
    counts = []
    for level in levels(data.topics(topics)):
        numbers = _numbers(data.added[topics].identity, topics, level, data)[rows]
        counts.append(np.bincount(numbers[numbers >= 0], minlength=1 + max((n.value for n in names), default=0)))
    inside = np.array([counts[name.level][name.value] for name in names])
    sizes = np.array([name.size for name in names])
    return inside < np.maximum(1, PART * np.minimum(sizes, len(rows)))


@st.cache_resource(max_entries=8, show_spinner=False)
def _numbers(identity: str, key: str, level: TopicLevel, _data: Dataset) -> np.ndarray:
    """The number of each row's topic, or of its group or area, -1 for none: int32 (n,)."""
    topics = _data.topics(key)
    return _data.per_row(np.asarray(topics.level(level)[0], np.int32), topics.texts, -1)


def _figure(value: str | None) -> str | None:
    """A number as one reads it."""
    try:
        return value and (f"{float(value):,.0f}" if abs(float(value)) >= 1000 else f"{float(value):.4g}")
    except ValueError:
        return value


def neighbours(data: Dataset, embedding: str) -> Callable[[int], np.ndarray] | None:
    """The rows most like a row, by the graph; None while there is no graph."""
    if f"graph@{embedding}" not in data.added:
        return None
    graph, nodes = data.graph(embedding), data.embedding(embedding).texts

    def of(row: int) -> np.ndarray:
        node = int(nodes.of_row[row])
        if node < 0:
            return np.empty(0, np.int64)
        near = np.asarray(graph.neighbours[node][:10])
        return np.asarray(nodes.first)[near[near >= 0]].astype(np.int64)

    return of
