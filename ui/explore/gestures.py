"""What a gesture on the map does: a change of the selection by one plain step, however it was made."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from engine.dataset import TopicLevel
from engine.registry import Json
from ui.explore import found, histograms
from ui.frame import state
from ui.frame.selection_bar import current, take
from ui.map import data as map_data
from ui.map.points import MISSING, OTHER, SCALE_MISSING
from ui.map.scatter import Colour, MapEvent

PROMOTED = "map/promoted"
"""By dataset and column: values that got a colour of their own by a click, by their codes."""
_CHANGE = {
    "new": None,
    "add": engine.look.selection.added,
    "subtract": engine.look.selection.subtracted,
    "intersect": engine.look.selection.intersected,
}


def on_event(
    data: Dataset,
    key: str,
    topics: str | None,
    column: str | None,
    event: MapEvent,
    hits: "engine.look.search.Hits | None" = None,
) -> None:
    """Turn a gesture into a change of the selection; runs before the page is drawn again.

    hits: what was found, where the map is coloured by it.
    """
    now = current()
    if event.kind in ("acted", "undo"):  # verdicts or the recipe may be others: the drawer is drawn again too
        st.session_state["explore/acted"] = True
    if event.kind == "undo":
        state.undo()
    elif event.kind == "invert":
        take(engine.look.selection.inverted(now))
    elif event.kind == "promote" and column:
        promoted = st.session_state.setdefault(PROMOTED, {})
        promoted[data.name, column] = (*promoted.get((data.name, column), ()), event.value)
    elif event.kind == "clear":
        take(engine.look.selection.cleared(now))
    elif event.kind in ("columns", "brush"):
        histograms.on_event(data, event)
    elif event.kind == "placeless":
        take(now.to(placeless(data, key), left=False))
    elif event.kind in ("grow", "take_in") and now.step is not None:
        take(engine.look.selection.grown(data, now, engine.store.Key.read(key).on, left=state.left()))
    elif (step := found.step_of(hits, event) or step_of(data, key, topics, column, event)) is not None:
        step = found.in_sight(hits, step, event) if hits else in_sight(data, key, step, column, event)
        change = _CHANGE[event.operation]
        take(now.to(step) if change is None or now.step is None else change(now, step))


def step_of(data: Dataset, key: str, topics: str | None, column: str | None, event: MapEvent) -> Step | None:
    """The rows that a gesture means, as one step; None where it means none."""
    if event.kind in ("lasso", "box") and event.polygon is not None:
        return engine.recipe.region_step(data, key, event.polygon)
    if event.kind == "topic" and topics:
        levels = map_data.levels(data.topics(topics))
        level = levels[min(event.level, len(levels) - 1)]
        return engine.recipe.topic_step(data, topics, [event.value], level=level)
    if event.kind == "legend" and column:
        return of_colours(data, column, colours_of(data, key, column), [event.value])
    if event.kind == "later" and (rows := map_data.later(data.map(key).identity, key, data)) is not None:
        return engine.recipe.listed_step(data, np.flatnonzero(rows), f"{rows.sum():,} rows placed by their neighbours")
    if event.kind == "click" and event.row >= 0:
        return engine.recipe.listed_step(data, np.array([event.row]), "a row clicked on the map")
    return None


def in_sight(data: Dataset, key: str, step: Step, column: str | None, event: MapEvent) -> Step:
    """A gesture takes only what is seen: not the rows that the legend hides; what the draft drops is never selected."""
    if not event.hidden or not column or event.kind == "legend":
        return step
    seen = of_colours(data, column, colours_of(data, key, column), event.hidden, drop=True)
    return step if seen is None else Step("all of", steps=(step, seen)).checked()


def of_colours(data: Dataset, column: str, colour: Colour, codes: Sequence[int], *, drop: bool = False) -> Step | None:
    """The rows of some lines of the legend, or all but them, as one step; None where none of them is a line.

    Topics are meant by number, as two may have one name. The line of all other values stands for everything but the
    values that have a line of their own. Of numbers only the rows without a place on the scale have a line.
    """
    if not set(codes) & set(colour.legend_codes):
        return None
    if colour.kind == "number":
        step = _off_the_scale(data, column, colour)
        return engine.recipe.turned(step) if drop else step
    others, info = OTHER in codes, data.info(column)
    meant = [value for value, code in zip(colour.values, colour.legend_codes, strict=True)
             if code < OTHER and (code in codes) != others]  # fmt: skip
    missing = (MISSING in codes) != others
    do: Literal["keep", "drop"] = "keep" if others == drop else "drop"
    if info.origin == "topics":
        level: TopicLevel = "topic" if info.stored == "topic" else "area"
        return engine.recipe.topic_step(data, info.thing, [*meant, *([-1] if missing else [])], level=level, do=do)
    labels = data.codes(column)[1]
    params: dict[str, Json] = {"column": column, "values": [labels[value] for value in meant], "do": do}
    return Step("values", {**params, "missing": missing}).checked()


def _off_the_scale(data: Dataset, column: str, colour: Colour) -> Step:
    """The rows whose number has no colour: it is missing or infinite, or 0 where the scale is one of magnitudes."""
    if np.isinf(data.numbers(column)).any():
        rows = np.flatnonzero(colour.codes == SCALE_MISSING)
        return engine.recipe.listed_step(data, rows, f"{len(rows):,} rows without a colour by {column}")
    if colour.log:
        return Step("number_range", {"column": column, "high": 0, "keep_missing": True}).checked()
    return Step("missing", {"column": column, "keep": "missing"}).checked()


def colours_of(data: Dataset, key: str, column: str) -> Colour:
    """A column as the colours of a map."""
    drawn, info = data.map(key), data.columns[column]
    promoted = st.session_state.get(PROMOTED, {}).get((data.name, column), ())
    return map_data.colour(info.identity or data.fingerprint, column, drawn.identity, key, data, promoted)


def placeless(data: Dataset, key: str) -> Step:
    """The rows that no map can draw: they have no text, or no vector."""
    placed = map_data.points(data.map(key).identity, key, data).placed
    return engine.recipe.listed_step(data, np.flatnonzero(~placed), "rows without a place on the map")
