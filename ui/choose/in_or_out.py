"""Why a row is in a choice, or which picked row stands for it, both side by side."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.dataset import row_words
from ui.choose import keeping, measured
from ui.frame import state
from ui.widgets.say import plain

KEY, LONGEST = "choice/row", 1200
SOON = 1_000_000_000
"""Comparisons that take some seconds."""


def draw(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """Ask for a row by number, begun with the one in focus."""
    row = int(
        st.number_input(
            "Why is this row in, or out?",
            0,
            data.n - 1,
            state.focused() or 0,
            key=f"{KEY}/number",
            help="The number of a row; begins with the row in focus.",
        )  # fmt: skip
    )
    (found,) = _asked(data, done, at, np.array([row]))
    st.markdown(plain(found.words(data)))
    if found.stands is None:
        st.text(_text(data, row))
    else:
        mine, other = st.columns(2, gap="medium")
        mine.caption(f"{plain(row_words(data, row, begins=True))}, out")
        mine.text(_text(data, row))
        other.caption(f"{plain(row_words(data, found.stands, begins=True))}, in")
        other.text(_text(data, found.stands))
    _some(data, done, at)
    _stands(data, done, at)


def _asked(data: Dataset, done: "engine.recipe.Run", at: int, rows: np.ndarray) -> "list[engine.look.InOrOut]":
    """Each of some rows beside the choice, with what the selector says of its picks."""
    stage = done.stages[at]
    return engine.look.in_or_out(
        data, engine.recipe.rows_of(stage, data.n), rows, embedding=measured.on(data), notes=stage.notes,
        evidence=stage.step.member.about.evidence,
    )  # fmt: skip


def _some(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """Three rows that are in, from the first to the last pick, and three that are out, the same at every look."""
    picks = engine.recipe.rows_of(done.stages[at], data.n)
    out = np.setdiff1d(engine.recipe.rows_of(done.stages[at - 1], data.n), picks)
    some = picks[np.unique([0, len(picks) // 2, len(picks) - 1])]
    others = np.random.default_rng(len(picks)).permutation(out)[:3]
    rows = np.concatenate([some, others])
    st.markdown("##### Some that are in, and some that are out")
    for one in _asked(data, done, at, rows):
        st.caption(plain(one.words(data)))
        st.text(_text(data, one.row, 200))


def _stands(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """For how many rows each pick stands, as a column, where that is soon told."""
    picks, rows = (engine.recipe.rows_of(done.stages[one], data.n) for one in (at, at - 1))
    embedding = measured.on(data)
    if not embedding or len(picks) * len(rows) > SOON:
        return
    if st.toggle(
        "Tell for how many rows each stands", key=f"{KEY}/stands", help="The rows whose most similar pick it is."
    ):
        stood = _stood(engine.store.digest_of([data.fingerprint, picks.tolist()]), data, picks, rows, embedding)
        st.markdown(
            f"A pick stands for {stood.mean():,.1f} rows in the mean, one for {stood.max():,}; {_alone(stood)}."
        )
        keeping.draw(data, "stands for", picks, stood)


def _alone(stood: np.ndarray) -> str:
    alone = int((stood == 1).sum())
    return f"{alone:,} {'stands for itself' if alone == 1 else 'stand for themselves'} alone"


@st.cache_data(max_entries=8, show_spinner="Comparing rows with picks…")
def _stood(digest: str, _data: Dataset, _picks: np.ndarray, _rows: np.ndarray, embedding: str) -> np.ndarray:
    return engine.look.stood_for(_data, _picks, _rows, embedding)


def _text(data: Dataset, row: int, most: int = LONGEST) -> str:
    text = data.texts(np.array([row]))[0]
    return text if len(text) <= most else text[: most - 1] + "…"
