"""What a choice is worth: the selector's own figures, its coverage beside random, its rows."""

from collections.abc import Mapping
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.registry import Amounts, Counted, Curve, Figure, Json, Member, Names, Remark
from ui.choose import aside, covered, gains, in_or_out, rescue
from ui.frame import picking, reading
from ui.widgets import charts
from ui.widgets.say import part, plain


def evidence(data: Dataset, done: "engine.recipe.Run") -> None:
    """What the choice is worth: the selector's own figures, its coverage beside random, groups before and after."""
    at = next((i for i, s in enumerate(done.stages) if i and s.step.selects), None)
    if at is None:
        _nothing_yet(data, done)
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
        aside.draw(data, done, at, next(reversed(data.keys_of("embedding")), ""))
    with part():
        rescue.draw(data, done, at)
    with part():
        gains.draw(data, done, at)
    kept = engine.recipe.rows_of(stage, data.n)
    with part():
        in_or_out.draw(data, kept, stage.notes)
    with st.expander("The rows chosen, in the order of choice"), part():
        reading.rows(data, kept, key="picked")


def _nothing_yet(data: Dataset, done: "engine.recipe.Run") -> None:
    """Why there is nothing to see, and what to do: a choice runs, waits, or was never asked for.

    Where there is nothing to choose from, the page says so beside this.
    """
    if not done.stages[-1].kept:
        return
    if not done.waiting:
        st.info("Nothing is chosen yet. Set a budget on the left, then choose.", icon=":material/tune:")
        return
    if any(job.status == "running" and job.work.get("do") == "pick" for job in engine.jobs.all_jobs(data.store)):
        st.info(
            "The choice is being made: the job on the left says how far it is, and can be stopped there. "
            "What was chosen appears here by itself.",
            icon=":material/hourglass_top:",
        )
        return
    st.info("A choice waits to be made.", icon=":material/hourglass_empty:")
    if st.button("Make it now", icon=":material/play_arrow:", key="pick/waiting"):
        picking.waiting(data, done)


def _notes(member: Member, notes: Mapping[str, Json]) -> None:
    """A selector's notes, each shown as its member says: figures first, then counts, curves, tables and remarks."""
    words = {**member.about.evidence, **engine.recipe.EVIDENCE}
    there = [(words[name], value) for name, value in notes.items() if name in words]
    figures = [(w, v) for w, v in there if isinstance(w, Figure) and isinstance(v, int | float)]
    if figures:
        with st.container(horizontal=True, gap="large"):
            for figure, value in figures:
                st.metric(figure.label, figure.shape.format(value), help=figure.help, width="content")
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
        elif isinstance(shown, Amounts) and isinstance(note, dict) and note:
            with st.expander(shown.title):
                columns = {shown.name: list(note), shown.amount: list(note.values())}
                st.dataframe(columns, hide_index=True, width="stretch", height=220)
        elif isinstance(shown, Names) and isinstance(note, list) and note:
            names = ", ".join(str(s) for s in note[:8])
            st.caption(plain(f"{shown.words}: {names}{' …' * (len(note) > 8)}"))


def beside(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """Coverage of the choice beside that of as many random rows."""
    keys = data.keys_of("embedding")
    if not keys:
        return
    on = st.selectbox("Measure on", keys, key="beside/embedding") if len(keys) > 1 else keys[0]
    both = _beside(_digest(done, at), on, data, done, at)
    if both is None or covered.draw(data, done, at, on, _digest(done, at)):
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
def _beside(digest: str, on: str, _data: Dataset, _done: "engine.recipe.Run", at: int) -> "engine.look.Beside | None":
    kept = engine.recipe.rows_of(_done.stages[at], _data.n)
    before = np.sort(engine.recipe.rows_of(_done.stages[at - 1], _data.n))
    return engine.look.beside_random(_data, kept, before, on)


def _digest(done: "engine.recipe.Run", at: int) -> str:
    """Which choice it is: the rows chosen and those chosen from."""
    here, before = done.stages[at].bits, done.stages[at - 1].bits
    return engine.store.digest_of([done.data.fingerprint, here.tobytes().hex(), before.tobytes().hex()])
