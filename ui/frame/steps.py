"""The steps of the recipe, one line each, in the drawer: what a person does with them, and one more."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import streamlit as st

import engine
from engine import Dataset, EngineError, Recipe, Step
from engine.recipe import Broken, Run
from engine.registry import Json
from ui.frame import jobs, state
from ui.frame.steps_list import Event, Line, Remedy, ids, steps_list
from ui.widgets import conditions, form, limits
from ui.widgets.say import answering, message, part, plain

EDITING = "drawer/editing"
CHANGED = "drawer/changed"


@st.fragment
def listed(data: Dataset, recipe: Recipe, done: Run | None) -> None:
    """Every step of a recipe with what it does to the rows; only what changes the recipe draws the page again."""
    if st.session_state.pop(CHANGED, False):
        st.rerun()
    if recipe.steps:
        steps_list(lines(data, recipe, done), key="drawer/steps", on_event=answering(_happened))
    editing = st.session_state.pop(EDITING, None)
    at = place(recipe, editing) if editing else None
    if at is not None:
        st.dialog("Edit the step", width="medium")(_edit)(data, recipe, at)


def lines(data: Dataset, recipe: Recipe, done: Run | None) -> list[Line]:
    """The steps as the list shows them; a step that is off, waits or is broken says so."""
    stages = iter(done.stages[1:] if done else ())
    broken = done.broken if done else {}
    found, number = [], 0
    for at, (step, name) in enumerate(zip(recipe.steps, _ids(recipe), strict=True)):
        line = Line(name, "", step.verb(), step.short(), step.sentence(), step.name, step.on)
        if at in broken:
            note, ways = remedies(data, recipe, at, broken[at])
            line = replace(line, note=note, broken=True, remedies=ways)
        elif step.on:
            number += 1
            stage = next(stages, None)
            line = replace(line, number=f"{number}", note="" if stage else "waits: press Pick now")
            if stage:
                share = stage.kept / data.n if data.n else 0.0
                line = replace(line, removed=stage.before - stage.kept, left=stage.kept, share=share)
        found.append(line)
    return found


def remedies(data: Dataset, recipe: Recipe, at: int, broken: Broken) -> tuple[str, tuple[Remedy, ...]]:
    """What is wrong with a step, and each way out as a button: build what it lacks, use what it was made on, edit."""
    ways, note = [], broken.wrong
    if built := engine.building.remedy(data, recipe, broken):
        cost = built.cost.words().partition(",")[0] if built.cost.seconds >= 1 else "a moment"
        ways.append(Remedy("build", f"{built.label} ({cost})"))
        note = f"It needs {' and '.join(broken.lacks)}: not here yet."
    elif other := engine.recipe.mended(data, recipe.steps[at]):
        now = next(str(v) for k, v in other.params.items() if v != recipe.steps[at].params.get(k))
        ways.append(Remedy("other", f"Use {now}, which it was made on"))
    else:
        ways.append(Remedy("edit", "Edit"))
    return note, (*ways, Remedy("off", "Switch it off"))


def _ids(recipe: Recipe) -> list[str]:
    """A name for each step that stays while it is moved, renamed or switched."""
    return ids([json.dumps(replace(step, on=True, name="").json(), sort_keys=True) for step in recipe.steps])


def place(recipe: Recipe, name: str) -> int | None:
    """Where a step of the list stands now; None where it is gone."""
    known = _ids(recipe)
    return known.index(name) if name in known else None


def _happened(event: Event) -> None:
    recipe = state.recipe()
    at = place(recipe, event.id)
    if at is None:
        raise EngineError("That step was changed in the meantime. Look at the list, and do it again.")
    step = recipe.steps[at]
    if event.do == "edit" or (event.do == "mend" and event.text == "edit"):
        st.session_state[EDITING] = event.id
        return
    st.session_state[CHANGED] = True
    if event.do == "mend" and event.text == "build":
        st.session_state["drawer/build"] = event.id
    elif event.do == "mend" and event.text == "other":
        if other := engine.recipe.mended(state.dataset(), step):
            state.change(recipe.changed(at, other), f"mended: {other.label()}")
    elif event.do == "move" and 0 <= event.to < len(recipe.steps):
        state.change(recipe.moved(at, event.to), f"moved to place {event.to + 1}: {step.label()}")
    elif event.do == "rename":
        state.change(_with(recipe, at, replace(step, name=event.text.strip())), f"renamed: {step.label()}")
    elif event.do == "remove":
        state.change(recipe.without(at), f"removed: {step.label()}")
    elif event.do in ("toggle", "mend"):
        on = not step.on and event.do == "toggle"
        words = f"switched {'on' if on else 'off'}: {step.label()}"
        state.change(_with(recipe, at, replace(step, on=on)), words)


def _with(recipe: Recipe, at: int, step: Step) -> Recipe:
    """The recipe with a step that says the same: not checked again, so that a broken one can be switched off."""
    return replace(recipe, steps=(*recipe.steps[:at], step, *recipe.steps[at + 1 :]))


def building(data: Dataset, recipe: Recipe, done: Run) -> None:
    """Start the job that builds what a broken step lacks, where its button was pressed."""
    wanted = st.session_state.pop("drawer/build", None)
    at = place(recipe, wanted) if wanted else None
    if at is not None and at in done.broken and (found := engine.building.remedy(data, recipe, done.broken[at])):
        jobs.start(data, found.specs, found.label)


def _values(data: Dataset, step: Step, key: str) -> dict[str, Json]:
    """The knobs of a step as they are set now. What a budget says besides its amount, such as its mix, stays."""
    stages = state.run().stages
    at = next((at for at, one in enumerate(stages) if at and one.step == step), 0)
    left = engine.recipe.rows_of(stages[at - 1], data.n) if at else None
    values = cast("dict[str, Json]", form.fields(step.member, data, key, step.params, left=left))
    if "budget" not in values:
        return values
    was, now = (cast("dict[str, Json]", one["budget"]) for one in (step.params, values))
    return {**values, "budget": {**was, **now} if now["amount"] else was}


def _edit(data: Dataset, recipe: Recipe, at: int) -> None:
    step = recipe.steps[at]
    key = f"drawer/edit/{_ids(recipe)[at]}"
    with part():
        name = st.text_input("Name", step.name, key=f"{key}/name", placeholder=step.short())
        if step.do in engine.recipe.NESTS:
            made = limits.limits(step, f"{key}/limits")
        else:
            made = replace(step, params=_values(data, step, key))
        try:
            changed = replace(made, name=name).checked()
        except EngineError as error:
            message(error)
            return
        st.caption(plain(changed.sentence()))
        if st.button("Apply", type="primary", key=f"{key}/apply", width="stretch", disabled=changed == step):
            take(recipe.changed(at, changed), f"changed: {changed.label()}")


def add(data: Dataset) -> None:
    step = conditions.build(data, "drawer/add")
    if step:
        st.caption(plain(step.sentence()))
    if st.button("Add", type="primary", disabled=step is None, key="drawer/add/go", width="stretch") and step:
        add_step(step)


def add_step(step: Step, selection: "engine.look.selection.Selection | None" = None) -> None:
    """Add a step: a filter goes before the first selector, a selector to the end. Then draw the page again.

    selection: what is selected from then on, in the same act.
    """
    recipe = state.recipe()
    new = recipe.with_step(step) if step.selects else filters_added(recipe, [step])
    take(new, f"added: {step.checked().label()}", selection)


def filters_added(recipe: Recipe, steps: Sequence[Step]) -> Recipe:
    """The recipe with filters before its first selector."""
    for step in steps:
        first = next((i for i, s in enumerate(recipe.steps) if s.selects), len(recipe.steps))
        recipe = recipe.with_step(step, first)
    return recipe


def take(recipe: Recipe, what: str, selection: "engine.look.selection.Selection | None" = None) -> None:
    state.change(recipe, what, selection=selection)
    st.rerun()
