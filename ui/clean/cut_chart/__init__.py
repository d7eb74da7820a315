"""A histogram with two cuts that follow the pointer: what each would leave is sent once, and read there."""

import base64
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from engine.look import Bars, Cuts, JudgedCut, Places

HERE = Path(__file__).resolve().parent
Ends = tuple[float | None, float | None]


@dataclass(frozen=True)
class Shown:
    """What the chart shows of a column.

    ends: the cuts as they are, None where an end is open; kept: the rows that they leave, counted exactly. missing:
    whether rows without a value stay. whole, dates: what the numbers are. places: for the small map, judged: for the
    lines of good and bad rows, None where there are none.
    """

    cuts: Cuts
    ends: Ends
    kept: int
    missing: bool
    whole: bool
    dates: bool
    places: Places | None = None
    judged: JudgedCut | None = None


def cut_chart(shown: Shown, *, key: str, on_cut: Callable[[Ends], None]) -> None:
    """Draw the chart; `on_cut` runs before the script with the ends that a person has let go of."""

    def happened() -> None:
        ends = read(st.session_state[key].get("cut"))
        if ends:
            on_cut(ends)

    mount = st.components.v2.component("winnow_cut", css=_file("chart.css"), js=_file("chart.js"))
    mount(key=key, data=message(shown), on_cut_change=happened)


def message(shown: Shown) -> dict[str, object]:
    """What the browser is told: numbers that JSON can hold, the map's as base64 of little-endian floats."""
    counted, places, judged = shown.cuts, shown.places, shown.judged
    return {
        "at": counted.at.tolist(), "below": counted.below.tolist(), "upto": counted.upto.tolist(),
        "even": _bars(counted.even), "log": counted.log and _bars(counted.log), "far": counted.far,
        "lacking": counted.missing, "rows": counted.rows, "certain": counted.certain,
        "low": shown.ends[0], "high": shown.ends[1], "kept": shown.kept, "missing": shown.missing,
        "whole": shown.whole, "dates": shown.dates,
        "map": places and {
            "x": _floats(places.x, "<f4"), "y": _floats(places.y, "<f4"), "values": _floats(places.values, "<f8"),
            "shown": len(places.rows), "of": places.of,
        },
        "judged": judged and {
            "at": judged.at.tolist(), "good": judged.good.tolist(), "bad": judged.bad.tolist(),
            "goodWeight": judged.good_weight, "badWeight": judged.bad_weight,
            "best": judged.best, "bestLow": judged.low, "bestHigh": judged.high, "above": judged.above,
        },
    }  # fmt: skip


def _bars(bars: Bars) -> dict[str, list[float]]:
    return {"edges": bars.edges.tolist(), "every": bars.every.tolist(), "left": bars.left.tolist()}


def read(value: object) -> Ends | None:
    """The ends as the browser sends them; None for what are none, as anybody can send anything."""
    if not isinstance(value, dict):
        return None
    ends = [value.get(name) for name in ("low", "high")]
    low, high = (_number(end) for end in ends)
    return None if [low, high] != ends else (low, high)


def _number(value: object) -> float | None:
    right = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if right else None  # type: ignore[arg-type]


def _floats(values: np.ndarray, kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode()


@cache
def _file(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
