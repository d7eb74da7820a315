"""What the map draws, from a dataset: places, colours, names, neighbours; each cached by identity, never by content."""

from collections.abc import Callable

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.map.scatter import Colour, MapPoints, MapTrust, TopicName, by_category, by_number, trust_of

HOVER = 220
CATEGORIES = 60
"""A column of whole numbers with at most so many values is coloured as categories."""


@st.cache_resource(max_entries=6, show_spinner=False)
def points(identity: str, key: str, _data: Dataset) -> MapPoints:
    """The places of all rows on a map; rows without text have none."""
    drawn = _data.map(key)
    x, y = (_data.per_row(np.asarray(v, np.float32), drawn.texts) for v in (drawn.x, drawn.y))
    return MapPoints(f"{identity}-{_data.fingerprint[:16]}", x, y)


@st.cache_resource(max_entries=24, show_spinner=False)
def colour(identity: str, column: str, map_identity: str, map_key: str, _data: Dataset) -> Colour:
    """A column as colours of a map: for names categories that differ where they touch on it, for numbers a scale."""
    info = _data.info(column)
    digest = f"{column}-{identity}-{_data.fingerprint[:16]}"
    if info.type in ("number", "integer", "date") and info.origin != "topics":
        values = _data.numbers(column)
        finite = values[np.isfinite(values)]
        if not (info.type == "integer" and len(np.unique(finite[:200_000])) <= CATEGORIES and info.origin == "source"):
            log = bool(len(finite) and finite.min() >= 0 and finite.max() > 50 * max(float(np.median(finite)), 1e-9))
            return by_number(digest, column, values, log=log)
    codes, labels = _data.codes(column)
    return by_category(digest, column, codes, labels, points(map_identity, map_key, _data))


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
def names(map_identity: str, topics_identity: str, map_key: str, topics_key: str, _data: Dataset) -> list[TopicName]:
    """Topic names at the middle of their rows: areas first, topics on zooming in."""
    drawn, topics = _data.map(map_key), _data.topics(topics_key)
    x, y = np.asarray(drawn.x), np.asarray(drawn.y)
    if drawn.texts.identity != topics.texts.identity:
        return []
    found = []
    for level, labels, words in ((0, topics.area, topics.area_names), (1, topics.topic, topics.names)):
        labels = np.asarray(labels)
        there = np.isfinite(x) & (labels >= 0)
        order = np.flatnonzero(there)[np.argsort(labels[there], kind="stable")]
        for group in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []:
            number = int(labels[group[0]])
            size = int(np.asarray(topics.texts.count)[group].sum())
            middle = float(np.median(x[group])), float(np.median(y[group]))
            found.append(TopicName(words.get(number, f"topic {number}"), *middle, level=level, size=size, value=number))
    return found


def texts(data: Dataset, column: str) -> Callable[[np.ndarray], list[str]]:
    """The start of each row's text and its value in the colour column, for hover cards."""

    def of(rows: np.ndarray) -> list[str]:
        values = data.strings(column, rows) if column else [None] * len(rows)
        starts = [t if len(t) <= HOVER else t[: HOVER - 1] + "…" for t in data.texts(rows)]
        return [f"{start}\n{column}: {value}" if column else start for start, value in zip(starts, values, strict=True)]

    return of


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
