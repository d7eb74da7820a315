"""Choose by budget: a selector with its knobs, run when asked, its evidence beside a random choice."""

from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from ui import charts, form, state
from ui.page import plain
from ui.table import table

_WORDS = {
    "covered": (
        "Covered",
        "How much of the most possible coverage is reached, counted on the neighbour graph",
        "{:.1%}",
    ),
    "certificate": ("At least of the best", "No choice of as many rows can cover more than this allows", "{:.1%}"),
    "at_least": ("At least of the best", "No choice of as many rows can cover more than this allows", "{:.1%}"),
    "radius": ("Radius", "Similarity of the worst covered row to its nearest pick", "{:.3f}"),
    "odd": ("Odd rows among the picks", "Share of picks that are among the oddest texts", "{:.1%}"),
    "wanted": ("Budget", "What was asked for", "{:,.0f}"),
    "short": ("Short of the budget", "What could not be filled", "{:,.0f}"),
}


def draft(data: Dataset) -> None:
    """The form of a selector, and the button that puts it at the end of the recipe and runs it."""
    recipe = state.recipe()
    there = next((i for i, s in enumerate(recipe.steps) if s.selects), None)
    member = form.choose(engine.recipe.SELECTORS, "pick", "How to choose")
    given = recipe.steps[there].params if there is not None and recipe.steps[there].do == member.name else None
    values = form.fields(member, data, "pick", given)
    left = state.before_selectors()
    st.caption(f"Chooses among the {left:,} rows that the filters leave.")
    if not form.complete(member, values):
        st.info(
            "This way of choosing needs something that is not there yet. Prepare the corpus on the Open page first."
        )
        return
    label = "Choose" if there is None else "Choose again"
    if st.button(label, type="primary", icon=":material/play_arrow:", key="pick/go"):
        step = Step(member.name, cast(dict, values)).checked()
        if there is not None:
            recipe = recipe.without(there)
        state.change(recipe.with_step(step), f"chose: {step.sentence()}")
        with st.spinner(f"{plain(step.sentence())}", show_time=True):
            state.run(pick=True)
        st.rerun()


def evidence(data: Dataset, done: "engine.replay.Run") -> None:
    """What the choice is worth: the selector's own figures, its coverage beside random, groups before and after."""
    at = next((i for i, s in enumerate(done.stages) if i and s.step.selects), None)
    if at is None:
        st.info("Nothing is chosen yet. Set a budget on the left, then choose.", icon=":material/tune:")
        return
    stage = done.stages[at]
    st.markdown(f"**{stage.kept:,}** of {stage.before:,} rows chosen in {stage.seconds:.1f} s")
    notes = [(k, v) for k, v in stage.notes.items() if isinstance(v, int | float) and k in _WORDS]
    for place, (name, value) in zip(st.columns(max(len(notes), 1)), notes, strict=False):
        label, about, shape = _WORDS[name]
        place.metric(label, shape.format(value), help=about)
    others = {k: v for k, v in stage.notes.items() if k not in _WORDS}
    if others:
        with st.expander("More figures of this choice"):
            st.json(others)
    beside(data, done, at)
    groups(data, done, at)
    kept = engine.replay.rows_of(stage, data.n)
    with st.expander("The rows chosen, in the order of choice"):
        row = table(data, kept, "picked")
        if row is not None:
            st.session_state["row"] = row


def beside(data: Dataset, done: "engine.replay.Run", at: int) -> None:
    """Coverage of the choice beside that of as many random rows."""
    keys = data.keys_of("vectors")
    if not keys:
        return
    on = st.selectbox("Measure on", keys, key="beside/embedding") if len(keys) > 1 else keys[0]
    kept = engine.replay.rows_of(done.stages[at], data.n)
    before = np.sort(engine.replay.rows_of(done.stages[at - 1], data.n))
    with st.spinner("Comparing with a random choice…"):
        both = engine.evidence.beside_random(data, kept, before, on)
    if both is None:
        return
    st.markdown("##### Beside a random choice of the same size")
    lines = [
        ("Mean similarity to the nearest chosen row", both.selection.mean, both.random.mean, "higher covers better"),
        ("One row in ten is less similar than", both.selection.tenth, both.random.tenth, "higher covers better"),
        ("The worst covered row", both.selection.least, both.random.least, "higher covers better"),
        (
            "Mean similarity of two chosen rows",
            both.selection.among or 0,
            both.random.among or 0,
            "lower is more diverse",
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


def groups(data: Dataset, done: "engine.replay.Run", at: int) -> None:
    """Who gains and who loses: the share of each group before the choice, after it, and under a random one."""
    columns = [
        c.key for c in data.columns.values() if c.type == "category" or c.origin == "clusters" or c.role == "label"
    ]
    columns += [c.key for c in data.columns.values() if c.type == "text" and c.key not in columns]
    if not columns:
        return
    column = st.selectbox("Groups by", columns, key="groups/column")
    codes, labels = data.codes(column)
    before = np.bincount(codes[done_rows(done, at - 1)] + 1, minlength=len(labels) + 1)
    after = np.bincount(codes[done_rows(done, at)] + 1, minlength=len(labels) + 1)
    order = np.argsort(-before, kind="stable")[:20]
    share_before, share_after = before / max(before.sum(), 1), after / max(after.sum(), 1)
    names = ["no value", *labels]
    charts.compare([names[i] for i in order], share_before[order], share_after[order], "groups/chart")
    lost = [names[i] for i in np.flatnonzero((before > 0) & (after == 0))]
    if lost:
        st.warning(
            plain(f"{len(lost):,} groups lose all their rows: {', '.join(lost[:8])}{' …' if len(lost) > 8 else ''}")
        )


def done_rows(done: "engine.replay.Run", at: int) -> np.ndarray:
    """The rows of a stage, in any order."""
    return engine.replay.rows_of(done.stages[at], done.data.n)
