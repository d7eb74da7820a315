"""Choices put aside, beside the one that stands: rows in common and evidence in one table; a click takes one back.

They lie at the desk of the browser, so that a reload or a crash loses none, and undo takes back what was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Recipe
from engine.look import Covering, Efficacy, LossAudit, Stability, kept
from engine.registry import Json
from ui.choose import measured
from ui.frame import picking, state
from ui.widgets.say import plain

MOST, PART = 3, "choices aside"
ALIKE = "Share of rows that have a pick alike, as alike as chance reaches for nine in ten"


@dataclass(frozen=True)
class Aside:
    """A choice with the filters before it. done: their run; at: its stage, None where it is not made (any more)."""

    recipe: Recipe
    done: "engine.recipe.Run"
    at: int | None

    @property
    def rows(self) -> np.ndarray:
        """int64, in pick order; none where it is not made."""
        return (
            np.empty(0, np.int64)
            if self.at is None
            else engine.recipe.rows_of(self.done.stages[self.at], self.done.data.n)
        )

    @property
    def name(self) -> str:
        """How it chooses, in words."""
        return next(step.member.title for step in self.recipe.steps if step.selects)


def draw(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """The button that puts the choice aside, the table of all that are, and what may be done with each."""
    now = Aside(_until(done), done, at)
    held = [_made(data, recipe) for recipe in _held()]
    known = any(np.array_equal(one.rows, now.rows) and one.recipe == now.recipe for one in held)
    if not held:
        st.caption(
            f"Put this choice aside, then choose otherwise on the left: up to {MOST} stand beside the new one, with "
            "the rows that they have in common and all that was measured."
        )
    if not known and st.button(
        "Put this choice aside", key="aside/put", icon=":material/compare:", disabled=len(held) >= MOST,
        help=f"{MOST} stand aside already: let one go." if len(held) >= MOST else None,
    ):  # fmt: skip
        _put([*(one.recipe for one in held), now.recipe], "put a choice aside")
    others = [one for one in held if not (np.array_equal(one.rows, now.rows) and one.recipe == now.recipe)]
    if others:
        _table([now, *others])
        _measure(data, [now, *others])
    for place, one in enumerate(held):
        _line(data, [other.recipe for other in held], place, one, stands=one not in others)


def _until(done: "engine.recipe.Run") -> Recipe:
    """The recipe of a run without what comes after the choice."""
    steps = done.recipe.steps
    last = next(at for at, step in enumerate(steps) if step.selects and step.on and at not in done.broken)
    return replace(done.working, steps=done.working.steps[: last + 1], name="", output={})


def _held() -> list[Recipe]:
    value = state.desk().part(PART).value
    found = []
    for one in cast(list[Mapping[str, Json]], value if isinstance(value, list) else []):
        try:
            found.append(Recipe.from_json(one))
        except engine.EngineError:
            continue  # of another version of Winnow
    return found


def _put(recipes: Sequence[Recipe], words: str) -> None:
    state.desk().put({PART: [cast(Json, one.json()) for one in recipes]}, words)
    st.rerun()


def _made(data: Dataset, recipe: Recipe) -> Aside:
    """The choice as it was made; one that takes no time to speak of is made again."""
    cache, live = state.stage_cache(str(data.store.folder)), engine.marks.verdicts(data)
    done = engine.recipe.run(data, recipe, cache, pick=False, strict=False, by_hand=live)
    step = next(step for step in recipe.steps if step.selects)
    if done.waiting and step.member.about.cost is None:
        done = engine.recipe.run(data, recipe, cache, strict=False, by_hand=live)
    return Aside(recipe, done, kept.choice_at(done))


def _table(all_: Sequence[Aside]) -> None:
    """A column a choice, the one that stands first; a line for each figure that one of them has."""
    letters = ["This choice", *(f"Aside {i}" for i in range(1, len(all_)))]
    lines = ["| | " + " | ".join(letters) + " |", "| --- |" + " ---: |" * len(all_)]
    now = all_[0].rows
    rows: dict[str, list[str]] = {"How": [plain(one.name) for one in all_]}
    rows["Rows"] = [f"{len(one.rows):,}" if one.at is not None else "not made" for one in all_]
    rows["In common with this choice"] = [
        "" if one is all_[0] or one.at is None else f"{len(np.intersect1d(one.rows, now)) / max(len(one.rows), 1):.0%}"
        for one in all_
    ]
    for at, one in enumerate(all_):
        for name, said in _figures(one).items():
            rows.setdefault(name, [""] * len(all_))[at] = said
    lines += [f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items()]
    st.markdown("\n".join(lines))
    st.caption("In brackets: beside random rows, as many as the choice has.")


def _figures(one: Aside) -> dict[str, str]:
    """What is measured of a choice, in short: each figure with its verdict beside random."""
    if one.at is None:
        return {}
    found: dict[str, str] = {}
    for one_kept in kept.all_kept(one.done, one.at):
        if isinstance(one_kept.found, Covering):
            for figure in one_kept.found.figures:
                title = ALIKE if figure.name == "within" else plain(figure.title)  # how alike depends on the size
                found[title] = f"{figure.value:,.3g} ({_short(figure.verdict)})"
        elif isinstance(one_kept.found, LossAudit):
            found["Groups far below chance"] = f"{sum(lost.beyond_chance for lost in one_kept.found.lost):,}"
        elif isinstance(one_kept.found, Stability):
            found["Picks that come nine times in ten"] = f"{one_kept.found.steady:.0%}"
        elif isinstance(one_kept.found, Efficacy):
            for trial in one_kept.found.trials:
                of = f" of {plain(one_kept.found.label)}" if one_kept.found.label else ""
                name = f"Teaching{of}: {trial.probe}, {trial.measure}"
                found[name] = f"{trial.arm('choice').mean:.3f} ({_short(trial.verdict)})"
    return found


def _short(verdict: str) -> str:
    return {"better than random": "better", "worse than random": "worse"}.get(verdict, "no better")


def _measure(data: Dataset, all_: Sequence[Aside]) -> None:
    """The button that measures all of them alike, as one job."""
    made = [one for one in all_ if one.at is not None]
    wanted = measured.everything(data)
    left = [
        one for one in made
        if any(kept.kept(one.done, cast(int, one.at), asked) is None for asked in wanted)
    ]  # fmt: skip
    if not left:
        return
    seconds = sum(
        kept.seconds(one.done, cast(int, one.at), asked) for one in left for asked in wanted
        if kept.kept(one.done, cast(int, one.at), asked) is None
    )  # fmt: skip
    if st.button(
        "Measure them all", key="aside/measure", icon=":material/query_stats:",
        help=f"About {engine.progress.words(seconds)}, as a job that can be stopped.",
    ):  # fmt: skip
        measured.job(data, [one.done for one in left], wanted)


def _line(data: Dataset, recipes: Sequence[Recipe], place: int, one: Aside, *, stands: bool) -> None:
    """A choice put aside: taken again, or let go."""
    words, take, drop = st.columns([4, 1, 1], vertical_alignment="center")
    step = next(step for step in one.recipe.steps if step.selects)
    words.caption(f"Aside {place + 1}{', which stands' if stands else ''}: {plain(step.sentence())}")
    if not stands and take.button("Take it", key=f"aside/take/{place}", width="stretch"):
        recipe = state.recipe()
        at = next((i for i, other in enumerate(recipe.steps) if other.selects), None)
        new = replace(recipe, steps=(*one.recipe.steps, *(recipe.steps[at + 1 :] if at is not None else ())))
        state.change(new, f"chose again: {step.sentence()}")
        before = one.done.stages[-1 if one.at is None else one.at - 1]
        left = np.sort(engine.recipe.rows_of(before, data.n))
        picking.make(data, new, step, engine.building.picking_seconds(data, step, left))
    if drop.button("Let go", key=f"aside/drop/{place}", width="stretch"):
        _put([other for at, other in enumerate(recipes) if at != place], "let a choice go")
