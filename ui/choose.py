"""Choose by budget: a selector with its knobs, run when asked, its evidence beside a random choice."""

from collections.abc import Mapping
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Budget, Dataset, EngineError, Step
from engine.registry import Json
from ui.frame import jobs, state
from ui.widgets import charts, form
from ui.widgets.say import message, part, plain
from ui.widgets.table import table

SUGGESTED = "facility_location"
"""What a person most often wants once there is a neighbour graph: rows that stand for all the others."""

_WORDS = {
    "covered": (
        "Covered",
        "How much of the most possible coverage is reached, counted on the neighbour graph",
        "{:.1%}",
    ),
    "at_least": (
        "Of the best possible",
        "At least this share of what the best choice of as many rows could cover: a certificate, not a guess",
        "≥ {:.1%}",
    ),
    "radius": ("Radius", "Similarity of the worst covered text to its nearest pick; higher is better", "{:.3f}"),
    "odd": ("Odd rows picked", "Share of picks that are among the oddest 5 % of texts; 5 % would be chance", "{:.1%}"),
    "last": ("Last value picked", "The value of the last row that was picked", "{:,.6g}"),
    "texts": ("Distinct texts", "That it was chosen from", "{:,.0f}"),
    "wanted": ("Budget", "What was asked for", "{:,.0f}"),
    "short": ("Short of it", "What could not be filled", "{:,.0f}"),
}
_OTHERS = {
    "repeats": "picks repeat the text of another pick",
    "without_vectors": "picks have no text to compare",
    "left_out": "picks are odd rows, taken after all others",
    "missing": "picks have no value",
}


def draft(data: Dataset) -> None:
    """The form of a selector, and the button that puts it at the end of the recipe and runs it."""
    recipe = state.recipe()
    there = next((i for i, s in enumerate(recipe.steps) if s.selects), None)
    graphs = any(f"graph@{key}" in data.added for key in data.keys_of("vectors"))
    first = recipe.steps[there].do if there is not None else SUGGESTED if graphs else ""
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
    _among(data, budget, left, str(values.get("embedding") or ""))
    label = "Choose" if there is None else "Choose again"
    if st.button(label, type="primary", icon=":material/play_arrow:", key="pick/go", disabled=not left):
        step = Step(member.name, cast(Mapping[str, Json], values)).checked()
        if there is not None:
            recipe = recipe.without(there)
        with st.spinner(plain(step.sentence()), show_time=True):
            engine.recipe.run(data, recipe.with_step(step), state.stage_cache(str(data.store.folder)))
        state.change(recipe.with_step(step), f"chose: {step.sentence()}")
        st.rerun()


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


def _among(data: Dataset, budget: Budget, left: int, embedding: str) -> None:
    """What the choice is made from, in rows and in the unit of the budget, and what it will take."""
    said, picks = [f"Chooses among the {left:,} rows that the filters leave"], budget.amount
    if budget.unit in engine.recipe.COSTS:
        costs = engine.recipe.cost_of_rows(data, budget.unit)[state.left_before_selectors()]
        said.append(f"which hold {costs.sum():,.0f} {budget.unit}")
        picks = left * min(1.0, budget.amount / max(costs.sum(), 1))
    if budget.unit == "percent":
        picks = round(left * budget.amount / 100)
        said.append(f"{picks:,} of them")
    seconds = engine.building.picking_seconds(data, embedding, left, picks)
    st.caption(f"{', '.join(said)}. Takes {engine.progress.words(seconds) if seconds >= 1 else 'a moment'}.")
    pins = len(state.run().kept_pins)
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
        f"{plain(form.title(stage.step.do))}"
    )
    notes = stage.notes
    shown = [(k, v) for k in _WORDS if isinstance(v := notes.get(k), int | float) and not (k == "short" and v <= 0)]
    if shown:
        for place, (name, value) in zip(st.columns(len(shown)), shown, strict=True):
            label, about, shape = _WORDS[name]
            place.metric(label, shape.format(value), help=about)
    counted = [f"{notes[k]:,} {words}" for k, words in _OTHERS.items() if notes.get(k)]
    if counted:
        st.caption("; ".join(counted) + ".")
    if notes.get("fresh_graph"):
        st.caption("So few neighbours were left that a graph of the rows left was made for this choice.")
    _curve(notes.get("curve"), stage.kept)
    _quotas(notes)
    with part():
        beside(data, done, at)
    with part():
        groups(data, done, at)
    kept = engine.recipe.rows_of(stage, data.n)
    with st.expander("The rows chosen, in the order of choice"), part():
        row = table(data, kept, "picked")
        if row is not None:
            st.session_state["row"] = row


def _curve(curve: object, kept: int) -> None:
    """Covered after so many picks: where the line flattens, more rows add little."""
    if isinstance(curve, list) and len(curve) > 2:
        st.markdown("##### Covered after so many picks")
        points = cast(list[tuple[float, float]], curve)
        charts.line([p for p, _ in points], [c for _, c in points], "pick/curve", x="rows picked", y="covered")


def _quotas(notes: Mapping[str, Json]) -> None:
    found = notes.get("groups")
    if isinstance(found, dict) and found:
        with st.expander("Rows of each group"):
            st.dataframe(
                {"Group": list(found), "Rows": list(found.values())}, hide_index=True, width="stretch", height=220
            )
    short = notes.get("short_groups")
    if isinstance(short, list) and short:
        names = ", ".join(str(s) for s in short[:8])
        st.caption(plain(f"Too small for their share, so they give all they have: {names}{' …' * (len(short) > 8)}"))


def beside(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """Coverage of the choice beside that of as many random rows."""
    keys = data.keys_of("vectors")
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
    named = [
        c.key for c in data.columns.values() if c.type == "category" or c.origin == "clusters" or c.role == "label"
    ]
    columns = [*named, *(c.key for c in data.columns.values() if c.type in ("text", "boolean"))]
    columns = [c for c in dict.fromkeys(columns) if c not in data.text_view.columns]
    if not columns:
        return
    column = st.selectbox("Groups by", columns, key="groups/column")
    codes, labels = data.codes(column)
    before = np.bincount(codes[engine.recipe.rows_of(done.stages[at - 1], data.n)] + 1, minlength=len(labels) + 1)
    after = np.bincount(codes[engine.recipe.rows_of(done.stages[at], data.n)] + 1, minlength=len(labels) + 1)
    order = np.argsort(-before, kind="stable")[:20]
    order = order[before[order] > 0]
    share_before, share_after = before / max(before.sum(), 1), after / max(after.sum(), 1)
    names = ["no value", *labels]
    charts.compare([names[i] for i in order], share_before[order], share_after[order], "groups/chart")
    st.caption("Random rows would keep the shares of before, give or take chance.")
    lost = [names[i] for i in np.flatnonzero((before > 0) & (after == 0))]
    if lost:
        st.warning(
            plain(f"{len(lost):,} groups lose all their rows: {', '.join(lost[:8])}{' …' if len(lost) > 8 else ''}")
        )
