"""Choices put aside, side by side with the one that stands: rows in common, coverage; a click takes one back."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from ui.frame import picking, state
from ui.widgets.say import plain

MOST = 3


@dataclass(frozen=True)
class Aside:
    """A choice as it was put aside. rows: int64, in pick order; before: those that it was chosen from."""

    step: Step
    rows: np.ndarray
    before: np.ndarray


def draw(data: Dataset, done: "engine.recipe.Run", at: int, embedding: str) -> None:
    """The button that puts the choice aside, and the table of all that are."""
    key = f"aside/{data.fingerprint}"
    held: list[Aside] = st.session_state.setdefault(key, [])
    stage = done.stages[at]
    now = Aside(
        stage.step, engine.recipe.rows_of(stage, data.n), np.sort(engine.recipe.rows_of(done.stages[at - 1], data.n))
    )
    known = any(_same(one, now) for one in held)
    if not known and st.button(
        "Put aside to compare", key="aside/put", icon=":material/compare:", disabled=len(held) >= MOST,
        help=f"Then choose otherwise: up to {MOST} choices stand beside the new one.",
    ):  # fmt: skip
        st.session_state[key] = [*held, now]
        st.rerun()
    if held and (len(held) > 1 or not known):
        _table(data, held, now, embedding)
    for place, one in enumerate(held):
        _line(data, key, place, one, now)


def _same(one: Aside, other: Aside) -> bool:
    return np.array_equal(one.rows, other.rows)


def _table(data: Dataset, held: list[Aside], now: Aside, embedding: str) -> None:
    """What each covers, beside as many random rows."""
    all_ = [now, *(one for one in held if not _same(one, now))]
    st.markdown("##### Side by side")
    head = "| | Rows | In common with this | Mean similarity to the nearest pick | Random | One row in ten is below |"
    lines = [head, "| --- |" + " ---: |" * 5]
    for i, one in enumerate(all_):
        found = _covered(_digest(data, one, embedding), data, one, embedding) if embedding else None
        common = len(np.intersect1d(one.rows, now.rows)) / max(len(one.rows), 1)
        cells = [
            f"**{_name(one)}**" if not i else _name(one), f"{len(one.rows):,}", "" if not i else f"{common:.0%}",
            *([f"{found.selection.mean:.3f}", f"{found.random.mean:.3f}", f"{found.selection.tenth:.3f}"]
              if found else ["", "", ""]),
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    st.markdown("\n".join(lines))


def _line(data: Dataset, key: str, place: int, one: Aside, now: Aside) -> None:
    """A choice put aside: taken again, or let go."""
    words, take, drop = st.columns([4, 1, 1], vertical_alignment="center")
    words.caption(f"Aside: {plain(one.step.sentence())}")
    if not _same(one, now) and take.button("Take it", key=f"aside/take/{place}", width="stretch"):
        recipe = state.recipe()
        at = next((i for i, step in enumerate(recipe.steps) if step.selects), None)
        new = (recipe if at is None else recipe.without(at)).with_step(one.step)
        state.change(new, f"chose again: {one.step.sentence()}")
        picking.make(data, new, one.step, engine.building.picking_seconds(data, one.step, one.before))
    if drop.button("Let go", key=f"aside/drop/{place}", width="stretch"):
        st.session_state[key] = [other for other in st.session_state[key] if other is not one]
        st.rerun()


def _name(one: Aside) -> str:
    return plain(one.step.member.title)


def _digest(data: Dataset, one: Aside, embedding: str) -> str:
    name = data.artefact("embedding", embedding).identity
    return engine.store.digest_of([data.fingerprint, name, one.rows.tolist(), len(one.before)])


@st.cache_data(max_entries=16, show_spinner="Measuring…")
def _covered(digest: str, _data: Dataset, _one: Aside, embedding: str) -> "engine.look.Beside | None":
    return engine.look.beside_random(_data, _one.rows, _one.before, embedding)
