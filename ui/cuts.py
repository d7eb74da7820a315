"""Scores and cuts: a column's distribution, a cut drawn live over it, and the rows on both sides."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from ui import charts
from ui.drawer import add_step
from ui.table import table

MOST = 10


def cut(data: Dataset, column: str, done: "engine.replay.Run") -> None:
    """Let the person cut a column of numbers below and above, live on the rows that the recipe leaves."""
    info = data.info(column)
    values = data.numbers(column)
    finite = values[np.isfinite(values)]
    if not len(finite):
        st.caption(f"{column} has no values.")
        return
    lowest, highest = float(finite.min()), float(finite.max())
    whole = info.type == "integer"
    left, right, options = st.columns([2, 2, 2], vertical_alignment="bottom")
    low = left.number_input(
        "At least",
        value=None,
        step=_step(lowest, highest, whole),
        key=f"cut/{column}/low",
        placeholder=f"{lowest:,.6g} (lowest)",
    )
    high = right.number_input(
        "At most",
        value=None,
        step=_step(lowest, highest, whole),
        key=f"cut/{column}/high",
        placeholder=f"{highest:,.6g} (highest)",
    )
    keep_missing = options.checkbox("Keep rows without a value", True, key=f"cut/{column}/missing")
    low_at, high_at = _slider(column, finite, low, high)
    low, high = low if low is not None else low_at, high if high is not None else high_at
    step = Step("number_range", {"column": column, "low": low, "high": high, "keep_missing": keep_missing}).checked()
    keep = engine.replay.verdict(data, step, data.rows()).keep
    before = done.mask
    after = int((before & keep).sum())
    log = bool(lowest >= 0 and highest > 50 * max(float(np.median(finite)), 1e-9))
    charts.histogram(
        values, f"cut/{column}/chart", unit=info.unit or column, log=log, shown=before & keep, cuts=(low, high)
    )
    removed = int(before.sum()) - after
    words, button = st.columns([3, 1], vertical_alignment="center")
    words.markdown(f"**{after:,}** of the {int(before.sum()):,} rows left would stay; **{removed:,}** would go.")
    if button.button(
        "Add this cut", type="primary", disabled=low is None and high is None, key=f"cut/{column}/add", width="stretch"
    ):
        add_step(step)
    if low is not None or high is not None:
        sides(data, column, values, np.flatnonzero(before & keep), np.flatnonzero(before & ~keep), (low, high))


def sides(
    data: Dataset,
    column: str,
    values: np.ndarray,
    kept: np.ndarray,
    gone: np.ndarray,
    cuts: tuple[float | None, float | None],
) -> None:
    """Rows on both sides of a cut: those next to it, or a random ten, as the person likes."""
    how = st.segmented_control(
        "Show", ["next to the cut", "random"], default="next to the cut", key=f"sides/{column}/how"
    )
    stay, go = st.columns(2)
    for place, name, rows in ((stay, "Would stay", kept), (go, "Would go", gone)):
        with place:
            st.markdown(f"**{name}**, {len(rows):,} rows")
            part = near(values, rows, cuts) if how == "next to the cut" else some(rows)
            table(data, part, f"sides/{column}/{name}", [column])


def near(values: np.ndarray, rows: np.ndarray, cuts: tuple[float | None, float | None]) -> np.ndarray:
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


def _slider(
    column: str, finite: np.ndarray, low: float | None, high: float | None
) -> tuple[float | None, float | None]:
    """A slider over the percentiles of the column: even steps of rows, whatever the values' spread."""
    if low is not None or high is not None:
        return None, None
    marks = np.unique(np.quantile(finite, np.linspace(0, 1, 201)))
    if len(marks) < 3:
        return None, None
    shown = [float(f"{m:.6g}") for m in marks]
    start, end = st.select_slider(
        "Drag both ends; even steps of rows", list(dict.fromkeys(shown)), (shown[0], shown[-1]),
        format_func=lambda v: f"{v:,.6g}", key=f"cut/{column}/slider",
    )  # fmt: skip
    return (None if start == shown[0] else start), (None if end == shown[-1] else end)


def _step(low: float, high: float, whole: bool) -> float:
    return 1.0 if whole or high - low > 100 else max((high - low) / 100, 1e-6)
