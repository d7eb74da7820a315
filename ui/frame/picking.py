"""Have a selector pick: at once where that is short, else as a job that can be stopped."""

from typing import cast

import streamlit as st

import engine
from engine import Dataset, Recipe, Step
from engine.registry import Json
from ui.frame import jobs, state
from ui.widgets.say import plain

AT_ONCE = 3.0
"""Seconds that a person waits for at the button; what is promised to take longer is a job."""


def waiting(data: Dataset, done: "engine.recipe.Run") -> None:
    """Make the choice that waits."""
    step = next(step for step in done.waiting if step.selects)
    seconds = engine.building.picking_seconds(data, step, engine.recipe.rows_of(done.stages[-1], data.n))
    make(data, state.recipe(), step, seconds)


def make(data: Dataset, recipe: Recipe, step: Step, seconds: float) -> None:
    """Have a step of a recipe pick, then draw the page again: at once, or as a job where that is long.

    What a job picks is then there for pages and exports. A step that is broken counts as off here too.
    """
    cache, live = state.stage_cache(str(data.store.folder)), engine.marks.verdicts(data)
    seen = engine.recipe.run(data, recipe, cache, pick=False, strict=False, by_hand=live)
    whole = engine.recipe.frozen(data, seen.working)
    if seconds < AT_ONCE:
        with st.spinner(plain(step.sentence()), show_time=True):
            engine.building.pick(data, whole, cache)
        st.rerun()
    work: dict[str, Json] = {
        "do": "pick",
        "recipe": cast(Json, engine.exporting.completed(data, whole).json()),
        "seconds": seconds,
    }
    jobs.launch(data.store, work, f"Choose: {step.member.title}")
