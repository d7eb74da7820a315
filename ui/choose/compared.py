"""Two to four choices side by side: all that was measured of each in one table, and where they lie on the map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Recipe
from engine.look import Covering, Efficacy, LossAudit, Stability, kept
from ui.choose import rescue
from ui.widgets import charts
from ui.widgets.say import plain

ALIKE = "Share of rows that have a pick alike, as alike as chance reaches for nine in ten"
DRAWN = 1_500
"""Rows drawn of each kind, at most."""
COLOURS, FAINT = (charts.KEPT, charts.DROPPED, "#0072B2", charts.RANDOM), "rgba(140,150,146,.5)"
SIGNS = ("circle", "diamond", "square", "triangle-up")


@dataclass(frozen=True)
class Aside:
    """A choice with the filters before it. name: what it is called on the screen.

    done: their run; at: its stage, None where it is not made (any more).
    """

    name: str
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
    def how(self) -> str:
        """How it chooses, in words."""
        return self.recipe.steps[-1].member.title


def table(all_: Sequence[Aside]) -> None:
    """A column a choice, the one that stands first; a line for each figure that one of them has."""
    lines = ["| | " + " | ".join(one.name for one in all_) + " |", "| --- |" + " ---: |" * len(all_)]
    now = all_[0].rows
    rows: dict[str, list[str]] = {"How": [plain(one.how) for one in all_]}
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
                found[title] = f"{figure.value:,.3g}{_short(figure.verdict)}"
        elif isinstance(one_kept.found, LossAudit):
            found["Groups far below chance"] = f"{len(rescue.surely(one.done.data, one_kept.found)):,}"
        elif isinstance(one_kept.found, Stability):
            name = f"Picks that come nine times in ten, over {one_kept.found.over}"
            found[name] = f"{one_kept.found.steady:.0%}"
        elif isinstance(one_kept.found, Efficacy):
            for trial in one_kept.found.trials:
                of = f" of {plain(one_kept.found.label)}" if one_kept.found.label else ""
                name = f"Teaching{of}: {trial.probe}, {trial.measure}"
                found[name] = f"{trial.arm('choice').mean:.3f}{_short(trial.verdict)}"
    return found


def _short(verdict: str) -> str:
    """The verdict beside random, in brackets, on one line with its figure."""
    short = {"better than random": "better", "worse than random": "worse"}.get(verdict, "no better")
    return f" ({short})".replace(" ", "\N{NO-BREAK SPACE}")


def on_map(data: Dataset, all_: Sequence[Aside]) -> None:
    """The rows that only one of the choices has, each in its colour, and those that several have."""
    made = [one for one in all_ if one.at is not None]
    key = engine.look.map_of(data)
    if key is None or len(made) < 2:
        return
    rows, times = np.unique(np.concatenate([one.rows for one in made]), return_counts=True)
    several, groups = rows[times > 1], []
    for at, one in enumerate(made):
        own = np.setdiff1d(one.rows, several)
        groups.append((f"only {one.name.lower()}", own, COLOURS[at], SIGNS[at]))
    groups.append(("several", several, FAINT, "circle"))
    placed, said = [], []
    for name, some, colour, sign in sorted(groups, key=lambda group: -len(group[1])):
        drawn = some[np.unique(np.linspace(0, len(some) - 1, min(DRAWN, len(some))).astype(int))] if len(some) else some
        x, y = engine.look.place_of(data, key, drawn).T if len(drawn) else (np.empty(0), np.empty(0))
        placed.append(charts.Placed(f"{name} ({len(some):,})", x, y, colour, sign, 5))
        if len(drawn) < len(some):
            said.append(f"{len(drawn):,} of the {len(some):,} rows of {name}")
    st.markdown("##### Where they lie")
    charts.placed(placed, "compared/map", height=360)
    if said:
        st.caption(f"Drawn: {', '.join(said)}.")
