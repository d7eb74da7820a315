"""What a search found, on the map: its rows coloured live by their score, all others grey; and the view on them."""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from ui.map import data as map_data
from ui.map.points import MISSING, SCALE_MISSING
from ui.map.scatter import Colour, MapEvent, by_category, by_number
from ui.map.wire import digest_of

FOUND, WORDS = "\N{NULL}found", "what was found"
"""The choice among the columns that colours by a search; no column can be called so."""
COLOUR, KNOWN, BEFORE, GO = "map/colour", "explore/coloured", "explore/colour/before", "explore/goto"
MOST, FEW = 200, 20
"""Rows that a view is made for: the best; of more than a few, one in twenty may lie outside of it on each side."""
NONE = "not found"


def offer(hits: "engine.look.search.Hits | None", columns: Sequence[str]) -> list[str]:
    """The columns to colour by. A new search is shown at once; when it is gone, the column of before is."""
    asked, now = f"{hits.unit} {hits.label}" if hits else "", st.session_state.get(COLOUR)
    if asked != st.session_state.get(KNOWN, ""):
        st.session_state[KNOWN] = asked
        if asked and now != FOUND:
            st.session_state[BEFORE], st.session_state[COLOUR] = now, FOUND
    if hits is None and now == FOUND:
        before = st.session_state.get(BEFORE)
        st.session_state[COLOUR] = before if before in columns else next(iter(columns), None)
    return [FOUND, *columns] if hits else list(columns)


def colour(data: Dataset, hits: "engine.look.search.Hits | None") -> Colour | None:
    """The rows found by their score; those that a pattern or a scan found alike are of one colour."""
    if hits is None:
        return None
    score = np.full(data.n, np.nan, np.float32)
    score[hits.rows] = np.maximum(hits.score, 1e-6) if hits.unit == "BM25" else hits.score
    by_likeness = hits.unit == "similarity"
    alike = hits.unit == "match" or score[hits.rows].min() == score[hits.rows].max()
    made = (
        by_category("", "found", np.where(np.isnan(score), -1, 0), [f"found {hits.label}"])
        if alike
        else by_number("", hits.unit if by_likeness else "score", score, log=not by_likeness and _far_above(hits.score))
    )
    labels = tuple(NONE if code in (MISSING, SCALE_MISSING) else label
                   for label, code in zip(made.labels, made.legend_codes, strict=True))  # fmt: skip
    hint = f"{len(hits):,} {'row' if len(hits) == 1 else 'rows'} {hits.label}."
    return replace(made, digest=f"found-{digest_of(made.codes.tobytes())}", labels=labels, hint=hint)


def _far_above(score: np.ndarray) -> bool:
    """Whether one row, such as one whose name is what was searched for, would take all the colours of an even scale."""
    return float(score.max()) > 5 * float(np.median(score))


def mask(data: Dataset, hits: "engine.look.search.Hits | None") -> np.ndarray | None:
    """The rows found, which stand out on the map: bool (n,); None where it is not coloured by a search."""
    if hits is None:
        return None
    there = np.zeros(data.n, bool)
    there[hits.rows] = True
    return there


def step_of(hits: "engine.look.search.Hits | None", event: MapEvent) -> Step | None:
    """The rows of a line of the legend of a search: those found, or all others."""
    if hits is None or event.kind != "legend":
        return None
    step = hits.step()
    return engine.recipe.turned(step) if event.value in (MISSING, SCALE_MISSING) else step


def in_sight(hits: "engine.look.search.Hits", step: Step, event: MapEvent) -> Step:
    """A gesture takes only what is seen: where those not found are hidden, only rows that were found."""
    hides = event.kind != "legend" and {MISSING, SCALE_MISSING} & set(event.hidden)
    return Step("all of", steps=(step, hits.step())).checked() if hides else step


def go() -> None:
    """Ask for the view on what was found, once."""
    st.session_state[GO] = time.time_ns() // 1_000_000


def gone_to(data: Dataset, key: str, hits: "engine.look.search.Hits | None") -> dict[str, object] | None:
    """The part of the map where the best of what was found lies, and when it was asked for."""
    turn = st.session_state.get(GO)
    if turn is None or hits is None:
        return None
    points = map_data.points(data.map(key).identity, key, data)
    rows = hits.rows[points.placed[hits.rows]][:MOST]
    if not len(rows):
        return None
    ends = (5, 95) if len(rows) > FEW else (0, 100)
    (x0, x1), (y0, y1) = (np.percentile(v[rows], ends).tolist() for v in (points.x, points.y))
    return {"turn": turn, "box": [x0, y0, x1, y1]}
