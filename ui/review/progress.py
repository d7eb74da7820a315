"""How far a queue is, what the answers say of the labels, when it is enough, and how annotators agree."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

import engine
from engine.labels import Agreement
from ui.review.work import Work, answers_of
from ui.widgets import charts
from ui.widgets.say import share

WIDTHS = {0.02: "1 point each way", 0.04: "2 points each way", 0.06: "3 points each way", 0.1: "5 points each way"}
WORTH = 0.3
"""The share of wrong labels along the list of suspects, below which going on finds little."""


@dataclass(frozen=True)
class Said:
    """What the answers to a queue say, in a sentence, and what draws more of it."""

    words: str = ""
    more: Callable[[], None] | None = None


def said(work: Work, rows: np.ndarray, *more: str) -> None:
    """How many rows are answered, how long the rest takes, and what the answers say."""
    done = engine.labels.worked(work.data, work.of.asked, rows)
    parts = [f"**{done.answered:,}** of {done.rows:,} {'row' if done.rows == 1 else 'rows'} answered"]
    if done.corrected or done.confirmed:
        parts.append(f"{done.corrected:,} corrected, {done.confirmed:,} confirmed, {done.unsure:,} unsure")
    elif done.unsure:
        parts.append(f"{done.unsure:,} unsure")
    if done.open:
        parts.append(f"{done.open:,} where annotators differ")
    if done.seconds_left:
        parts.append(f"{done.seconds:.1f} s a row, about {engine.progress.words(done.seconds_left)} left")
    st.markdown("  \n".join([" · ".join(parts), *more]))


def audited(work: Work, rows: np.ndarray, by_class: bool, width: float) -> Said:
    """What a random audit says of all labels, and whether it is enough."""
    # Rows answered elsewhere, as doubtful ones, were not drawn by chance: the answers count from the first row on.
    began = engine.labels.beginning(work.data, work.of.asked, rows)
    judged, wrong = _judged(work, rows[:began])
    if not len(judged):
        return Said("Answer them in order: 1 where the label is right, another key where it is not, S for unsure.")
    untold = _untold(work, rows[:began])
    found = engine.labels.audit(work.came, judged, wrong, untold=untold, by_class=by_class)
    rate = found.overall
    words = (
        f"**{share(rate.wrong, rate.judged)}** of the labels looked at are wrong. Of all {rate.total:,} labels "
        f"**{rate.low:.1%} to {rate.high:.1%}** are (95% interval)."
    )
    if len(untold):
        words += f" {len(untold):,} could not be told, or annotators differ: the interval holds them either way."
    if engine.labels.enough(rate, width):
        words += f" **Enough**: it is known to {WIDTHS[width]}."
    else:
        more = engine.labels.still_needed(rate, width)
        words += f" About {more:,} rows more until it is known to {WIDTHS[width]}"
        words += "; draw more." if more > len(rows) - len(judged) else "."
    if further := len(_judged(work, rows[began:])[0]):
        words += f" {further:,} answered further down count when the rows before them are answered."
    return Said(words, partial(_by_class, work, found))


def _by_class(work: Work, found: "engine.labels.Audit") -> None:
    told = [(i, one) for i, one in enumerate(found.of_class) if one.judged]
    told.sort(key=lambda pair: (-pair[1].share, -pair[1].judged))
    st.markdown("**Wrong, label by label**")
    st.dataframe(
        {
            "Label": [work.names[i] for i, _ in told], "Judged": [one.judged for _, one in told],
            "Wrong": [one.wrong for _, one in told], "Low (95%)": [one.low for _, one in told],
            "High": [one.high for _, one in told], "Rows": [one.total for _, one in told],
        },
        hide_index=True, width="stretch",
        column_config={name: st.column_config.NumberColumn(format="percent") for name in ("Low (95%)", "High")},
    )  # fmt: skip


def depth(work: Work, rows: np.ndarray) -> Said:
    """What the list of suspects was worth so far, depth by depth, and whether going on pays."""
    rows = rows[: engine.labels.worked_through(work.data, work.of.asked, rows)]
    judged, wrong = _judged(work, rows)
    if not len(judged):
        return Said()
    is_wrong = dict(zip(judged.tolist(), wrong.tolist(), strict=True))
    place = np.flatnonzero(np.isin(rows, judged))
    found = engine.labels.depths(place, np.array([is_wrong[row] for row in rows[place].tolist()]))
    recent = min(len(judged), engine.labels.RECENT)
    words = (
        f"**{share(int(wrong.sum()), len(wrong))}** of the labels looked at here are wrong; of the last {recent:,} "
        f"**{found.recent[-1]:.0%}** ({found.recent_low[-1]:.0%} to {found.recent_high[-1]:.0%})."
    )
    if (falls := engine.labels.falls_below(found, WORTH)) is not None:
        words += (
            f" **Enough**, perhaps: from row {falls + 1:,} of the list on fewer than {WORTH:.0%} are wrong. A random "
            "audit says how many are left."
        )
    return Said(words, partial(_depths, found) if len(judged) >= engine.labels.LEAST else None)


def _depths(found: "engine.labels.Depths") -> None:
    st.markdown("**How good the list was, row by row**")
    charts.line(
        (found.place + 1).tolist(), found.precision.tolist(), "review/depths", x="Rows down the list", y="Wrong so far",
        band=(found.low.tolist(), found.high.tolist()),
    )  # fmt: skip


def _judged(work: Work, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of a queue whose answer is settled, int64, and bool, whether the label that came is another."""
    on = work.labelled
    settled = engine.marks.settled(work.data, work.of.asked).rows
    judged = settled[np.isin(settled, rows) & (work.came[settled] >= 0)]
    return judged, on.now[judged] != on.came[judged]


def _untold(work: Work, rows: np.ndarray) -> np.ndarray:
    """The rows of a queue that were looked at without a label that holds, int64."""
    found = engine.marks.settled(work.data, work.of.asked)
    untold = rows[np.isin(rows, np.concatenate([found.unsure, found.open]))]
    return untold[work.came[untold] >= 0]


def details(work: Work, told: Said) -> None:
    """Behind a button, where there is more to say: the list row by row, label by label, and how annotators agree."""
    if told.more is None and len({a.annotator for a in answers_of(work) if _person(a.annotator)}) < 2:
        return
    with st.popover(
        "Figures", icon=":material/monitoring:", key="review/figures", width="stretch", on_change="rerun"
    ) as shown:
        if not shown.open:
            return
        with st.container(width=560):
            if told.more is not None:
                told.more()
            answered = [a for a in answers_of(work) if a.label is not None and _person(a.annotator)]
            if len({a.annotator for a in answered}) > 1:
                _agreement(engine.labels.ratings_of([(str(a.row), a.annotator, str(a.label)) for a in answered]))


def _agreement(ratings: "engine.labels.Ratings") -> None:
    """How far those who answered the same rows agree."""
    whole = engine.labels.krippendorff_alpha(ratings.code)
    st.markdown("**How annotators agree**")
    if not whole.rows:
        st.caption(f"{len(ratings.people)} annotators, who answered no row in common: it is not known.")
        return
    st.markdown(
        f"Krippendorff's alpha **{_figure(whole)}** on {whole.rows:,} {'row' if whole.rows == 1 else 'rows'}.",
        help="1 is always the same, 0 is what chance would give. Of the rows alone that several answered.",
    )
    pairs = engine.labels.between(ratings)
    st.dataframe(
        {
            "Annotators": [f"{one.first} and {one.second}" for one in pairs],
            "Rows": [one.agreement.rows for one in pairs],
            "The same": [one.agreement.observed for one in pairs],
            "Cohen's kappa": [_figure(one.agreement) for one in pairs],
        },
        hide_index=True, width="stretch",
        column_config={"The same": st.column_config.NumberColumn(format="percent")},
    )  # fmt: skip


def _person(annotator: str) -> bool:
    return bool(annotator) and not annotator.startswith(engine.marks.MODEL)


def _figure(found: Agreement) -> str:
    if math.isnan(found.value):
        return "not to be told, all gave one label"
    if math.isnan(found.low):
        return f"{found.value:.2f}"
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"
