"""How much of a choice is luck: how often each row is picked again from other rows."""

import numpy as np
import streamlit as st

import engine
from engine.look import Stability, kept
from ui.choose import keeping, measured
from ui.frame import reading
from ui.widgets import charts

TIMES = 10
NAMES = {"resamples": "picked again", "seeds": "picked again by seeds"}
OVER = {
    "resamples": (
        "From other rows",
        "Picks again from other rows, drawn from these with repeats: what comes each time does not hang on a few of "
        "the rows.",
    ),
    "seeds": ("With other seeds", "Picks again from the same rows with other seeds: what comes each time is no luck."),
}


def draw(done: "engine.recipe.Run", at: int) -> None:
    """The share of the picks that come again, and the rows by how often they do."""
    over = st.segmented_control(
        "Pick again", list(OVER), default=next(iter(OVER)), key="steady/over", required=True,
        format_func=lambda name: OVER[name][0],
    )  # fmt: skip
    knobs = {} if over == "resamples" else {"over": over}
    found = measured.ask(done, at, kept.Asked("stability", knobs=knobs), "Pick again 10 times", OVER[over][1])
    if not isinstance(found, Stability):
        return
    if found.same:
        st.markdown("Another seed picks the same rows.")
        return
    st.markdown(
        f"**{found.steady:.0%}** of the picks come nine times in ten. Two runs share **{found.alike:.0%}** of their "
        f"picks; two random choices of this size share {found.by_chance:.0%}."
    )
    picks = engine.recipe.rows_of(done.stages[at], done.data.n)
    often = found.picked[picks]
    ends = np.linspace(0, 1, TIMES + 1)
    counts = np.histogram(often[~np.isnan(often)], ends)[0]
    st.markdown("##### How often the rows chosen are picked again")
    charts.bars(
        [f"{a:.0%} to {b:.0%}" for a, b in zip(ends[:-1], ends[1:], strict=True)], counts.tolist(), "steady/chart",
    )  # fmt: skip
    rows = np.flatnonzero(~np.isnan(found.picked))
    keeping.draw(done.data, NAMES[over], rows, found.picked[rows])
    with st.expander("The rows chosen, the least steady first"):
        order = picks[np.argsort(np.nan_to_num(often), kind="stable")]
        shares = {"Picked again": [f"{one:.0%}" for one in found.picked[order]]}
        reading.rows(done.data, order, key="steady", extra={k: np.array(v) for k, v in shares.items()})
