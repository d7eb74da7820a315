"""Conditions put together: any filter, several of them under any, all or none, one level in another."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

import streamlit as st

import engine
from engine import Dataset, Step
from engine.registry import Json, Member
from ui.widgets import form

MOST = 12
DEEPEST = 3
_HOLD = {"all of": "all of these hold", "any of": "any of these holds", "not": "none of these holds"}


def offered() -> dict[str, Member]:
    """The filters that a person can fill in; the others come from a selection, a search or a map."""
    return {
        name: member
        for name, member in engine.recipe.FILTERS.items()
        if not any(p.kind in form.HIDDEN and p.required for p in member.params)
    }


def build(data: Dataset, key: str) -> Step | None:
    """Draw one condition, or a group of them; returns the step once every field that must be filled is."""
    verb = st.segmented_control(
        "What the step does", ["Keep", "Drop"], default="Keep", key=f"{key}/verb", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    step = _group(data, key, 0)
    return engine.recipe.turned(step).checked() if step and verb == "Drop" else step


def among(data: Dataset, key: str) -> Step | None:
    """Draw one rule that judges a row by the others left; returns the step once every field that must be filled is.

    A rule that stands on what was not found yet, such as pairs, is left out, and that is said.
    """
    whole = engine.recipe.AMONG
    fit = {name: member for name, member in whole.items() if form.can_be_filled(member, data)}
    if lacking := [member.title for name, member in whole.items() if name not in fit]:
        st.caption(f"{' and '.join(lacking)}: once duplicates are found, under Duplicates.")
    if not fit:
        return None
    member = form.choose(fit, key, "Rule")
    values = form.fields(member, data, key)
    return Step(member.name, cast(Mapping[str, Json], values)).checked() if form.complete(member, values) else None


def _group(data: Dataset, key: str, depth: int) -> Step | None:
    count = st.session_state.setdefault(f"{key}/count", 1 if depth == 0 else 2)
    hold = "all of"
    if count > 1:
        hold = st.segmented_control(
            "rows where", list(_HOLD), default="all of", format_func=_HOLD.__getitem__, key=f"{key}/hold",
            required=True,
        )  # fmt: skip
    steps: list[Step | None] = []
    for i in range(count):
        with st.container(border=count > 1):
            steps.append(_part(data, f"{key}/{i}", depth, alone=count == 1))
    with st.container(horizontal=True):
        if count < MOST and st.button("Condition", icon=":material/add:", key=f"{key}/more", help="Add a condition"):
            st.session_state[f"{key}/count"] = count + 1
            st.rerun()
        if count > 1 and st.button("Last one", icon=":material/remove:", key=f"{key}/less", help="Take the last away"):
            st.session_state[f"{key}/count"] = count - 1
            st.rerun()
    made = [step for step in steps if step is not None]
    if len(made) < len(steps):
        return None
    return made[0] if len(made) == 1 else Step(hold, steps=tuple(made)).checked()


def _part(data: Dataset, key: str, depth: int, *, alone: bool) -> Step | None:
    """One filter, turned around if asked; or a group inside the group."""
    if not alone and depth + 1 < DEEPEST and st.toggle("A group of conditions", key=f"{key}/nested"):
        return _group(data, f"{key}/in", depth + 1)
    member = form.choose(offered(), key, "Condition")
    # Keep or drop is said once, above; inside a group a condition can be turned round.
    member = replace(member, params=tuple(p for p in member.params if p.name != "do"))
    values = form.fields(member, data, key)
    turned = not alone and st.checkbox("Not: rows where this does not hold", key=f"{key}/not")
    if not form.complete(member, values):
        return None
    step = Step(member.name, cast(Mapping[str, Json], values)).checked()
    return engine.recipe.turned(step) if turned else step
