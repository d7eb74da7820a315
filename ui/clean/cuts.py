"""Scores and cuts: a column's distribution, a cut drawn live over it, and the rows on both sides."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import engine
from engine import Dataset, Step
from engine.look import Cuts
from ui.clean import judging, sides, signals
from ui.clean.cut_chart import Ends, Shown, cut_chart
from ui.frame.steps import add_step
from ui.widgets import form
from ui.widgets.say import plain

ENDS = {"date": ("first", "last")}
END_OF_DAY = 86_399.999


@dataclass(frozen=True)
class Cut:
    """A cut as a step (None while nothing is cut), where it lies on the column's numbers, and what has no value."""

    step: Step | None
    ends: Ends
    missing: bool


def draw(data: Dataset, left: np.ndarray) -> None:
    """Choose a score, or measure one, and cut it. left: bool (n,), the rows left."""
    column = signals.choose(data)
    if column:
        cut(data, column, left)


@st.fragment
def cut(data: Dataset, column: str, left: np.ndarray) -> None:
    """Let the person cut a column of numbers or dates below and above, live. left: bool (n,), the rows left."""
    counted, info = engine.look.cuts(data, column, left), data.info(column)
    if not len(counted.at):
        st.caption(f"{plain(column)} has no values among the rows left.")
        return
    chart = st.container()
    places = st.columns([2, 2, 2, 2], vertical_alignment="bottom")
    make = _dates if info.type == "date" else _numbers
    made = make(column, counted, info.type == "integer", places)
    if (
        places[3].button(
            "Add this cut", type="primary", disabled=made.step is None, key=f"cut/{column}/add", width="stretch"
        )
        and made.step is not None
    ):
        add_step(made.step)
    judged = judging.judged(data, column, left)
    keep = left if made.step is None else left & engine.recipe.verdict(data, made.step, data.rows()).keep
    map_key = engine.look.map_of(data)
    with chart:
        shown = Shown(
            counted, made.ends, int(keep.sum()), made.missing, info.unit or column, info.type == "integer",
            info.type == "date", engine.look.places(data, column, left, map_key) if map_key else None, judged,
        )  # fmt: skip
        cut_chart(shown, key=f"cut/{column}/chart", on_cut=lambda ends: _let_go(column, ends, info.type))
    sides.draw(data, column, left, made.ends)


def _let_go(column: str, ends: Ends, kind: str) -> None:
    """The ends that were dragged stand in the fields from now on."""
    for name, end in zip(ENDS.get(kind, ("low", "high")), ends, strict=True):
        st.session_state[f"cut/{column}/{name}"] = None if end is None else _typed(end, kind)


def _typed(end: float, kind: str) -> float | date | None:
    """An end as its field holds it; None for a day that no calendar has."""
    if kind != "date":
        return round(end) if kind == "integer" else end
    try:
        return datetime.fromtimestamp(end, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None


def _numbers(column: str, counted: Cuts, whole: bool, places: list[DeltaGenerator]) -> Cut:
    lowest, highest = float(counted.at[0]), float(counted.at[-1])
    step = 1.0 if whole or highest - lowest > 100 else max((highest - lowest) / 100, 1e-6)
    with places[0]:
        low = form.number(
            "At least", None, f"cut/{column}/low", whole=whole, step=step, placeholder=f"{lowest:,.6g} (lowest)"
        )
    with places[1]:
        high = form.number(
            "At most", None, f"cut/{column}/high", whole=whole, step=step, placeholder=f"{highest:,.6g} (highest)"
        )
    missing = _missing(column, counted, "value", places[2])
    if low is None and high is None and missing:
        return Cut(None, (None, None), missing)
    params = {"column": column, "low": low, "high": high, "keep_missing": missing}
    return Cut(Step("number_range", params).checked(), (low, high), missing)


def _dates(column: str, counted: Cuts, _whole: bool, places: list[DeltaGenerator]) -> Cut:
    """A cut through dates, seconds since 1970 in UTC; both days are included."""
    earliest, latest = (_day(float(v)) for v in (counted.at[0], counted.at[-1]))
    first = places[0].date_input(
        f"From (the first is {earliest})", None, date(1, 1, 1), date(9999, 12, 31), key=f"cut/{column}/first"
    )
    last = places[1].date_input(
        f"Until (the last is {latest})", None, date(1, 1, 1), date(9999, 12, 31), key=f"cut/{column}/last"
    )
    missing = _missing(column, counted, "date", places[2])
    if first is None and last is None and missing:
        return Cut(None, (None, None), missing)
    ends = tuple(None if day is None else day.isoformat() for day in (first, last))
    params = {"column": column, "first": ends[0], "last": ends[1], "keep_missing": missing}
    return Cut(Step("date_range", params).checked(), (_seconds(first), _seconds(last, END_OF_DAY)), missing)


def _missing(column: str, counted: Cuts, what: str, place: DeltaGenerator) -> bool:
    """Whether rows without a value stay; asked only where there are some."""
    key = f"cut/{column}/missing"
    if not counted.missing:
        return True
    return place.checkbox(f"Keep the {counted.missing:,} without a {what}", True, key=key)


def _day(seconds: float) -> str:
    """A moment as a day; the few that no calendar holds stay seconds."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return f"{seconds:,.0f} s"


def _seconds(day: date | None, after: float = 0.0) -> float | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() + after
