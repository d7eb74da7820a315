"""Which columns tell each other, what weights would undo it, and those weights as a column."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.look import Dependence, Undone, kept
from ui.choose import measured
from ui.frame import jobs
from ui.widgets import charts
from ui.widgets.say import link, plain

MOST, SHOWN, EVENNESS = 8, 20, (0.001, 0.01, 0.1, 1.0, 10.0)


def draw(data: Dataset, done: "engine.recipe.Run") -> None:
    """Ask for columns, show how strongly each two are tied, and offer to undo one tie."""
    st.caption(
        "A model that learns one column can lean on whatever goes with it: the source, the length, the group. This "
        "finds ties of any form, not only straight ones. That two columns go together is no fault in itself."
    )
    columns = engine.look.group_columns(data)
    numbers = [key for key, info in data.columns.items() if info.type in ("integer", "number") and key not in columns]
    things = [*columns, *numbers, *data.keys_of("embedding")]
    if len(things) < 2:
        st.info("This needs two columns, or one and vectors. Measure signals on Clean.", icon=":material/tune:")
        return
    chosen = st.multiselect(
        "Columns and vectors", things, things[:2], key="audit/ties/columns", max_selections=MOST,
        help="Each two of them are tested, on 2,000 rows at most.",
    )  # fmt: skip
    if len(chosen) < 2:
        st.info("Choose two or more.", icon=":material/tune:")
        return
    at = kept.place_of(done)
    found = measured.ask(done, at, kept.Asked("dependence", knobs={"columns": [*chosen]}), "Test them", kind="primary")
    if isinstance(found, Dependence):
        _shown(found)
        _undo(data, done, at, found)


def _shown(found: Dependence) -> None:
    lines = ["| Columns | Strength | By chance alone | |", "| --- | ---: | ---: | --- |"]
    for one in found.pairs[:SHOWN]:
        strength = "" if np.isnan(one.strength) else f"{max(one.strength, 0):.3f}"
        p = "" if np.isnan(one.p) else "p < 0.001" if one.p < 0.001 else f"p {one.p:.3f}"
        said = "too few rows have both" if np.isnan(one.p) else "tied" if one.sure else "no more than chance"
        lines.append(f"| {plain(one.a)} and {plain(one.b)} | **{strength}** | {p} | {said} |")
    st.markdown("\n".join(lines))
    st.caption(
        f"Strength (HSIC): 0 is what chance gives, 1 that either tells the other. {found.sampled:,} of {found.rows:,} "
        "rows were looked at. p is corrected for the number of pairs; with many rows a trifle has a small one too."
    )


def _undo(data: Dataset, done: "engine.recipe.Run", at: int, found: Dependence) -> None:
    """Weights under which one pair is no longer tied."""
    pairs = [(one.a, one.b) for one in found.pairs if one.sure and not {one.a, one.b} & {*data.keys_of("embedding")}]
    if not pairs:
        return
    st.markdown("##### Weights that undo it")
    left, right = st.columns(2)
    a, b = left.selectbox("Pair", pairs, format_func=lambda pair: " and ".join(pair), key="audit/undo/pair")
    evenness = float(
        right.select_slider(
            "Evenness", EVENNESS, 0.1, key="audit/undo/evenness",
            help="How much even weights count: to the left less of the tie is left, and fewer rows count.",
        )
    )  # fmt: skip
    weighed = measured.ask(
        done, at, kept.Asked("weights", knobs={"columns": [a, b], "evenness": evenness}), "Weigh the rows"
    )
    if isinstance(weighed, Undone):
        _weights(data, weighed, evenness)


def _weights(data: Dataset, done: Undone, evenness: float) -> None:
    st.markdown(plain(done.words()))
    counts, edges = np.histogram(done.weights, bins=40)
    charts.counted(edges, counts, "audit/undo/weights", unit="weight of a row")
    made = engine.building.spec(
        "signal", "independence_weight", {"column": done.a, "other": done.b, "evenness": evenness}
    )
    key = engine.building.key_of(made)
    if key in data.added:
        st.caption(plain(f"These weights are the column {key}. On Export it can go out as the weight of each row."))
        link("export", "Go to Export")
    elif st.button("Make them a column", key="audit/undo/make", icon=":material/add_column_right:"):
        jobs.start(data, {key: made}, f"Weights of {done.a} and {done.b}")
