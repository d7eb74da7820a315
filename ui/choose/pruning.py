"""What a probe still learns when one end of a score is dropped, beside dropping at random; drawn when asked."""

from collections.abc import Mapping
from typing import Literal

import streamlit as st

import engine
from engine import Dataset
from engine.look import PruningCurve, kept
from engine.registry import Member
from ui.choose import measured
from ui.frame import state
from ui.widgets import charts
from ui.widgets.say import plain

KEY = "pruning"
WAYS: tuple[Literal["highest", "lowest", "random"], ...] = ("highest", "lowest", "random")


def draw(data: Dataset, member: Member, values: Mapping[str, object]) -> None:
    """For a way of choosing by a column of numbers, where rows have labels and vectors."""
    column, embedding = str(values.get("column") or ""), next(reversed(data.keys_of("embedding")), "")
    labels = measured.labels(data)
    if member.about.purpose != "best" or not column or not embedding or not labels:
        return
    with st.expander(
        f"What dropping by {plain(column)} costs", icon=":material/content_cut:", key=KEY, on_change="rerun"
    ) as shown:
        if not shown.open:
            return
        label = st.selectbox("Label that is learned", labels, key=f"{KEY}/label")
        done = state.run()
        asked = kept.Asked("pruning", embedding, label, {"column": column})
        found = measured.ask(
            done, _at(done), asked, "Draw the pruning curve",
            f"A small probe learns {plain(label)} from ever fewer of the rows left: without the highest, without the "
            "lowest, without as many at random.",
        )  # fmt: skip
        if isinstance(found, PruningCurve):
            _drawn(found)


def _at(done: "engine.recipe.Run") -> int:
    """The stage of the first choice, which picks from the rows that the form picks from, or where it would be."""
    return next((at for at, one in enumerate(done.stages) if at and one.step.selects), len(done.stages))


def _drawn(found: PruningCurve) -> None:
    lines = {way: found.of(way) for way in WAYS}
    charts.curves(
        [one.dropped for one in next(iter(lines.values()))],
        {name: ([p.mean for p in some], [p.low for p in some], [p.high for p in some]) for name, some in lines.items()},
        f"{KEY}/chart", x="% of the rows dropped", y="told rightly",
    )  # fmt: skip
    st.markdown("\n".join(f"- {plain(line)}" for line in found.worth()))
    said = [
        f"{plain(found.label)} of {found.held_out:,} rows held out, by a probe ({found.probe}) that begins with "
        f"{found.rows:,} rows; mean over labels and {found.seeds} seeds, with 95% intervals.",
        *found.remarks,
    ]
    if found.unscored:
        said.append(f"{found.unscored:,} rows with a label have no score and take no part.")
    st.caption(" ".join(said))
