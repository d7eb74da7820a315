"""Several people at one queue: who is here, and which rows each is served."""

import time
from datetime import UTC, datetime, timedelta

import numpy as np
import streamlit as st

import engine
from ui.frame import state
from ui.review.work import Work, answered_by, answers_of
from ui.widgets.say import plain

NAMELESS = "browser "
HERE = timedelta(minutes=30)
"""Who looked at the queue, or answered, so long ago at most is at it still."""
SHARED = {0: "none", 20: "1 of 20", 10: "1 of 10", 5: "1 of 5", 2: "every other", 1: "all"}


@st.cache_resource(show_spinner=False)
def _looked() -> dict[tuple[str, str], dict[str, tuple[str, float]]]:
    """At which queue each browser was last, under which name and when; who is elsewhere is known by the answers."""
    return {}


def people(work: Work) -> list[str]:
    """Who is at these labels now, by name: browsers that gave one, and whoever answered by keys lately elsewhere."""
    at = _looked().setdefault((str(work.data.store.folder), work.of.asked), {})
    if work.of.named:
        at[state.who()] = (work.of.annotator, time.time())
    since = datetime.now(UTC) - HERE
    lately = since.isoformat(timespec="seconds")
    answered = {a.annotator for a in answers_of(work) if a.seconds is not None and a.at >= lately}
    seen = {name for name, when in list(at.values()) if when >= since.timestamp()}
    return sorted(name for name in answered | seen if not name.startswith(NAMELESS))


def dealt(work: Work, rows: np.ndarray) -> np.ndarray:
    """The rows that this person is served: all, or where others are at it a part that nobody else is served."""
    here = people(work)
    if len(here) < 2 or work.of.annotator not in here:
        return rows
    with st.popover(f"{len(here)} people", icon=":material/group:", key="review/people", width="stretch"):
        st.markdown("At these labels now: " + ", ".join(plain(name) for name in here))
        on = st.toggle(
            "Deal the rows out", value=True, key="review/deal",
            help="Each is served other rows; what another answered is not served again. Off: all are served all.",
        )  # fmt: skip
        shared = st.selectbox(
            "Rows that go to everybody", list(SHARED), index=2, format_func=lambda n: SHARED[n], key="review/shared",
            disabled=not on, help="On these it is seen how far people agree.",
        )  # fmt: skip
    if not on:
        return rows
    mine = answered_by(work, work.of.annotator)
    others = [a.row for a in answers_of(work) if a.annotator not in ("", work.of.annotator)]
    return engine.labels.dealt(rows, here, work.of.annotator, set(others), set(mine.tolist()), shared=shared)
