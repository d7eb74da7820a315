"""How much of the rows comes from few groups, before a choice and in it, and one click that caps each in the mix."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.labels import Concentration
from ui.widgets import charts
from ui.widgets.say import plain, share

KEY, CURVE = "concentrated", 100


def draw(data: Dataset, by: str, left: np.ndarray, chosen: np.ndarray | None, picks: int, key: str) -> None:
    """Below the mix of a column. picks: rows that the budget asks for, 0 for unknown; key: of the cap's field."""
    if not (data.codes(by, left)[0] >= 0).any():
        return
    found = {"left": engine.labels.concentration(data, by, left)}
    if chosen is not None and (data.codes(by, chosen)[0] >= 0).any():
        found["chosen"] = engine.labels.concentration(data, by, chosen)
    st.markdown("##### Share of rows that the largest groups hold")
    held = {name: one.held(CURVE) for name, one in found.items()}
    long = max(map(len, held.values()))
    lines = {name: [*some, *[1.0] * (long - len(some))] for name, some in held.items()}
    charts.curves(
        range(long), {name: (some, some, some) for name, some in lines.items()}, f"{KEY}/{by}",
        x="groups, the largest first", y="", height=200,
    )  # fmt: skip
    cut = f" The line ends after {CURVE} groups." if any(len(one.values) > CURVE for one in found.values()) else ""
    st.caption(" ".join(_said(name, one) for name, one in found.items()) + cut)
    if picks and len(found["left"].values) > 1:
        _cap(found["left"], by, picks, key)


def _said(name: str, one: Concentration) -> str:
    return (
        f"Of the rows {name} the largest group holds {share(one.values[0][1], one.rows)}: they are as even as "
        f"{one.effective:,.1f} of {len(one.values):,} groups."
    )


def _cap(found: Concentration, by: str, picks: int, key: str) -> None:
    """A slider for the largest share, and the button that makes it a limit of the mix."""
    least = int(np.ceil(100 / len(found.values) - 1e-9))
    if least >= 100:
        return
    percent = st.slider(
        "No group more than so much of the choice", least, 100, max(least, min(50, int(50 * found.top[0][1]))),
        format="%d%%", key=f"{KEY}/share/{by}/{least}",
    )  # fmt: skip
    cap = engine.labels.cap_of_picks(np.array([rows for _, rows in found.values]), percent / 100, picks)
    short = f" The choice then falls short: {cap.kept:,} of {picks:,} rows." if cap.kept < picks else ""
    words, go = st.columns([3, 1], vertical_alignment="center")
    words.caption(plain(f"At most {cap.most:,} rows of each {by}: {cap.capped:,} groups have more.{short}"))
    go.button(
        "Cap", key=f"{KEY}/go", icon=":material/content_cut:", width="stretch", on_click=_set, args=(key, cap.most),
        help="Sets “At most, rows of each” above, for this choice. A cap before any choice stands on Review, Balance.",
    )  # fmt: skip


def _set(key: str, most: int) -> None:
    st.session_state[key] = most
