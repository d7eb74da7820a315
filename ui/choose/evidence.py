"""What a choice is worth: the selector's own figures, then one view at a time: chance, losses, luck, rows, others."""

from collections.abc import Callable, Mapping

import streamlit as st

import engine
from engine import Dataset
from engine.look import kept
from ui.choose import aside, covered, gains, in_or_out, measured, noted, rescue, shifts, steady, teaching
from ui.frame import picking, reading
from ui.widgets.say import part, plain

View = Callable[[Dataset, "engine.recipe.Run", int], None]


def evidence(data: Dataset, done: "engine.recipe.Run") -> None:
    """The choice in a line, what its selector says of it, and the view that the person looks at."""
    at = kept.choice_at(done)
    if at is None:
        _nothing_yet(data, done)
        return
    stage = done.stages[at]
    took = f"in {stage.seconds:.1f} s" if stage.seconds >= 0.05 else "in a moment"
    st.markdown(f"**{stage.kept:,}** of {stage.before:,} rows chosen {took} by {plain(stage.step.member.title)}")
    noted.figures(stage.step.member, stage.notes)
    lost = len(rescue.lost(done, at))
    with part():
        _all(done, at)
    view = st.segmented_control(
        "Evidence", list(VIEWS), default=next(iter(VIEWS)), key="evidence/view", required=True,
        format_func=lambda name: f"{name} ({lost} lost)" if name == GROUPS and lost else name,
        label_visibility="collapsed",
    )  # fmt: skip
    with part():
        VIEWS[view](data, done, at)


def _all(done: "engine.recipe.Run", at: int) -> None:
    """How much is measured, and the button that measures the rest."""
    wanted = measured.everything(done.data)
    left = [asked for asked in wanted if kept.kept(done, at, asked) is None]
    if not left:
        st.caption("All evidence is measured. It stays with this choice and goes into its exports.")
        return
    seconds = sum(kept.seconds(done, at, asked) for asked in left)
    st.caption(
        f"Kinds of evidence measured: {len(wanted) - len(left)} of {len(wanted)}. What is measured stays with this "
        "choice and goes into its exports."
    )
    if st.button(
        "Measure the rest", key="evidence/all", icon=":material/query_stats:",
        help=f"Beside random rows, losses, shifts, luck and what it teaches: about {engine.progress.words(seconds)}, "
        "as a job that can be stopped.", disabled=any(measured.busy(done.data, asked) for asked in left),
    ):  # fmt: skip
        measured.job(done.data, [done], left)


def _rows(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    in_or_out.draw(data, done, at)
    st.markdown("##### The rows chosen, in the order of choice")
    reading.rows(data, engine.recipe.rows_of(done.stages[at], data.n), key="picked")


def _groups(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    rescue.draw(data, done, at)
    gains.draw(data, done, at)


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


def _beside(data: Dataset, done: "engine.recipe.Run", at: int) -> None:
    """What chance gives, then the selector's own curves and tables."""
    covered.draw(data, done, at)
    noted.details(done.stages[at].step.member, done.stages[at].notes)


GROUPS = "Groups"
VIEWS: Mapping[str, View] = {
    "Chance": _beside,
    GROUPS: _groups,
    "Shifts": lambda data, done, at: shifts.draw(done, at),
    "Luck": lambda data, done, at: steady.draw(done, at),
    "Teaching": teaching.draw,
    "Rows": _rows,
    "Compare": aside.draw,
}
