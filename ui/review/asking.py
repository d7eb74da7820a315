"""What to label next, and labels that a probe is so sure of that they could be accepted unseen."""

from dataclasses import replace

import numpy as np
import streamlit as st

import engine
from engine.labels import WAYS, Asked, SureLabels
from engine.marks import MODEL, Answer
from ui.frame import state
from ui.review.work import Work, answers_of, held, let_go
from ui.widgets.say import plain, share

NEXT, SURE = "next", "sure"
WORDS = {
    "by count": "what teaches most (advised)", "margin": "undecided between two labels", "entropy": "unsure of all",
    "coverage": "unlike all that is labelled", "typical": "typical of a part without labels", "random": "by chance",
}  # fmt: skip
AUDITED = 20
"""Rows looked at, below which nothing is accepted unseen."""


def next_rows(work: Work) -> tuple[Work, np.ndarray]:
    """The rows to label next, and what is likely of them."""
    if not _by_meaning(work):
        return work, np.empty(0, np.int64)
    many, how, go = st.columns([1, 2, 1.4], vertical_alignment="bottom")
    budget = many.number_input("Rows", 10, 1000, 50, 10, key="review/budget")
    by = how.selectbox("Ask about rows that are", WAYS, format_func=lambda way: WORDS[way], key="review/by")
    if go.button("Ask for the next", icon=":material/refresh:", key="review/next", width="stretch"):
        let_go(work, NEXT)
    on = work.labelled

    def asked() -> Asked:
        with st.spinner("Looking for the rows that teach most…"):
            return engine.labels.next_to_label(
                work.data, embedding=work.of.embedding, codes=on.told, classes=len(on.names), budget=budget, by=by,
                among=_may_be_asked(work),
            )  # fmt: skip

    found = held(work, NEXT, (budget, by), asked)
    _chosen_how(work, found)
    _expected(work, by, budget)
    likely = {int(row): codes for row, codes in zip(found.rows, found.likely.tolist(), strict=True)}
    return replace(work, likely=likely), found.rows


def _chosen_how(work: Work, found: Asked) -> None:
    """How they were chosen, and which labels have least so far."""
    counts, names = found.counts, work.names
    looked = (
        f"{found.looked_at:,} of {found.candidates:,}" if found.looked_at < found.candidates else f"{found.looked_at:,}"
    )
    said = f"Chosen from {looked} texts without a label, no two alike: {WORDS[found.by].removesuffix(' (advised)')}."
    if counts.sum() and len(names) > 1:
        few = np.argsort(counts, kind="stable")[:3]
        said += " Fewest labels so far: " + ", ".join(f"{plain(names[c])} {counts[c]:,}" for c in few) + "."
    st.caption(said)


def _expected(work: Work, by: "engine.labels.By", budget: int) -> None:
    """What so many labels more are expected to bring, beside as many by chance."""
    with st.popover(f"What would {budget:,} more bring?", icon=":material/trending_up:", key="review/expected"):
        st.caption("Tried again on the labels that are there: half of them is asked for as here, and by chance.")
        if st.button("Work it out", key="review/expected/go", width="stretch"):
            on = work.labelled
            with st.spinner("Ten runs…"):
                told = engine.labels.expected(
                    work.data, embedding=work.of.embedding, codes=on.told, classes=len(on.names), more=budget, by=by
                )
            one, beside = told.random, told.beside
            st.markdown(
                f"{budget:,} labels by chance are expected to bring {_figure(one)} of rows told rightly. Asked for "
                f"this way, {told.tried:,} labels brought {_figure(beside)} more than by chance."
            )
            if beside.low <= 0:
                st.caption("That is not beyond chance: rows drawn at random would do here.")


def _figure(of: "engine.labels.Estimate") -> str:
    value, low, high = (f"{round(v * 100, 1) + 0.0:+.1f}%" for v in (of.value, of.low, of.high))
    return f"**{value}** ({low} to {high})"


def sure_rows(work: Work) -> np.ndarray:
    """A random part of the rows whose label a probe is sure of, to be looked at before the rest is accepted."""
    if not _by_meaning(work):
        return np.empty(0, np.int64)
    on = work.labelled
    wanted = st.slider(
        "Right in so many of 100", 80, 99, 95, 1, key="review/wanted",
        help="Read from the rows that have a label, each told without itself and its copies.",
    )  # fmt: skip

    def sure() -> tuple[SureLabels, int]:
        with st.spinner("Learning from the labels that are there…"):
            return engine.labels.sure_labels(
                work.data, embedding=work.of.embedding, codes=on.told, classes=len(on.names), wanted=wanted / 100,
                among=_may_be_asked(work),
            ), int((on.told >= 0).sum())  # fmt: skip

    found, learned = held(work, SURE, wanted, sure)
    st.caption(
        f"A probe that learned from {learned:,} labels is sure of {len(found.rows):,} rows without "
        f"one, unsure of {found.unsure:,}. Look at {len(found.audit):,} of the sure ones, drawn by chance."
    )
    _accept(work, found)
    return found.audit


def likely_of_sure(work: Work) -> Work:
    """The labels that the probe would give the rows of its audit."""
    found = st.session_state.get(f"review/held/{work.data.fingerprint}/{work.of.label}/{SURE}")
    if found is None:
        return work
    sure: SureLabels = found[1][0]
    code = dict(zip(sure.rows.tolist(), sure.label.tolist(), strict=True))
    return replace(work, likely={int(row): [code[int(row)]] for row in sure.audit})


def _accept(work: Work, found: SureLabels) -> None:
    """How many of those looked at were right; and the button that accepts the rest."""
    if not len(found.rows):
        return
    code = dict(zip(found.rows.tolist(), found.label.tolist(), strict=True))
    # In order, without a gap, so that they are drawn by chance; what nobody could tell is not right.
    looked = found.audit[: engine.labels.beginning(work.data, work.of.asked, found.audit)].tolist()
    right = np.array([work.labelled.now[row] == code[row] for row in looked], bool)
    told = engine.labels.audited(right)
    words, button = st.columns([3, 2], vertical_alignment="center")
    if looked:
        words.markdown(
            f"**{share(int(right.sum()), len(right))}** of the first {len(right):,} are right "
            f"({told.low:.0%} to {told.high:.0%}, 95% interval); what could not be told counts as not right."
        )
    answered = {a.row for a in answers_of(work)}
    rest = [row for row in found.rows.tolist() if row not in answered]
    if button.button(
        f"Accept the other {len(rest):,} labels", key="review/accept", icon=":material/done_all:", width="stretch",
        disabled=len(looked) < AUDITED or not rest,
        help=f"After {AUDITED} are looked at. They are kept as a model's answers, accepted by you: one undo takes them "
        "back, and what a person says of a row wins.",
    ):  # fmt: skip
        by = f"{MODEL}{work.of.annotator}"
        given = [Answer(row, work.names[code[row]], by, "") for row in rest]
        engine.marks.bring_in(work.data, work.of.asked, given, who=state.who())
        let_go(work, SURE)
        st.rerun()


def _may_be_asked(work: Work) -> np.ndarray:
    """bool (n,): rows without a label that the recipe leaves, and that nobody looked at in vain."""
    on = work.labelled
    open_ = (on.now < 0) & ~on.looked
    return open_ if work.left is None else open_ & work.left


def _by_meaning(work: Work) -> bool:
    if not work.of.embedding:
        st.info("What to label next is told by meaning: prepare the corpus on Open first.", icon=":material/map:")
    return bool(work.of.embedding)
