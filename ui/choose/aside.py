"""Choices put aside, beside the one that stands: rows in common and evidence in one table; a click takes one back.

They lie at the desk of the browser, so that a reload or a crash loses none, and undo takes back what was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Recipe
from engine.look import kept
from engine.registry import Json
from ui.choose import compared, measured
from ui.choose.compared import Aside
from ui.frame import picking, state
from ui.widgets.say import plain

MOST, PART = 3, "choices aside"
ALIKE = "Share of rows that have a pick alike, as alike as chance reaches for nine in ten"


def draw(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """The button that puts the choice aside, the table of all that are, and what may be done with each."""
    now = Aside("This choice", _until(done), done, at)
    held = [_made(data, recipe, place) for place, recipe in enumerate(_held(), 1)]
    others = [one for one in held if one.recipe != now.recipe or not np.array_equal(one.rows, now.rows)]
    if not held:
        st.caption(
            f"Put this choice aside, then choose otherwise on the left: up to {MOST} stand beside the new one, with "
            "the rows that they have in common and all that was measured."
        )
    if len(others) == len(held) and st.button(
        "Put this choice aside", key="aside/put", icon=":material/compare:", disabled=len(held) >= MOST,
        help=f"{MOST} stand aside already: let one go." if len(held) >= MOST else None,
    ):  # fmt: skip
        _put([*(one.recipe for one in held), now.recipe], "put a choice aside")
    if others:
        compared.table([now, *others])
        compared.on_map(data, [now, *others])
        _measure(data, [now, *others])
    for place, one in enumerate(held):
        _line(data, [other.recipe for other in held], place, one, stands=one not in others)


def _until(done: "engine.recipe.Run") -> Recipe:
    """The recipe of a run without what comes after the choice."""
    steps = done.recipe.steps
    last = max(at for at, step in enumerate(steps) if step.selects and step.on and at not in done.broken)
    return replace(done.working, steps=done.working.steps[: last + 1], name="", output={})


def _held() -> list[Recipe]:
    value = state.desk().part(PART).value
    found = []
    for one in cast(list[Mapping[str, Json]], value if isinstance(value, list) else []):
        try:
            found.append(Recipe.from_json(one))
        except engine.EngineError:
            continue  # of another version of Winnow
    return found


def _put(recipes: Sequence[Recipe], words: str) -> None:
    state.desk().put({PART: [cast(Json, one.json()) for one in recipes]}, words)
    st.rerun()


def _made(data: Dataset, recipe: Recipe, place: int) -> Aside:
    """The choice as it was made; one that takes no time to speak of is made again."""
    cache, live = state.stage_cache(str(data.store.folder)), engine.marks.verdicts(data)
    done = engine.recipe.run(data, recipe, cache, pick=False, strict=False, by_hand=live)
    step = recipe.steps[-1]
    if done.waiting and step.member.about.cost is None:
        done = engine.recipe.run(data, recipe, cache, strict=False, by_hand=live)
    return Aside(f"Aside {place}", recipe, done, kept.choice_at(done))


def _measure(data: Dataset, all_: Sequence[Aside]) -> None:
    """The button that measures all of them alike, as one job."""
    made = [one for one in all_ if one.at is not None]
    wanted = measured.everything(data)
    left = [
        one for one in made
        if any(kept.kept(one.done, cast(int, one.at), asked) is None for asked in wanted)
    ]  # fmt: skip
    if not left:
        return
    seconds = sum(
        kept.seconds(one.done, cast(int, one.at), asked) for one in left for asked in wanted
        if kept.kept(one.done, cast(int, one.at), asked) is None
    )  # fmt: skip
    if st.button(
        "Measure them all", key="aside/measure", icon=":material/query_stats:",
        help=f"About {engine.progress.words(seconds)}, as a job that can be stopped.",
    ):  # fmt: skip
        measured.job(data, [one.done for one in left], wanted)


def _line(data: Dataset, recipes: Sequence[Recipe], place: int, one: Aside, *, stands: bool) -> None:
    """A choice put aside: taken again, or let go."""
    words, take, drop = st.columns([4, 1, 1], vertical_alignment="center")
    step = one.recipe.steps[-1]
    words.caption(f"{one.name}{', which stands' if stands else ''}: {plain(step.sentence())}")
    if not stands and take.button("Take it", key=f"aside/take/{place}", width="stretch"):
        recipe = state.recipe()
        at = next((i for i, other in enumerate(recipe.steps) if other.selects), None)
        new = replace(recipe, steps=(*one.recipe.steps, *(recipe.steps[at + 1 :] if at is not None else ())))
        state.change(new, f"chose again: {step.sentence()}")
        before = one.done.stages[-1 if one.at is None else one.at - 1]
        left = np.sort(engine.recipe.rows_of(before, data.n))
        picking.make(data, new, step, engine.building.picking_seconds(data, step, left))
    if drop.button("Let go", key=f"aside/drop/{place}", width="stretch"):
        _put([other for at, other in enumerate(recipes) if at != place], "let a choice go")
