"""One way to every measurement of a choice: what is kept is shown, else a button says how long it takes and does it."""

from collections.abc import Sequence
from typing import Literal, cast

import streamlit as st

import engine
from engine import Dataset
from engine.look import kept
from engine.registry import Json
from ui.frame import jobs
from ui.frame.picking import AT_ONCE
from ui.widgets.say import plain


def ask(
    done: "engine.recipe.Run", at: int, asked: kept.Asked, button: str, hint: str = "",
    kind: Literal["primary", "secondary"] = "secondary",
) -> kept.Found | None:  # fmt: skip
    """What was measured of the choice, else the button that measures it. hint: what it tells, beside the button."""
    found = kept.kept(done, at, asked)
    if found is not None:
        return found
    seconds = kept.seconds(done, at, asked)
    took = f"Takes about {engine.progress.words(seconds)}." if seconds >= 1 else "Takes a moment."
    st.caption(f"{hint} {took}".strip())
    if busy(done.data, asked):
        st.info("It is being measured: the job in the sidebar says how far it is.", icon=":material/hourglass_top:")
    elif st.button(button, key=f"measure/{asked.kind}", icon=":material/query_stats:", type=kind):
        start(done, at, [asked])
    return None


def everything(data: Dataset) -> list[kept.Asked]:
    """All kinds of evidence of a choice, each as the page asks for it at first."""
    embedding, label = on(data), next(iter(labels(data)), "")
    teaching = [kept.Asked("teaching", embedding, label)] if embedding or not label else [kept.Asked("teaching")]
    return [
        kept.Asked("coverage", embedding),
        kept.Asked("losses"),
        kept.Asked("shifts"),
        kept.Asked("stability"),
        *teaching,
    ]


def on(data: Dataset) -> str:
    """The embedding that a choice is measured on: the newest, or the one chosen for it; "" where there is none."""
    keys = data.keys_of("embedding")
    chosen = str(st.session_state.get("beside/embedding", ""))
    return chosen if chosen in keys else next(reversed(keys), "")


def labels(data: Dataset) -> list[str]:
    """Columns that probes can learn: those that are labels first, then other groups of the source."""
    groups = [key for key in engine.look.group_columns(data) if data.info(key).origin in ("source", "edit")]
    return sorted(groups, key=lambda key: data.info(key).role != "label")


def start(done: "engine.recipe.Run", at: int, asked: Sequence[kept.Asked]) -> None:
    """Measure at once where that is short, else as a job; then the page is drawn again."""
    seconds = sum(kept.seconds(done, at, one) for one in asked)
    if seconds >= AT_ONCE:
        job(done.data, [done], asked)
        return
    place = st.empty()

    def progress(stage: str, done: int, total: int) -> None:
        place.progress(min(done / max(total, 1), 1.0), f"{plain(stage)}…")

    try:
        for one in asked:
            kept.measure(done, at, one, progress)
    finally:
        place.empty()
    st.rerun()


def job(data: Dataset, runs: "Sequence[engine.recipe.Run]", asked: Sequence[kept.Asked]) -> None:
    """Measure the choices of some runs as a job."""
    recipes = [engine.recipe.frozen(data, one.working) for one in runs]
    work: dict[str, Json] = {
        "do": "evidence",
        "recipes": [cast(Json, engine.exporting.completed(data, one).json()) for one in recipes],
        "asked": [cast(Json, vars(one)) for one in asked],
    }
    jobs.launch(data.store, work, "Measure the choice" if len(runs) == 1 else f"Measure {len(runs)} choices")


def busy(data: Dataset, asked: kept.Asked) -> bool:
    """Whether a job measures this just now."""
    running = [job for job in engine.jobs.all_jobs(data.store) if job.status == "running"]
    return any(vars(asked) in cast(list[Json], job.work.get("asked", [])) for job in running)
