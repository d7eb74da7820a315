"""Scores and cuts: a column's distribution, a cut drawn live over it, and the rows on both sides."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import engine
from engine import Dataset, EngineError, Step
from engine.look import Cuts
from engine.registry import Json
from ui.clean import judging, sides, signals
from ui.clean.cut_chart import Ends, Shown, cut_chart
from ui.clean.days import END_OF_DAY, beginning, day, day_words
from ui.frame.steps import add_step
from ui.widgets import form
from ui.widgets.say import message, part, plain

OPENS = "clean/opens"
NAMES = {"date": ("first", "last")}


@dataclass(frozen=True)
class Cut:
    """A cut as a step (None while nothing is cut), where it lies on the column's numbers, and whether what has no value
    stays."""

    step: Step | None
    ends: Ends
    missing: bool

    @property
    def crossed(self) -> bool:
        """Whether the lower end lies above the upper one."""
        low, high = self.ends
        return low is not None and high is not None and low > high


def open_at(column: str) -> None:
    """Open the page's first part with a column."""
    st.session_state[OPENS] = column
    st.rerun()


def opened() -> None:
    """Take what `open_at` asked for, before the parts are drawn."""
    if column := st.session_state.pop(OPENS, None):
        st.session_state["clean/column"], st.session_state["clean/tab"] = column, "Scores and cuts"


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """Choose a score, or measure one, and cut it."""
    column = signals.choose(data)
    if column:
        cut(data, column, done)


@st.fragment
def cut(data: Dataset, column: str, done: "engine.recipe.Run") -> None:
    """Let the person cut a column of numbers or dates below and above, live on the rows that the recipe leaves."""
    with part():
        _cut(data, column, done)


def _cut(data: Dataset, column: str, done: "engine.recipe.Run") -> None:
    left, info = done.mask, data.info(column)
    certain = np.zeros(data.n, bool)  # what is kept by hand no cut takes
    certain[done.kept_by_hand] = True
    counted = engine.look.cuts(data, column, left, certain)
    if not len(counted.at):
        st.caption(f"{plain(column)} has no values among the rows left.")
        return
    chart = st.container()
    _hold(column, info.type)
    places = st.columns([2, 2, 2, 2], vertical_alignment="bottom")
    make = _dates if info.type == "date" else _numbers
    made = make(column, counted, info.type == "integer", places)
    if (
        places[3].button(
            "Add this cut", type="primary", disabled=made.step is None or made.crossed, key=f"cut/{column}/add",
            width="stretch",
        )
        and made.step is not None
    ):  # fmt: skip
        add_step(made.step)
    judged = judging.judged(data, column, left)
    keep = left & (certain | _kept(data, made))
    map_key = engine.look.map_of(data)
    with chart:
        shown = Shown(
            counted, made.ends, int(keep.sum()), made.missing, info.type == "integer", info.type == "date",
            engine.look.places(data, column, left, map_key) if map_key else None, judged,
        )  # fmt: skip
        cut_chart(shown, key=f"cut/{column}/chart", on_cut=lambda ends: _let_go(column, ends, info.type))
    sides.draw(data, column, left, made.ends, left & ~keep)


def _kept(data: Dataset, made: Cut) -> np.ndarray:
    """bool (n,): what a cut keeps; none, and a message, where its ends are crossed."""
    if made.step is None:
        return np.ones(data.n, bool)
    try:
        return engine.recipe.verdict(data, made.step, data.rows()).keep
    except EngineError as error:
        message(error)
        return np.zeros(data.n, bool)


def _hold(column: str, kind: str) -> None:
    """Give the fields what was in them when another part of the page was looked at: Streamlit forgets it."""
    held = st.session_state.setdefault("cut/held", {})
    for name in NAMES.get(kind, ("low", "high")):
        key = f"cut/{column}/{name}"
        if key in st.session_state:
            held[key] = st.session_state[key]
        elif held.get(key) is not None:
            st.session_state[key] = held[key]


def _let_go(column: str, ends: Ends, kind: str) -> None:
    """The ends that were dragged stand in the fields from now on."""
    for name, end in zip(NAMES.get(kind, ("low", "high")), ends, strict=True):
        st.session_state[f"cut/{column}/{name}"] = None if end is None else _typed(end, kind)


def _typed(end: float, kind: str) -> float | date | None:
    """An end as its field holds it."""
    return day(end) if kind == "date" else round(end) if kind == "integer" else end


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
    """A cut through dates; both days are included."""
    earliest, latest = (day_words(float(v)) for v in (counted.at[0], counted.at[-1]))
    first = places[0].date_input(
        f"From (the first is {earliest})", None, date(1, 1, 1), date(9999, 12, 31), key=f"cut/{column}/first"
    )
    last = places[1].date_input(
        f"Until (the last is {latest})", None, date(1, 1, 1), date(9999, 12, 31), key=f"cut/{column}/last"
    )
    missing = _missing(column, counted, "date", places[2])
    if first is None and last is None and missing:
        return Cut(None, (None, None), missing)
    said = [None if one is None else one.isoformat() for one in (first, last)]
    params: dict[str, Json] = {"column": column, "first": said[0], "last": said[1], "keep_missing": missing}
    ends = (None if first is None else beginning(first), None if last is None else beginning(last) + END_OF_DAY)
    return Cut(Step("date_range", params).checked(), ends, missing)


def _missing(column: str, counted: Cuts, what: str, place: DeltaGenerator) -> bool:
    """Whether rows without a value stay; asked only where there are some."""
    if not counted.missing:
        return True
    return place.checkbox(f"Keep the {counted.missing:,} without a {what}", True, key=f"cut/{column}/missing")
