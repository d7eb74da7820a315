"""What a probe still learns when one end of a score is dropped, beside dropping at random; drawn when asked."""

from collections.abc import Mapping
from typing import Literal

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.look import PruningCurve
from engine.registry import Member
from ui.choose import measured
from ui.frame import state
from ui.widgets import charts
from ui.widgets.say import plain

KEY = "pruning"
WAYS: tuple[Literal["highest", "lowest", "random"], ...] = ("highest", "lowest", "random")


def draw(data: Dataset, member: Member, values: Mapping[str, object], left: np.ndarray) -> None:
    """For a way of choosing by a column of numbers, where rows have labels and vectors. left: int64, what is there to
    choose from."""
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
        cache = state.stage_cache(str(data.store.folder))
        asked = [data.fingerprint, data.info(column).identity, data.info(label).identity, left.tobytes().hex()]
        name = f"{KEY}/{engine.store.digest_of([*asked, data.artefact('embedding', embedding).identity])}"
        found = cache.peek(name)
        if found is None:
            st.caption(
                f"A small probe learns {plain(label)} from ever fewer of the rows left: without the highest, without "
                "the lowest, without as many at random. Takes seconds, with very many labels minutes."
            )
            if not st.button("Draw the pruning curve", key=f"{KEY}/go", icon=":material/show_chart:"):
                return
            cache.get(name, lambda: _measured(data, column, label, embedding, left))
            st.rerun()
        assert isinstance(found, PruningCurve)
        _drawn(found)


def _measured(data: Dataset, column: str, label: str, embedding: str, left: np.ndarray) -> PruningCurve:
    place = st.empty()

    def progress(stage: str, done: int, total: int) -> None:
        place.progress(min(done / max(total, 1), 1.0), f"{stage}…")

    try:
        return engine.look.pruning_curve(data, column, label, embedding=embedding, rows=left, progress=progress)
    finally:
        place.empty()


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
