"""How well a choice stands for all, beside twenty random choices and stratified ones; measured when asked."""

import streamlit as st

import engine
from engine import Dataset
from engine.look import Covering
from ui.frame import state
from ui.widgets import charts
from ui.widgets.say import plain

KEY = "covered"
DIGITS = "{:,.3g}"
SAID = {
    "better than random": "better", "no better than random on this": "no better", "worse than random": "worse",
    "not measured": "",
}  # fmt: skip


def draw(data: Dataset, done: "engine.recipe.Run", at: int, embedding: str, digest: str) -> bool:
    """Show it where it was measured, else the button that does; returns whether it is there."""
    cache, name = state.stage_cache(str(data.store.folder)), f"{KEY}/{embedding}/{digest}"
    found = cache.peek(name)
    if found is None:
        if not st.button(
            "Measure it beside 20 random choices", key=f"{KEY}/go", icon=":material/query_stats:",
            help="Coverage, groups and words beside random and stratified choices of the same size, with where chance "
            "lies. Takes some seconds, of very many rows a minute.",
        ):  # fmt: skip
            return False
        cache.get(name, lambda: _measured(data, done, at, embedding))
        st.rerun()
    assert isinstance(found, Covering)
    _table(found)
    _curve(found)
    return True


def _measured(data: Dataset, run: "engine.recipe.Run", at: int, embedding: str) -> Covering:
    place = st.empty()

    def progress(stage: str, done: int, total: int) -> None:
        place.progress(min(done / max(total, 1), 1.0), f"{stage}…")

    picks = engine.recipe.rows_of(run.stages[at], data.n)
    rows = engine.recipe.rows_of(run.stages[at - 1], data.n)
    try:
        return engine.look.covering(data, picks, rows, embedding=embedding, progress=progress)
    finally:
        place.empty()


def _table(found: Covering) -> None:
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
        [one.rows for one in found.curve], [one.mean for one in found.curve], f"{KEY}/curve", x="rows picked",
        y="mean similarity",
        band=([one.random_mean.low for one in found.curve], [one.random_mean.high for one in found.curve]),
    )  # fmt: skip
    st.caption("The band is where 19 of 20 random choices of that size lie.")
