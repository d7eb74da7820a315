"""The queue: rows that wait for eyes, worked through by keys; which rows, and what is said above them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, Step
from engine.labels import KINDS
from engine.look import duplicates
from ui.frame import judging, reading, state
from ui.frame.selection_bar import take
from ui.reader.reader import reader
from ui.review import answering, asking, labels, progress, sharing
from ui.review.labels import Reviewed
from ui.review.progress import Said
from ui.review.work import Work, answered_by, held, let_go
from ui.widgets.limits import RANGE
from ui.widgets.say import link, plain

DOUBTED, AUDIT, NEXT, SURE, OPEN, SELECTED, LACKING, CUT, ALIKE = (
    *("Doubtful labels", "Random audit", "Label next", "Sure labels", "Where annotators differ"),
    *("Selection", "Unlabelled", "Near a cut", "Duplicates"),
)
OF_LABELS = (DOUBTED, AUDIT, NEXT, SURE, OPEN, LACKING)
LEFT = (DOUBTED, AUDIT, NEXT, SURE, LACKING)
"""Queues of the rows alone that the recipe leaves."""
KIND_WORDS = {
    "wrong": "Wrong", "contested": "Contested", "odd": "Like no label", "copies": "Copies differ",
}  # fmt: skip
AUDITED, BESIDE = 200, 50
HANDS_REST = "review/judged"


@dataclass(frozen=True)
class Served:
    """The rows of a queue as they were made; told: what the answers say; dealt: whether people get parts of them."""

    work: Work
    rows: np.ndarray
    told: Said = Said()
    dealt: bool = True


def draw(data: Dataset, of: Reviewed) -> np.ndarray:
    """Choose a queue, and work through it; returns its rows, int64."""
    on = labels.labelled(data, of) if of.label else None
    queues = [
        name for name in (*OF_LABELS[:5], SELECTED, LACKING, CUT, ALIKE)
        if (on is not None or name not in OF_LABELS) and not (on is not None and on.begun and name in OF_LABELS[:2])
    ]  # fmt: skip
    name = st.pills(
        "Queue", queues, default=queues[0], key=f"review/queue/{of.label}", required=True, label_visibility="collapsed"
    )
    if name == ALIKE:
        st.fragment(_alike, key="review/alike")(data)
        return data.rows()
    measured = on is not None and labels.measured(data, of)
    if name == DOUBTED and not measured:
        labels.measure(data, of)
        return data.rows()
    found = engine.labels.suspects(data, of.label, embedding=of.near, own=of.own_key) if measured else None
    served = _SERVES[str(name)](Work(data, of, on, found, left=_left(data) if name in LEFT else None))
    if served is None:
        return data.rows()
    if len(served.rows):
        _show(served, str(name))
    else:
        st.caption(_NOTHING[str(name)])
    return served.rows


def _left(data: Dataset) -> np.ndarray | None:
    """The rows that no step drops, bool, where the person wants no others; None for all."""
    gone = engine.recipe.dropped_at(state.run(), data.rows()) > 0
    if not gone.any():
        return None
    on = st.toggle(
        f"Only the {int((~gone).sum()):,} rows that the recipe leaves", value=True, key="review/left",
        help="Rows that a step drops need no eyes. Rows that you never keep by hand stay in the queue.",
    )  # fmt: skip
    return ~gone if on else None


def _show(served: Served, name: str) -> None:
    work, rows = served.work, served.rows
    if work.on is not None and name == OPEN:
        st.markdown(f"**{len(rows):,}** {'row' if len(rows) == 1 else 'rows'} to settle: choose the label that holds.")
    elif work.on is not None:
        words, figures, people = st.columns([6, 1.4, 1.3], vertical_alignment="center")
        with people:
            rows = sharing.dealt(work, rows) if served.dealt else rows
        with words:
            progress.said(work, served.rows, *filter(None, [served.told.words]))
        with figures:
            progress.details(work, served.told)
    # It begins with the first row that waits; from then on the reader knows where one is.
    begun = f"review/begun/{work.data.fingerprint}/{work.of.label}/{name}/{rows[0]}"
    waiting = rows[:0] if st.session_state.get(begun) else rows[~np.isin(rows, answered_by(work, work.of.annotator))]
    st.session_state[begun] = True
    reader(
        work.data, rows, key=f"review/{name}", columns=[work.of.label] if work.of.label in work.data.columns else [],
        hooks=answering.hooks(work, settling=name == OPEN, leads=name != AUDIT), height=640,
        why=answering.whys(work, settling=name == OPEN, leads=name != AUDIT) if work.on else None,
        version=f"{reading.said_of(work.data)}/{work.of.near}/{work.of.own_key}",
        focus=int(waiting[0]) if len(waiting) else None,
    )  # fmt: skip


def _doubted(work: Work) -> Served:
    found = work.found
    assert found is not None
    if work.of.own and (fault := engine.labels.model_fault(work.signs)):
        st.warning(fault, icon=":material/model_training:")
    there = np.ones(len(found.rows), bool) if work.left is None else work.left[found.rows]
    counts = {kind: int((there & (found.kind == i)).sum()) for i, kind in enumerate(KINDS)}
    kinds = [kind for i, kind in enumerate(KINDS) if (found.kind == i).any()]
    which, select = st.columns([5, 1.4], vertical_alignment="bottom")
    shown = which.segmented_control(
        "Kinds", kinds, default=kinds[:1], selection_mode="multi", key="review/kinds", label_visibility="collapsed",
        format_func=lambda kind: f"{KIND_WORDS[kind]} · {counts[kind]:,}",
    )  # fmt: skip
    rows = found.rows[there & np.isin(found.kind, [KINDS.index(kind) for kind in shown])]
    if select.button(
        f"Select {len(rows):,}", icon=":material/select_all:", key="review/select", width="stretch",
        disabled=not len(rows),
        help="All rows of these kinds: then drop or tag them above, or see them on the map.",
    ):  # fmt: skip
        words = " and ".join(KIND_WORDS[kind].lower() for kind in shown)
        take(engine.look.selection.listed(work.data, rows, f"{len(rows):,} labels of {work.of.label}: {words}"))
        st.rerun()
    return Served(work, rows, progress.depth(work, rows))


def _audited(work: Work) -> Served:
    size, width, how = st.columns([3, 2, 2], vertical_alignment="bottom")
    rows_ = size.slider(
        "Rows by chance", 20, 2000, AUDITED, 20, key="review/audit", help="More rows, a narrower interval."
    )
    wide = width.selectbox(
        "Enough when it is known to", list(progress.WIDTHS), index=1, format_func=lambda w: progress.WIDTHS[w],
        key="review/width",
    )  # fmt: skip
    by_class = how.toggle("As many of each label", key="review/by_class", help="So that rare labels can be told too.")
    rows = engine.labels.drawn(work.came, rows_, by_class=by_class)
    return Served(work, rows, progress.audited(work, rows, by_class, wide))


def _next(work: Work) -> Served | None:
    work, rows = asking.next_rows(work)
    return Served(work, rows) if work.of.embedding else None


def _sure(work: Work) -> Served | None:
    rows = asking.sure_rows(work)
    return Served(asking.likely_of_sure(work), rows, dealt=False) if work.of.embedding else None


def _lacking(work: Work) -> np.ndarray:
    """The rows that came without a label; those that are answered stay in the list."""
    return work.of_left(np.flatnonzero(work.labelled.came < 0))


def _selected(work: Work) -> Served:
    mask = state.selected()
    return Served(work, np.flatnonzero(mask) if mask is not None else np.empty(0, np.int64))


def _cut(work: Work) -> Served | None:
    """The rows next to a cut of the recipe, from both sides in turn."""
    steps = [
        (i, step, end) for i, step in enumerate(state.recipe().steps) if step.do == RANGE and step.on
        for end in ("low", "high") if step.params.get(end) is not None
    ]  # fmt: skip
    if not steps:
        st.caption("No step of the recipe cuts by a number.")
        link("clean", "Cut on Clean")
        return None
    which, again = st.columns([4, 1.4], vertical_alignment="bottom")
    place, step, end = which.selectbox(
        "Cut", steps, key="review/cut", format_func=lambda one: f"{one[0] + 1}. {one[1].label()}, its {one[2]} end"
    )
    if again.button("Look anew", icon=":material/refresh:", key="review/cut/again", width="stretch"):
        let_go(work, "cut")
    asked = (step.params["column"], step.params[end])
    return Served(work, held(work, "cut", asked, lambda: _beside(work.data, step, place, end)), dealt=False)


def _beside(data: Dataset, step: Step, place: int, end: str) -> np.ndarray:
    """Rows from both sides of a cut in turn, the nearest first, of those that come to the step."""
    went = engine.recipe.dropped_at(state.run(), data.rows())
    rows = np.flatnonzero((went <= 0) | (went > place))
    values, cut = data.numbers(str(step.params["column"])), float(cast(float, step.params[end]))
    return engine.look.around_cut(values, rows, cut, BESIDE)


def _alike(data: Dataset) -> None:
    """Groups of rows that are alike, judged by keys, at the threshold of the step on them, or the lowest."""
    if st.session_state.pop(HANDS_REST, False):
        st.rerun()
    keys = data.keys_of("pairs")[::-1]
    if not keys:
        st.caption("No pairs of rows that are alike were looked for yet.")
        link("clean", "Find duplicates on Clean")
        return
    key = st.selectbox("Found", keys, format_func=engine.building.title_of, key="review/pairs")
    on = duplicates.ground(state.run(), key)
    step = None if on.at is None else state.recipe().steps[on.at]
    threshold = float(cast(float, step.params.get("threshold", 1.0))) if step else data.pairs(key).lowest
    wish = duplicates.Wish()
    if step is not None:
        params = step.params
        wish = duplicates.Wish(params.get("by"), params.get("keep", "first"), params.get("most", 1))  # type: ignore[arg-type]
    said = "the step of the recipe" if step else "the lowest that was looked for; cut on Clean"
    st.caption(f"Alike at {threshold:.2f} or above: {plain(said)}.")
    judging.draw(on, threshold, wish, HANDS_REST)


_SERVES: Mapping[str, Callable[[Work], Served | None]] = {
    DOUBTED: _doubted,
    AUDIT: _audited,
    NEXT: _next,
    SURE: _sure,
    OPEN: lambda work: Served(work, engine.marks.settled(work.data, work.of.asked).open),
    SELECTED: _selected,
    LACKING: lambda work: Served(work, _lacking(work)),
    CUT: _cut,
}
_NOTHING = {
    DOUBTED: "No label is doubtful, of the kinds that are chosen.",
    AUDIT: "No row has a label.",
    NEXT: "Every text that is looked at has a label, is like one that has, or was looked at.",
    SURE: "The probe is sure of no row without a label. Label more, or ask for less than it was asked.",
    OPEN: "Nobody differs: rows that several people answer differently come here, to be settled.",
    SELECTED: "Nothing is selected. Select rows on Explore, then give them their labels here.",
    LACKING: "Every row has a label.",
    CUT: "No row comes to this step.",
}


def corrected(data: Dataset, of: Reviewed) -> None:
    """The column of corrected labels: made when asked, and again under the same name when more is answered."""
    label = of.asked
    found = engine.marks.settled(data, label) if label else None
    if found is None or not len(found.rows):
        return
    words, button = st.columns([3, 2], vertical_alignment="center")
    begun, all_ = label not in data.columns, f"{len(found.rows):,} answers"
    there = engine.labels.answered_column(data, label) if begun else engine.building.corrected_column(data, label)
    lacks = 0 if begun else engine.building.lacks(data, label)
    new = f"{lacks:,} {_what(data, label)}{'' if lacks == 1 else 's'}"
    stay = "" if begun else f"; the labels that came stay in {plain(label)}"
    if there and not lacks:
        out = "choose it on Export" if begun else "it goes out on Export"
        words.caption(f"{plain(there)} has all {all_}{stay}. Cut by it, colour by it, {out}.")
        return
    if there:
        words.caption(f"{plain(there)} lacks {new}{stay}.")
        name = f"Take up {new}"
    else:
        words.caption(f"{all_}. As a column they can be cut by, and go out with who said it and when.")
        name = "Make the column of answers" if begun else "Make the corrected column"
    if button.button(name, key="review/column", icon=":material/label:", width="stretch"):
        if begun:
            ref = engine.labels.corrections_ref(data, label)
            made = engine.building.spec("signal", engine.labels.ANSWERED, {"answers": ref})
            engine.building.build(data, {engine.building.key_of(made): made})
        else:
            engine.building.with_corrected(data, label)
        st.rerun()


def _what(data: Dataset, label: str) -> str:
    """What the corrected column of a label takes up: cells that were corrected in the reader count with answers."""
    return "change" if engine.marks.corrections(data, label) else "answer"
