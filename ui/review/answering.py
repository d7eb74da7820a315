"""What a row of the queue is asked and how an answer is kept: the labels that are offered, and what speaks for them."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

import engine
from engine import Dataset, EngineError
from ui.frame import reading, state
from ui.reader.book import Act, Hooks, Standing
from ui.review import beside
from ui.review.work import Work, answers_of
from ui.widgets.say import plain

MOST_LABELS = 5_000
KEYS = 9


def hooks(work: Work, *, settling: bool, leads: bool) -> Hooks:
    """What the reader asks of this page.

    settling: an answer is no further opinion, but says which of those holds. leads: whether it is said what is likely;
    where a share is told from the answers, nobody is to be led.
    """
    aside = beside.of(work) if leads else beside.place_only(work)
    common = replace(reading.hooks(work.data), focus=None, tags=(), aside=aside, spots=beside.spots(work))
    if work.on is None:
        return replace(common, tags=reading.hooks(work.data).tags)
    return replace(
        common,
        standing=partial(_standing, work, settling),
        act=partial(_act, work, settling),
        choices=partial(_choices, work, settling, leads),
        labels=sorted(work.names)[:MOST_LABELS],
    )


def whys(work: Work, *, settling: bool, leads: bool) -> Callable[[np.ndarray], list[str]]:
    """For rows, what the neighbours and the probe say of each; what people answered only where it is to be settled:
    who sees what others say follows them."""
    return partial(_whys, work, settling, leads)


def _choices(work: Work, settling: bool, leads: bool, rows: np.ndarray) -> list[list[str]]:
    """The label that came, then those that are likely, of a conflict then what was answered; few labels are offered
    all, and where none came always in the same order."""
    names, came = work.names, work.labelled.came
    said = _said(work, rows) if settling else {}
    offered = []
    for row in rows.tolist():
        likely = [code for code in (int(came[row]), *(likely_codes(work, row) if leads else ())) if code >= 0]
        if came[row] < 0 and len(names) <= KEYS:
            likely = []
        rest = names if len(names) <= KEYS else ()
        offered.append(list(dict.fromkeys([*(names[c] for c in likely), *said.get(row, []), *rest])))
    return offered


def likely_codes(work: Work, row: int) -> list[int]:
    """The labels that something speaks for, the likeliest first."""
    if work.found is None:
        return work.likely.get(row, [])
    signs = work.signs
    return [work.code(int(codes[row])) for codes in (signs.likely, signs.neighbours, signs.second)]


def _said(work: Work, rows: np.ndarray) -> dict[int, list[str]]:
    """The labels that people answered for rows."""
    some, found = set(rows.tolist()), dict[int, list[str]]()
    for answer in answers_of(work):
        if answer.label is not None and answer.row in some:
            found.setdefault(answer.row, []).append(answer.label)
    return found


def _whys(work: Work, settling: bool, leads: bool, rows: np.ndarray) -> list[str]:
    told = [list[str]() for _ in range(len(rows))]
    if work.found is not None and leads:
        names = work.data.codes(work.of.label)[1]
        signs = work.signs
        for one, row in zip(told, rows.tolist(), strict=True):
            if not np.isnan(agree := signs.agreement[row]):
                most = int(signs.neighbours[row])
                one.append(
                    f"neighbours: {agree:.0%} have its label" + (f", most say {names[most]}" if most >= 0 else "")
                )
            if not np.isnan(own := signs.confidence[row]) and signs.likely[row] >= 0:
                one.append(
                    f"{work.of.model.removeprefix('the ')}: {own:.0%} for it, likeliest {names[int(signs.likely[row])]}"
                )
    by_row: dict[int, list[str]] = {}
    for answer in answers_of(work) if settling else ():
        if answer.annotator:
            by_row.setdefault(answer.row, []).append(f"{answer.annotator}: {answer.label or 'unsure'}")
    return ["; ".join([*one, *by_row.get(row, [])]) for one, row in zip(told, rows.tolist(), strict=True)]


def _standing(work: Work, settling: bool, rows: np.ndarray) -> list[Standing]:
    """The verdict on each row, and what this person answered; of a conflict what settled it."""
    some, who = set(rows.tolist()), "" if settling else work.of.annotator
    mine = {a.row: a for a in answers_of(work) if a.annotator == who and a.row in some}
    return [
        replace(stands, answer=mine[row].label or "", unsure=mine[row].label is None) if row in mine else stands
        for row, stands in zip(rows.tolist(), reading.standing(work.data, rows), strict=True)
    ]


def _act(work: Work, settling: bool, act: Act) -> str:
    data, of = work.data, work.of
    if act.kind not in ("answer", "unsure", "unanswer"):
        return reading.by_hand(data, act)
    some = "The row" if len(act.rows) == 1 else f"{len(act.rows):,} rows"
    if act.kind == "unanswer":
        by = "" if settling else of.annotator
        engine.marks.unanswer(data, act.rows, of.asked, annotator=by, who=state.who())
        said = f"{some} without an answer again."
    else:
        label = act.text if act.kind == "answer" else None
        _check(data, work, label, settling)
        if settling and label is not None:
            engine.marks.settle(data, act.rows, of.asked, label, who=state.who())
        else:
            engine.marks.answer(
                data, act.rows, of.asked, label, annotator=of.annotator, seconds=act.seconds, who=state.who()
            )
        said = f"{some}: {label}." if label else f"{some}: unsure."
    state.was_told()
    return said


def _check(data: Dataset, work: Work, label: str | None, settling: bool) -> None:
    if label is not None and label not in work.names and label not in engine.marks.label_set(data.store, work.of.asked):
        raise EngineError(
            f"No label is called {plain(label)!r}. Choose one of the {len(work.names):,} that there are, or add it "
            "under “Labels” first."
        )
    if settling and label is None:
        raise EngineError("Unsure settles nothing. Choose the label that holds, or go on to the next row.")
