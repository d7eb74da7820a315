"""How well a choice stands for all, beside twenty random choices and stratified ones; measured when asked."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.look import Covering, kept
from ui.choose import measured
from ui.widgets import charts
from ui.widgets.say import plain

DIGITS = "{:,.3g}"
SAID = {
    "better than random": "better", "no better than random on this": "no better", "worse than random": "worse",
    "not measured": "",
}  # fmt: skip


def draw(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """It where it was measured, else the button that does, and a quick look beside one random choice."""
    keys = data.keys_of("embedding")
    if len(keys) > 1:
        st.selectbox("Measure on", keys, index=len(keys) - 1, key="beside/embedding")
    embedding = measured.on(data)
    found = measured.ask(
        done, at, kept.Asked("coverage", embedding), "Measure it beside 20 random choices",
        "Coverage, groups and words beside random and stratified choices of the same size, with where chance lies.",
    )  # fmt: skip
    if isinstance(found, Covering):
        _table(found, done.stages[at].step.member.about.purpose == "target")
        _curve(found)
    elif embedding:
        _quick(done, at, embedding)


def _quick(done: "engine.recipe.Run", at: int, on: str) -> None:
    """Coverage of the choice beside that of as many random rows."""
    both = quick(_digest(done, at), on, done, at)
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
    table = ["| | This choice | Random | Better when |", "| --- | ---: | ---: | --- |"]
    table += [f"| {name} | {a:.3f} | {b:.3f} | {word} |" for name, a, b, word in lines]
    st.markdown("\n".join(table))
    st.caption(f"Measured on {both.selection.sampled:,} random rows of those chosen from.")


@st.cache_data(max_entries=16, show_spinner="Comparing with a random choice…")
def quick(digest: str, on: str, _done: "engine.recipe.Run", at: int) -> "engine.look.Beside | None":
    """The figures beside those of one random choice."""
    kept = engine.recipe.rows_of(_done.stages[at], _done.data.n)
    before = np.sort(engine.recipe.rows_of(_done.stages[at - 1], _done.data.n))
    return engine.look.beside_random(_done.data, kept, before, on)


def _digest(done: "engine.recipe.Run", at: int) -> str:
    """Which choice it is: the rows chosen and those chosen from."""
    here, before = done.stages[at].bits, done.stages[at - 1].bits
    return engine.store.digest_of([done.data.fingerprint, here.tobytes().hex(), before.tobytes().hex()])


def _table(found: Covering, toward: bool) -> None:
    st.markdown("##### Beside 20 random choices of the same size")
    head = ["", "This choice", "Random, 19 of 20"] + (["Stratified"] if found.strata else []) + ["Than random"]
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 2) + " --- |"]
    for one in found.figures:
        of = f" of {one.of:,}" if one.of is not None else ""
        cells = [
            plain(one.title), f"**{DIGITS.format(one.value)}**{of}",
            f"{DIGITS.format(one.chance.low)} to {DIGITS.format(one.chance.high)}",
            *([DIGITS.format(one.stratified) if one.stratified is not None else ""] if found.strata else []),
            SAID[one.verdict],
        ]  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    st.markdown("\n".join(lines))
    better = sum(one.verdict == "better than random" for one in found.figures)
    if toward:
        st.caption("Toward a target it is wanted that the rest is covered less: what counts is the target, above.")
    strata = f" Stratified by {plain(found.strata)}." if found.strata else ""
    st.caption(
        f"Better than random on {better} of {len(found.figures)} figures; more is better on each.{strata} Similarity "
        f"is measured on {found.sampled:,} random rows of those chosen from."
    )


def _curve(found: Covering) -> None:
    if len(found.curve) < 3:
        return
    st.markdown("##### Mean similarity to the nearest pick, after so many picks")
    charts.line(
        [one.rows for one in found.curve], [one.mean for one in found.curve], "covered/curve", x="rows picked",
        y="mean similarity",
        band=([one.random_mean.low for one in found.curve], [one.random_mean.high for one in found.curve]),
    )  # fmt: skip
    st.caption("The band is where 19 of 20 random choices of that size lie.")
