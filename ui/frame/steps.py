"""The steps of the recipe, one by one: their counts, their knobs, their order; and one more."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

import engine
from engine import Dataset, EngineError, Recipe, Step
from ui.frame import state
from ui.widgets import conditions, form
from ui.widgets.say import message, part, plain


def listed(data: Dataset, recipe: Recipe, done: "engine.recipe.Run | None") -> None:
    """Every step of a recipe with what it does to the rows."""
    counts = _counts(recipe, done)
    for at, step in enumerate(recipe.steps):
        _step(data, recipe, at, step, counts.get(at))


def _counts(recipe: Recipe, done: "engine.recipe.Run | None") -> dict[int, tuple[int, int]]:
    """Rows kept and removed by each step, by its place in the recipe; steps that are off or wait have none."""
    if done is None:
        return {}
    on = [at for at, step in enumerate(recipe.steps) if step.on]
    return {at: (s.kept, s.before - s.kept) for at, s in zip(on, done.stages[1:], strict=False)}


def _step(data: Dataset, recipe: Recipe, at: int, step: Step, count: tuple[int, int] | None) -> None:
    with st.container(border=True):
        words, menu = st.columns([6, 1], vertical_alignment="top")
        sentence = step.name or step.sentence().rstrip(".")
        shown = plain(sentence if len(sentence) < 160 else sentence[:159] + "…")
        words.markdown(f"{at + 1}. {shown}" if step.on else f":gray[{at + 1}. {shown} (off)]")
        if count:
            words.caption(f"{count[0]:,} left · {count[1]:,} removed")
        elif step.on:
            words.caption("not run yet")
        with menu.popover("", icon=":material/more_vert:", help="Edit, switch off, move, remove"), part():
            _edit(data, recipe, at, step)


def _edit(data: Dataset, recipe: Recipe, at: int, step: Step) -> None:
    key = f"drawer/{at}/{step.do}/{len(recipe.steps)}"
    on = st.toggle("On", step.on, key=f"{key}/on")
    name = st.text_input("Name", step.name, key=f"{key}/name", placeholder="its sentence")
    params: Mapping[str, object] = step.params
    if step.do not in engine.recipe.NESTS:
        params = form.fields(step.member, data, key, step.params)
    try:
        changed = replace(step, on=on, name=name, params=dict(params)).checked()  # type: ignore[arg-type]
    except EngineError as error:
        message(error)
        changed = step
    if changed != step and st.button("Apply", type="primary", key=f"{key}/apply", width="stretch"):
        take(recipe.changed(at, changed), f"changed step {at + 1}: {changed.sentence()}")
    up, down, away = st.columns(3)
    if up.button("", icon=":material/arrow_upward:", disabled=at == 0, help="Earlier", key=f"{key}/up"):
        take(recipe.moved(at, at - 1), f"moved step {at + 1} up")
    if down.button(
        "", icon=":material/arrow_downward:", disabled=at + 1 == len(recipe.steps), help="Later", key=f"{key}/down"
    ):
        take(recipe.moved(at, at + 1), f"moved step {at + 1} down")
    if away.button("", icon=":material/delete:", help="Remove; undo brings it back", key=f"{key}/remove"):
        take(recipe.without(at), f"removed step {at + 1}: {step.sentence()}")


def add(data: Dataset) -> None:
    step = conditions.build(data, "drawer/add")
    if st.button("Add", type="primary", disabled=step is None, key="drawer/add/go", width="stretch") and step:
        add_step(step)


def add_step(step: Step) -> None:
    """Add a step: a filter goes before the first selector, a selector to the end. Then draw the page again."""
    recipe = state.recipe()
    first = next((i for i, s in enumerate(recipe.steps) if s.selects), len(recipe.steps))
    new = recipe.with_step(step.checked(), None if step.selects else first)
    take(new, f"added: {step.checked().sentence()}")


def take(recipe: Recipe, what: str) -> None:
    state.change(recipe, what)
    st.rerun()
