"""Scores and cuts: a column's distribution, a cut drawn live over it, and the rows on both sides."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from ui.frame import reading
from ui.frame.steps import add_step
from ui.widgets import charts, form
from ui.widgets.say import plain

MOST = 10
Ends = tuple[float | None, float | None]


@dataclass(frozen=True)
class Cut:
    """A cut as a step (None while nothing is cut) and where it lies on the column's numbers."""

    step: Step | None
    ends: Ends


def cut(data: Dataset, column: str, done: "engine.recipe.Run") -> None:
    """Let the person cut a column of numbers or dates below and above, live on the rows that the recipe leaves."""
    info = data.info(column)
    values = data.numbers(column)
    finite = values[np.isfinite(values)]
    if not len(finite):
        st.caption(f"{plain(column)} has no values.")
        return
    dates = info.type == "date"
    made = _dates(column, finite) if dates else _numbers(column, finite, info.type == "integer")
    before = done.mask
    keep = np.ones(data.n, bool) if made.step is None else engine.recipe.verdict(data, made.step, data.rows()).keep
    after = int((before & keep).sum())
    log = bool(finite.min() >= 0 and finite.max() > 50 * max(float(np.median(finite)), 1e-9)) and not dates
    charts.histogram(
        values, f"cut/{column}/chart", unit=info.unit or column, log=log, shown=before & keep, cuts=made.ends,
        dates=dates,
    )  # fmt: skip
    words, button = st.columns([3, 1], vertical_alignment="center")
    gone = int(before.sum()) - after
    words.markdown(f"**{after:,}** of the {int(before.sum()):,} rows left would stay; **{gone:,}** would go.")
    if (
        button.button(
            "Add this cut", type="primary", disabled=made.step is None, key=f"cut/{column}/add", width="stretch"
        )
        and made.step is not None
    ):
        add_step(made.step)
    if made.step is not None:
        sides(data, column, values, np.flatnonzero(before & keep), np.flatnonzero(before & ~keep), made.ends)


def _numbers(column: str, finite: np.ndarray, whole: bool) -> Cut:
    lowest, highest = float(finite.min()), float(finite.max())
    step = 1.0 if whole or highest - lowest > 100 else max((highest - lowest) / 100, 1e-6)
    left, right, options = st.columns([2, 2, 2], vertical_alignment="bottom")
    with left:
        low = form.number(
            "At least", None, f"cut/{column}/low", whole=whole, step=step, placeholder=f"{lowest:,.6g} (lowest)"
        )
    with right:
        high = form.number(
            "At most", None, f"cut/{column}/high", whole=whole, step=step, placeholder=f"{highest:,.6g} (highest)"
        )
    keep_missing = options.checkbox("Keep rows without a value", True, key=f"cut/{column}/missing")
    if low is None and high is None:
        low, high = _slider(column, finite)
    if low is None and high is None and keep_missing:
        return Cut(None, (None, None))
    params = {"column": column, "low": low, "high": high, "keep_missing": keep_missing}
    return Cut(Step("number_range", params).checked(), (low, high))


def _dates(column: str, finite: np.ndarray) -> Cut:
    """A cut through dates, seconds since 1970 in UTC; both days are included."""
    earliest, latest = (_day(float(v)) for v in (finite.min(), finite.max()))
    left, right, options = st.columns([2, 2, 2], vertical_alignment="bottom")
    first = left.date_input(
        f"From (the first is {earliest})", None, date(1, 1, 1), date(9999, 12, 31), key=f"cut/{column}/first"
    )
    last = right.date_input(
        f"Until (the last is {latest})", None, date(1, 1, 1), date(9999, 12, 31), key=f"cut/{column}/last"
    )
    keep_missing = options.checkbox("Keep rows without a date", True, key=f"cut/{column}/missing")
    if first is None and last is None and keep_missing:
        return Cut(None, (None, None))
    ends = tuple(None if day is None else day.isoformat() for day in (first, last))
    params = {"column": column, "first": ends[0], "last": ends[1], "keep_missing": keep_missing}
    return Cut(Step("date_range", params).checked(), (_seconds(first), _seconds(last)))


def _day(seconds: float) -> str:
    """A moment as a day; the few that no calendar holds stay seconds."""
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, ValueError, OSError):
        return f"{seconds:,.0f} s"


def _seconds(day: date | None) -> float | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def sides(data: Dataset, column: str, values: np.ndarray, kept: np.ndarray, gone: np.ndarray, cuts: Ends) -> None:
    """Rows on both sides of a cut: those next to it, or a random ten, as the person likes."""
    how = st.segmented_control(
        "Show", ["next to the cut", "random"], default="next to the cut", key=f"sides/{column}/how", required=True
    )
    spans = engine.look.counted(data, column)
    if spans:
        st.caption("What the score counts is marked in the texts.")
    stay, go = st.columns(2)
    for place, name, rows in ((stay, "Would stay", kept), (go, "Would go", gone)):
        with place:
            st.markdown(f"**{name}**, {len(rows):,} rows")
            part = near(values, rows, cuts) if how == "next to the cut" else some(rows)
            reading.rows(data, part, key=f"sides/{column}/{name}", columns=[column], spans=spans)


def near(values: np.ndarray, rows: np.ndarray, cuts: Ends) -> np.ndarray:
    """The ten rows whose values lie nearest to a cut, nearest first."""
    distance = np.full(len(rows), np.inf)
    for at in cuts:
        if at is not None:
            distance = np.fmin(distance, np.abs(values[rows] - at))
    order = np.argsort(distance, kind="stable")[:MOST]
    return rows[order]


def some(rows: np.ndarray) -> np.ndarray:
    """Ten of the rows, the same ones each time."""
    return np.sort(np.random.default_rng(0).choice(rows, min(MOST, len(rows)), replace=False)) if len(rows) else rows


def _slider(column: str, finite: np.ndarray) -> Ends:
    """A slider over the percentiles of the column: even steps of rows, whatever the values' spread."""
    marks = np.unique(np.quantile(finite, np.linspace(0, 1, 201), method="nearest"))
    if len(marks) < 3:
        return None, None
    shown = marks.tolist()
    start, end = st.select_slider(
        "Drag both ends; even steps of rows", shown, (shown[0], shown[-1]),
        format_func=lambda v: f"{v:,.6g}", key=f"cut/{column}/slider",
    )  # fmt: skip
    return (None if start == shown[0] else start), (None if end == shown[-1] else end)
