"""Where to cut: the threshold with its curve, which row stays, and the step that does it."""

import math
from dataclasses import replace
from typing import Literal, cast

import streamlit as st

import engine
from engine import Step
from engine.look import duplicates
from ui.clean.duplicates import find
from ui.frame import state
from ui.frame.steps import add_step, take
from ui.widgets import charts, form
from ui.widgets.say import plain

KNOBS = ("by", "keep", "most")


def chosen(on: duplicates.Ground) -> tuple[float, duplicates.Wish]:
    """Let the person choose the threshold and which row stays; and make it a step, or change the one that is there."""
    there = None if on.at is None else state.recipe().steps[on.at]
    threshold = _threshold(on, there)
    st.caption(
        plain(duplicates.right_at(on, threshold).words(threshold)),
        help="From what you judge below. Judge groups at random: of those the share holds for all; the largest and the "
        "most doubtful ones are no fair sample.",
    )
    dedup = engine.recipe.AMONG["dedup"]
    knobs = replace(dedup, params=tuple(p for p in dedup.params if p.name in KNOBS))
    with st.expander("Which row stays", expanded=False, key=f"duplicates/{on.key}/which"):
        values = form.fields(knobs, on.data, f"duplicates/{on.key}", there.params if there else None)
    keep = cast(Literal["first", "last"], values["keep"])
    wish = duplicates.Wish(cast(str | None, values["by"]), keep, cast(int, values["most"]))
    button(on, threshold, wish)
    if _lowest(on) < 1:
        find.lower(on.data, on.key, on.data.pairs(on.key).lowest)
    return threshold, wish


def curve(on: duplicates.Ground, threshold: float, wish: duplicates.Wish) -> None:
    """Rows that go and groups over the threshold, with the one that is chosen and the pairs that were judged."""
    lowest = _lowest(on)
    if lowest >= 1:
        st.caption("These are equal, or they are not: there is no threshold to choose.")
        return
    with st.spinner("Counting at each threshold…"):
        points = duplicates.curve_of(on, wish)
    charts.thresholds(points, threshold, *duplicates.judged_similarities(on), key=f"duplicates/{on.key}/curve")


def _threshold(on: duplicates.Ground, there: Step | None) -> float:
    lowest = _lowest(on)
    if lowest >= 1:
        return 1.0
    start = cast(float, there.params["threshold"]) if there else lowest
    threshold = st.slider(
        "Similarity at least", lowest, 1.0, min(max(start, lowest), 1.0), 0.01, format="%.2f",
        key=f"duplicates/{on.key}/threshold", help="A row goes for one that it is at least so similar to; equal is 1.",
    )  # fmt: skip
    return round(float(threshold), 2)


def _lowest(on: duplicates.Ground) -> float:
    """The lowest threshold that can be chosen, in hundredths; 1 where only equal rows are known."""
    pairs = on.data.pairs(on.key)
    return min(1.0, math.ceil(pairs.lowest * 100 - 1e-6) / 100) if len(pairs.first) else 1.0


def button(on: duplicates.Ground, threshold: float, wish: duplicates.Wish, cap: duplicates.Cap | None = None) -> None:
    """Add the step, or change the one that is there; nothing to press where it does what is seen."""
    recipe, what = state.recipe(), "the cap" if cap else "this"
    kind: Literal["primary", "secondary"] = "secondary" if cap else "primary"
    if on.at is None:
        label = "Add the cap as a step" if cap else "Add as a step"
        if st.button(label, type=kind, key=f"duplicates/add/{what}", width="stretch"):
            add_step(duplicates.step_of(on, threshold, wish, cap))
        return
    there = recipe.steps[on.at]
    same = duplicates.same_as(on, there, threshold, wish, cap)
    label = f"Step {on.at + 1} does this" if same else f"Change step {on.at + 1} to {what}"
    help_ = None if same else "The step holds what was chosen and judged when it was made; now it is something else."
    if st.button(label, type=kind, key=f"duplicates/change/{what}", width="stretch", disabled=same, help=help_):
        step = duplicates.step_of(on, threshold, wish, cap)
        step = replace(step, name=there.name if there.do == step.do else "", on=there.on)
        take(recipe.changed(on.at, step), f"changed: {step.label()}")
