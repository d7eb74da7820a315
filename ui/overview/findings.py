"""The inbox of what is wrong: a card for each finding, with examples, why it matters, and the rule that drops it."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.frame import jobs, reading, state, steps
from ui.frame.selection_bar import current, take
from ui.overview.treat import treat
from ui.widgets.say import go, plain

STATUS = {"open": "Open", "done": "Done", "dismissed": "Dismissed"}
NOTHING = {
    "open": "Nothing is left to look at.",
    "done": "Nothing yet: a finding is done once its rule is in the recipe, or none of its rows is left.",
    "dismissed": "Nothing was put away.",
}
WAITS = 20.0
"""Seconds that a click may build what a rule needs; beyond, it is a job."""


def inbox(data: Dataset) -> None:
    """Draw the findings of one status, and how many there are of each."""
    with st.spinner("Looking for what is odd…", show_time=True):
        found = engine.look.findings(data, cache=state.stage_cache(str(data.store.folder)))
    done, put_away = state.run(), engine.look.dismissed(data.store)
    status = {f.id: engine.look.status_of(data, f, done.recipe, done.mask, put_away) for f in found}
    counts = {name: sum(s == name for s in status.values()) for name in STATUS}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Findings", anchor=False, width="content")
        if counts["open"]:
            st.badge(f"{counts['open']} open", color="orange")
    shown = st.segmented_control(
        "Which findings", list(STATUS), default="open", format_func=lambda name: f"{STATUS[name]} · {counts[name]}",
        key="findings/status", required=True, label_visibility="collapsed",
    )  # fmt: skip
    here = [f for f in found if status[f.id] == shown]
    if not here:
        st.caption(NOTHING[shown])
    for finding in here:
        with st.container(border=True, key=f"finding/{finding.id}"):
            _card(data, finding, shown)


def _card(data: Dataset, finding: "engine.look.Finding", status: str) -> None:
    st.markdown(f"**{plain(finding.what)}**")
    st.caption(plain(" ".join([*finding.evidence, finding.why])))
    _examples(data, finding)
    with st.container(horizontal=True, vertical_alignment="center"):
        if finding.treat and st.button(
            "As categories" if finding.treat == "categories" else "As a list", key=f"finding/{finding.id}/treat"
        ):
            treat(data, finding.column, finding.treat, finding.delimiter)
        if finding.examples and st.button(
            "Review",
            icon=":material/visibility:",
            key=f"finding/{finding.id}/review",
            help="Open its rows in Explore",
        ):
            _review(data, finding, left=status != "done")
        if finding.step is not None and status == "open":
            _rule(data, finding, finding.step)
        if status == "open" and st.button("Dismiss", type="tertiary", key=f"finding/{finding.id}/away"):
            engine.look.dismiss(data.store, finding, who=state.who())
            st.rerun()
        if status == "dismissed" and st.button("Bring it back", key=f"finding/{finding.id}/back"):
            engine.look.reopen(data.store, finding, who=state.who())
            st.rerun()


def _examples(data: Dataset, finding: "engine.look.Finding") -> None:
    """Three rows to read, with their label and the value that it is about."""
    if not finding.examples:
        return
    beside = [finding.column] if finding.column and finding.column not in data.text_view.columns else []
    some = np.array(finding.examples, np.int64)
    reading.rows(data, some, key=f"finding/{finding.id}/rows", columns=beside, brief=True)


def _review(data: Dataset, finding: "engine.look.Finding", *, left: bool) -> None:
    """Select the rows behind a finding, and read them in Explore. left: only those that the recipe leaves."""
    step = finding.opens
    if step is None:
        step = engine.recipe.listed_step(data, engine.look.rows_behind(data, finding), finding.what[:120])
    take(current().to(step, left=left))
    go("explore")


def _rule(data: Dataset, finding: "engine.look.Finding", step: engine.Step) -> None:
    """The button that puts the rule into the recipe; what the rule needs is built as part of the click."""
    missing = {key: made for key, made in finding.needs.items() if key not in data.added}
    cost = engine.building.cost_of_all(data, missing)
    about = [step.sentence()]
    if not finding.portable:
        about.append("It holds for this corpus only: on other data there are other topics.")
    if missing:
        about.append(f"First it finds what it needs, in {engine.progress.words(max(cost.seconds, 1))}.")
    if not st.button(
        "Drop as a rule", icon=":material/filter_alt:", key=f"finding/{finding.id}/drop", help=plain(" ".join(about))
    ):
        return
    if missing and cost.seconds > WAITS:
        jobs.start(data, missing)
    with st.spinner("Finding what the rule needs…", show_time=True):
        engine.building.build(data, missing)
    steps.add_step(step)
