"""Choose by budget: a selector with its knobs, begun with what the data offers; run when asked, as a job where long."""

from collections.abc import Mapping
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Budget, Dataset, EngineError, Step
from engine.recipe import COSTS
from engine.registry import Json
from ui.choose import elsewhere, mix, pruning, purpose, wanted
from ui.frame import jobs, picking, state
from ui.widgets import form
from ui.widgets.say import message, plain

KNOWN = (
    "Six public sets, 5, 10 and 30 % of the rows, two kinds of model, ten times each; a difference that could be luck "
    "is not counted. Your rows are others: measure it on them under Teaching."
)


def draft(data: Dataset) -> Step | None:
    """The form of a selector, and the button that puts it at the end of the recipe and runs it.

    Returns the choice as the form has it, None while something is lacking.
    """
    recipe = state.recipe()
    there = next((i for i, s in enumerate(recipe.steps) if s.selects), None)
    left = state.left_before_selectors()
    if not len(left):
        st.info("The steps before leave no row to choose from. Switch one off, or loosen it.", icon=":material/tune:")
        return None
    members = engine.look.members_for(purpose.chosen(data))
    member = form.choose(members, "pick", "How to choose", purpose.begins(data, purpose.chosen(data)))
    known = engine.look.TAUGHT.get(member.name)
    if known:
        st.caption(f"{known.words()} {known.advice}", help=KNOWN)
    offered = engine.look.offer(data, member, len(left))
    given = recipe.steps[there].params if there is not None and recipe.steps[there].do == member.name else None
    if given is None and offered.why:
        st.caption(f"To begin with: {plain(offered.why)}.")
    knob = wanted.needed(member)
    values = form.fields(
        member, data, "pick", {**offered.values, **(given or {})}, hide=wanted.NAMED if knob else (), left=left
    )
    if knob:
        ref = wanted.draw(data, wanted.embedding_of(data, values), str((given or {}).get(knob) or ""))
        if not ref:
            st.info("Give examples of what is wanted: a few say little, a hundred say much.", icon=":material/flag:")
            return None
        values[knob] = ref
        elsewhere.draw(data, ref, wanted.embedding_of(data, values))
        if any(param.name in wanted.NAMED for param in member.params):
            values |= dict.fromkeys(wanted.NAMED, engine.dataset.examples(data, ref).name[:60])
    pruning.draw(data, member, values)
    if not form.complete(member, values):
        st.info(
            "This way of choosing needs something that is not there yet. Prepare the corpus on the Open page first."
        )
        return None
    asked = Budget.read(cast(Mapping[str, Json], values["budget"]))
    if not _payable(data, asked):
        return None
    if not asked.amount:
        return None  # said beside the field
    there_is = float(engine.recipe.cost_of_rows(data, asked.unit)[left].sum()) if asked.unit in COSTS else len(left)
    if asked.unit != "percent" and asked.amount > there_is:
        unit = asked.unit
        st.caption(f"The budget is more than the {there_is:,.0f} {unit} that are left, so all rows would be kept.")
    now = Budget(0) if there is None else Budget.read(cast(Mapping[str, Json], recipe.steps[there].params["budget"]))
    values = {**values, "budget": {**cast(Mapping[str, Json], values["budget"]), **_more(data, left, now, asked)}}
    step = Step(member.name, cast(Mapping[str, Json], values)).checked()
    st.session_state[purpose.FORM] = step.json()
    seconds = engine.building.picking_seconds(data, step, left)
    _among(data, step, left, seconds)
    if wrong := engine.recipe.impossible(data, step, left, np.sort(state.run().kept_by_hand)):
        st.warning(plain(wrong), icon=":material/rule:")
    label = "Choose" if there is None else "Choose again"
    if st.button(label, type="primary", icon=":material/play_arrow:", key="pick/go"):
        new = (recipe if there is None else recipe.without(there)).with_step(step)
        if wrong := engine.recipe.lacking(data, step):
            raise EngineError(wrong)
        state.change(new, f"chose: {step.sentence()}")
        picking.make(data, new, step, seconds)
    return step


def _more(data: Dataset, left: np.ndarray, now: Budget, asked: Budget) -> dict[str, Json]:
    """What a budget says besides its amount: the mix, and the earlier choice that it goes on from. now: the budget of
    the choice that is there; asked: as it is being set."""
    set_by_hand = mix.draw(data, left, now, asked)
    found: dict[str, Json] = {"mix": set_by_hand.json()} if set_by_hand is not None and str(set_by_hand) else {}
    done = state.run()
    at = next((i for i, one in enumerate(done.stages) if i and one.step.selects), None)
    if at is None and not now.after:
        return found
    go_on = st.toggle(
        "Go on from what is chosen", value=bool(now.after), key="pick/after",
        help="The rows that are chosen now come first and count toward the budget, so that a larger one adds to them.",
    )  # fmt: skip
    if not go_on:
        return found
    if at is None:  # the choice is not made yet
        return found | {"after": now.after}
    return found | {"after": engine.recipe.listed_ref(data, engine.recipe.rows_of(done.stages[at], data.n))}


def _payable(data: Dataset, budget: Budget) -> bool:
    """Whether the budget's unit is measured; if not, the button that measures it."""
    if budget.unit not in COSTS:
        return True
    try:
        engine.recipe.cost_key(data, budget.unit)
        return True
    except EngineError as error:
        message(error)
    made = engine.building.spec("signal", COSTS[budget.unit])
    st.caption(f"Takes {plain(engine.building.cost(data, made).words())}.")
    if st.button(f"Measure the {budget.unit}", type="primary", icon=":material/straighten:", key="pick/measure"):
        jobs.start(data, {engine.building.key_of(made): made}, f"Measure {budget.unit}")
    return False


def _among(data: Dataset, step: Step, left: np.ndarray, seconds: float) -> None:
    """What the choice is made from, in rows and in the unit of the budget, and what it will take."""
    budget = Budget.read(cast(Mapping[str, Json], step.params["budget"]))
    said = [f"Chooses among the {len(left):,} rows that the filters leave"]
    if budget.unit in COSTS:
        said.append(f"which hold {engine.recipe.cost_of_rows(data, budget.unit)[left].sum():,.0f} {budget.unit}")
    if budget.unit != "rows":
        expected = engine.building.picks_expected(data, step, left)
        some = f"about {expected:,.0f}" if expected >= 1 else "less than one"
        said.append(f"and the budget is {some} of these rows" if len(said) > 1 else f"the budget is {some} of them")
    where = ", as a job that can be stopped" if seconds >= picking.AT_ONCE else ""
    st.caption(
        f"{', '.join(said)}. Takes {f'about {engine.progress.words(seconds)}' if seconds >= 1 else 'a moment'}{where}."
    )
    kept = len(state.run().kept_by_hand)
    if kept:
        st.caption(f"{kept:,} rows that are always kept by hand count toward the budget.")
