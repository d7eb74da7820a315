"""Before a recipe of elsewhere is applied: what each step would do here, and the ways to take it over."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

import engine
from engine import ByHand, Dataset
from engine.progress import words as time_words
from engine.registry import Cost
from ui.frame import jobs, state
from ui.widgets.say import plain

SHORT = 40
_HELD = "travel"
_COLOURS = {
    "runs as it is": "green",
    "needs measuring": "blue",
    "switched off": "gray",
    "bound": "orange",
    "broken": "red",
}
_WORDS = {"bound": "bound to its corpus", "broken": "cannot run here"}


def begin(data: Dataset, file: "engine.exporting.RecipeFile", title: str) -> None:
    """Look at a recipe that is to be applied; it is held until it is, or until another one is looked at."""
    st.session_state[_HELD] = (data.name, file, title)
    st.rerun(scope="fragment")


def waiting(data: Dataset) -> str:
    """The title of the recipe that is about to be applied to a dataset, "" for none."""
    held = st.session_state.get(_HELD)
    return held[2] if held and held[0] == data.name else ""


def forget() -> None:
    """Hold no recipe any longer."""
    st.session_state.pop(_HELD, None)


def draw(data: Dataset) -> None:
    """The plan of the recipe that is held, and the button that applies it."""
    _, file, title = st.session_state[_HELD]
    plan = engine.exporting.planned(data, file)
    st.markdown(f"**{plain(title)}** on **{plain(data.name)}**: choose for each step what becomes of it here.")
    for remark in plan.remarks:
        st.info(plain(remark), icon=":material/info:")
    if not plan.lines:
        st.caption("It has no steps: every row stays.")
    choice = {line.at: _chosen(data, line, f"{_HELD}/{file.recipe.digest}/{line.at}") for line in plan.lines}
    _buttons(data, plan, choice, title)


def _chosen(data: Dataset, line: "engine.exporting.Line", key: str) -> int:
    """Draw one step; returns which of its ways is chosen."""
    number = f"{line.at}\\. " if line.at else ""
    said = f"{number}{plain(line.sentence.rstrip('.'))} {_badge(data, line)}"
    kinds = [way.kind for way in line.ways]
    if kinds == ["take", "off"]:
        return int(not st.checkbox(said, True, key=key, help=plain(line.why) or None))
    if kinds == ["off"] and line.verdict == "switched off":
        st.checkbox(said, False, key=key, disabled=True)
        return 0
    with st.container(border=True):
        st.markdown(said)
        st.caption(plain(line.why))
        return st.radio(
            f"Step {line.at}",
            range(len(line.ways)),
            format_func=lambda i: plain(line.ways[i].words),
            key=key,
            horizontal=all(len(way.words) < SHORT for way in line.ways),
            label_visibility="collapsed",
        )


def _badge(data: Dataset, line: "engine.exporting.Line") -> str:
    """The verdict on a step, with the time that measuring for it alone would take."""
    words = _WORDS.get(line.verdict, line.verdict)
    if line.verdict == "needs measuring":
        words += _time(engine.building.cost_of_all(data, line.ways[0].needs))
    return f":{_COLOURS[line.verdict]}-badge[{words}]"


def _time(cost: Cost) -> str:
    """The time, where it is worth saying."""
    return f" · {time_words(cost.seconds)}" if cost.seconds >= 1 else ""


def _buttons(data: Dataset, plan: "engine.exporting.Plan", choice: Mapping[int, int], title: str) -> None:
    needs, cost = plan.needs(choice), plan.cost(choice)
    first = any(way.waits for way in plan.taken(choice))
    if needs:
        st.caption(plain(f"Measures {', '.join(needs)}: {cost.words()}."))
    if first:
        st.caption("A share can be set once it is measured. Come back here then: the drawer leads back.")
    word = "Measure first" if first else "Apply"
    go, back = st.columns([3, 1])
    if go.button(
        f"{word}{_time(cost)}", type="primary", width="stretch", key="travel/apply", help="Undo brings the draft back"
    ):
        if first:
            jobs.start(data, needs, f"Measure for {title}")
        _apply(data, plan, choice, title)
        if needs:
            jobs.start(data, needs, f"Measure for {title}")
        st.rerun()
    if back.button("Not now", width="stretch", key="travel/back"):
        forget()
        st.rerun(scope="fragment")


def _apply(data: Dataset, plan: "engine.exporting.Plan", choice: Mapping[int, int], title: str) -> None:
    """Make it the draft. Its verdicts by hand, where they are taken over, become verdicts of the dataset."""
    plan.file.put_into(data.store)
    made = plan.recipe(choice)
    theirs = engine.recipe.carried(data, made)
    if len(theirs):
        engine.marks.take_over(data, theirs.keep, theirs.drop, who=state.who())
    made = replace(made, by_hand=ByHand(on=state.recipe().by_hand.on))
    forget()
    state.change(made, f"applied {title}")
