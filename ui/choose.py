"""Choose by budget: a selector with its knobs, run when asked, its evidence beside a random choice."""

from collections.abc import Mapping
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Budget, Dataset, EngineError, Step
from engine.registry import Amounts, Counted, Curve, Figure, Json, Member, Names, Remark
from ui.frame import jobs, state
from ui.widgets import charts, form
from ui.widgets.say import message, part, plain
from ui.widgets.table import table


def draft(data: Dataset) -> None:
    """The form of a selector, and the button that puts it at the end of the recipe and runs it."""
    recipe = state.recipe()
    there = next((i for i, s in enumerate(recipe.steps) if s.selects), None)
    graphs = any(f"graph@{key}" in data.added for key in data.keys_of("embedding"))
    first = recipe.steps[there].do if there is not None else _suggested(graphs)
    member = form.choose(engine.recipe.SELECTORS, "pick", "How to choose", first)
    given = recipe.steps[there].params if there is not None and recipe.steps[there].do == member.name else None
    values = form.fields(member, data, "pick", given)
    left = state.before_selectors()
    if not form.complete(member, values):
        st.info(
            "This way of choosing needs something that is not there yet. Prepare the corpus on the Open page first."
        )
        return
    budget = Budget.read(cast(Mapping[str, Json], values["budget"]))
    if not _payable(data, budget):
        return
    _among(data, member, values, budget, left)
    label = "Choose" if there is None else "Choose again"
    if st.button(label, type="primary", icon=":material/play_arrow:", key="pick/go", disabled=not left):
        step = Step(member.name, cast(Mapping[str, Json], values)).checked()
        if there is not None:
            recipe = recipe.without(there)
        with st.spinner(plain(step.sentence()), show_time=True):
            engine.recipe.run(data, recipe.with_step(step), state.stage_cache(str(data.store.folder)))
        state.change(recipe.with_step(step), f"chose: {step.sentence()}")
        st.rerun()


def _suggested(graph: bool) -> str:
    """What a person most often wants, of what can be had. graph: whether there is a neighbour graph."""
    abouts = {name: member.about for name, member in engine.recipe.SELECTORS.items()}
    return next((name for name, a in abouts.items() if a.suggested and (graph or "graph" not in a.needs)), "")


def _payable(data: Dataset, budget: Budget) -> bool:
    """Whether the budget's unit is measured; if not, the button that measures it."""
    if budget.unit not in engine.recipe.COSTS:
        return True
    try:
        engine.recipe.cost_key(data, budget.unit)
        return True
    except EngineError as error:
        message(error)
    made = engine.building.spec("signal", engine.recipe.COSTS[budget.unit])
    st.caption(f"Takes {plain(engine.building.cost(data, made).words())}.")
    if st.button(f"Measure the {budget.unit}", type="primary", icon=":material/straighten:", key="pick/measure"):
        jobs.start(data, {engine.building.key_of(made): made}, f"Measure {budget.unit}")
    return False


def _among(data: Dataset, member: Member, values: Mapping[str, object], budget: Budget, left: int) -> None:
    """What the choice is made from, in rows and in the unit of the budget, and what it will take."""
    said, picks = [f"Chooses among the {left:,} rows that the filters leave"], budget.amount
    if budget.unit in engine.recipe.COSTS:
        costs = engine.recipe.cost_of_rows(data, budget.unit)[state.left_before_selectors()]
        said.append(f"which hold {costs.sum():,.0f} {budget.unit}")
        picks = left * min(1.0, budget.amount / max(costs.sum(), 1))
    if budget.unit == "percent":
        picks = round(left * budget.amount / 100)
        said.append(f"{picks:,} of them")
    seconds = engine.building.picking_seconds(data, member, member.json(values), left, picks)
    st.caption(f"{', '.join(said)}. Takes {engine.progress.words(seconds) if seconds >= 1 else 'a moment'}.")
    pins = len(state.run().kept_by_hand)
    if pins:
        st.caption(f"{pins:,} rows are pinned to stay and count toward the budget.")


def evidence(data: Dataset, done: "engine.recipe.Run") -> None:
    """What the choice is worth: the selector's own figures, its coverage beside random, groups before and after."""
    at = next((i for i, s in enumerate(done.stages) if i and s.step.selects), None)
    if at is None:
        if done.waiting:
            st.info("A choice waits: press “Pick now” in the recipe on the left, or choose again.")
        else:
            st.info("Nothing is chosen yet. Set a budget on the left, then choose.", icon=":material/tune:")
        return
    stage = done.stages[at]
    st.markdown(
        f"**{stage.kept:,}** of {stage.before:,} rows chosen in {stage.seconds:.1f} s by "
        f"{plain(stage.step.member.title)}"
    )
    _notes(stage.step.member, stage.notes)
    with part():
        beside(data, done, at)
    with part():
        groups(data, done, at)
    kept = engine.recipe.rows_of(stage, data.n)
    with st.expander("The rows chosen, in the order of choice"), part():
        row = table(data, kept, "picked")
        if row is not None:
            st.session_state["row"] = row


def _notes(member: Member, notes: Mapping[str, Json]) -> None:
    """A selector's notes, each shown as its member says: figures first, then counts, curves, tables and remarks."""
    words = {**member.about.evidence, **engine.recipe.EVIDENCE}
    there = [(words[name], value) for name, value in notes.items() if name in words]
    figures = [(w, v) for w, v in there if isinstance(w, Figure) and isinstance(v, int | float)]
    if figures:
        for place, (figure, value) in zip(st.columns(len(figures)), figures, strict=True):
            place.metric(figure.label, figure.shape.format(value), help=figure.help)
    counted = [f"{value:,.0f} {w.words}" for w, value in there if isinstance(w, Counted) and value]
    if counted:
        st.caption("; ".join(counted) + ".")
    for at, (shown, note) in enumerate(there):
        if isinstance(shown, Remark) and note:
            st.caption(shown.words)
        elif isinstance(shown, Curve) and isinstance(note, list) and len(note) > 2:
            st.markdown(f"##### {shown.title}")
            points = cast(list[tuple[float, float]], note)
            charts.line([p for p, _ in points], [c for _, c in points], f"pick/curve/{at}", x=shown.x, y=shown.y)
        elif isinstance(shown, Amounts) and isinstance(note, dict):
            with st.expander(shown.title):
                columns = {shown.name: list(note), shown.amount: list(note.values())}
                st.dataframe(columns, hide_index=True, width="stretch", height=220)
        elif isinstance(shown, Names) and isinstance(note, list):
            names = ", ".join(str(s) for s in note[:8])
            st.caption(plain(f"{shown.words}: {names}{' …' * (len(note) > 8)}"))


def beside(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """Coverage of the choice beside that of as many random rows."""
    keys = data.keys_of("embedding")
    if not keys:
        return
    on = st.selectbox("Measure on", keys, key="beside/embedding") if len(keys) > 1 else keys[0]
    both = _beside(_digest(done, at), on, data, done, at)
    if both is None:
        return
    st.markdown("##### Beside a random choice of the same size")
    lines = [
        ("Mean similarity to the nearest chosen row", both.selection.mean, both.random.mean, "higher: covers better"),
        ("One row in ten is less similar than", both.selection.tenth, both.random.tenth, "higher: covers better"),
        ("The worst covered row", both.selection.least, both.random.least, "higher: covers better"),
        (
            "Mean similarity of two chosen rows",
            both.selection.among or 0,
            both.random.among or 0,
            "lower: more diverse",
        ),
    ]
    st.dataframe(
        {
            "": [name for name, *_ in lines],
            "This choice": [a for _, a, _, _ in lines],
            "Random": [b for _, _, b, _ in lines],
            "Better when": [word for *_, word in lines],
        },
        hide_index=True,
        width="stretch",
        column_config={k: st.column_config.NumberColumn(format="%.3f") for k in ("This choice", "Random")},
    )
    st.caption(f"Measured on {both.selection.sampled:,} random rows of those chosen from.")


@st.cache_data(max_entries=16, show_spinner="Comparing with a random choice…")
def _beside(digest: str, on: str, _data: Dataset, _done: "engine.recipe.Run", at: int) -> "engine.look.Beside | None":
    kept = engine.recipe.rows_of(_done.stages[at], _data.n)
    before = np.sort(engine.recipe.rows_of(_done.stages[at - 1], _data.n))
    return engine.look.beside_random(_data, kept, before, on)


def _digest(done: "engine.recipe.Run", at: int) -> str:
    """Which choice it is: the rows chosen and those chosen from."""
    here, before = done.stages[at].bits, done.stages[at - 1].bits
    return engine.store.digest_of([done.data.fingerprint, here.tobytes().hex(), before.tobytes().hex()])


def groups(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """Who gains and who loses: the share of each group before the choice, after it, and under a random one."""
    columns = engine.look.group_columns(data)
    if not columns:
        return
    column = st.selectbox("Groups by", columns, key="groups/column")
    kept, left = (engine.recipe.rows_of(done.stages[i], data.n) for i in (at, at - 1))
    found = engine.look.groups(data, column, kept, left)
    order = np.argsort(-found.before, kind="stable")[:20]
    order = order[found.before[order] > 0]
    names = [found.names[i] for i in order]
    charts.compare(names, found.share_before[order], found.share_after[order], "groups/chart")
    st.caption("Random rows would keep the shares of before, give or take chance.")
    lost = found.lost()
    if lost:
        st.warning(
            plain(f"{len(lost):,} groups lose all their rows: {', '.join(lost[:8])}{' …' if len(lost) > 8 else ''}")
        )
