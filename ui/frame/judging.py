"""The groups, one at a time: read, judged by keys, selected for the map."""

from typing import get_args

import numpy as np
import streamlit as st

import engine
from engine.dataset import row_words
from engine.look import duplicates
from ui.frame import reading, state
from ui.frame.selection_bar import take
from ui.reader.groups import Act, Judged, Shelf, groups
from ui.widgets.say import link


def draw(on: duplicates.Ground, threshold: float, wish: duplicates.Wish, rests: str) -> None:
    """The groups at a threshold in the order that the person likes. rests: set in the session after what was done."""
    found = duplicates.groups_at(on, threshold, wish)
    if not found.groups:
        st.info(
            f"No row left is like another at {threshold:.2f} or above. Move the threshold down, or find another kind "
            "of likeness.",
            icon=":material/content_copy:",
        )
        return
    how, select, explore = st.columns([6, 3, 2], vertical_alignment="bottom")
    order: duplicates.Order = how.segmented_control(
        "Groups first", get_args(duplicates.Order), default="largest", format_func=str.capitalize,
        key="duplicates/order", required=True,
        help="Most doubtful: with the row that is least similar to the one that stays.",
    )  # fmt: skip
    if select.button(
        "Select all that go", icon=":material/select_all:", key="duplicates/select",
        width="stretch",
    ):  # fmt: skip
        _select(on, found.repeats, f"repeats at {threshold:.2f} or above")
        st.rerun()
    with explore:
        link("explore", "To the map", icon=":material/map:")

    def judged() -> None:
        st.session_state[rests] = True

    shelf = Shelf(
        on.data,
        found,
        duplicates.ordered(found, order),
        f"{on.digest}-{threshold}-{engine.store.digest_of([wish.by, wish.keep, wish.most, order])}",
        lambda rows: reading.standing(on.data, rows),
        lambda rows: _said(on, rows),
        lambda stay: np.isin(stay, np.r_[on.judged.first, on.judged.second, on.judged.stays]),
        lambda act: _done(on, threshold, act),
    )
    groups(
        shelf, key="duplicates/groups", pairs=f"{on.key} {threshold}", order=order,
        version=reading.said_of(on.data), on_act=judged,
    )  # fmt: skip


def _select(on: duplicates.Ground, rows: np.ndarray, what: str) -> None:
    take(engine.look.selection.listed(on.data, rows, f"{len(rows):,} rows: {what}"))


def _done(on: duplicates.Ground, threshold: float, act: Act) -> str:
    """Do what a person does with a group; says what was done."""
    who, data, others = state.who(), on.data, act.rows[act.rows != act.row]
    if act.kind == "undo":
        state.undo()
        said = str(st.session_state.pop("undone", ""))
    elif act.kind == "select":
        _select(on, act.rows, f"the group of {row_words(data, int(act.rows[0]))}")
        said = f"The {len(act.rows):,} rows of the group are selected: the map on Explore lights them."
    elif act.kind == "all":
        engine.marks.always_keep(data, act.rows, who=who)
        said = f"The {len(act.rows):,} rows of the group are always kept."
    elif act.kind == "keep":
        engine.marks.keep_this(data, act.row, others, who=who)
        said = _kept(on, threshold, act.row, others)
    else:
        others = others if act.row == act.rows[0] else act.rows[:1]
        engine.marks.tell_apart(data, act.row, others, who=who)
        what = f"{row_words(data, int(others[0]))} are" if len(others) == 1 else f"{len(others):,} others are"
        said = f"{row_words(data, act.row, begins=True)} and {what} not duplicates: none goes for the other."
    state.was_told()
    return said


def _kept(on: duplicates.Ground, threshold: float, row: int, others: np.ndarray) -> str:
    """Which of the others go for the row that is kept: only those that were verified to be like it."""
    like = engine.pairs.similarities(on.data.pairs(on.key), np.full(len(others), row), others)
    away = int((~(like >= np.float32(threshold))).sum())
    are = "is its duplicate" if len(others) == 1 else "are its duplicates"
    said = f"{row_words(on.data, row, begins=True)} stays; {len(others):,} {are}."
    if away == 1:
        said += f" One is not verified to be {threshold:.2f} like it: it goes for another row, or stays."
    elif away:
        said += f" {away:,} are not verified to be {threshold:.2f} like it: they go for another row, or stay."
    return said


def _said(on: duplicates.Ground, rows: np.ndarray) -> list[Judged]:
    """What was judged of each row and the first of them, and whether it was chosen to stay."""
    judged = on.judged
    ends = zip(judged.first.tolist(), judged.second.tolist(), judged.same.tolist(), strict=True)
    words = {frozenset((a, b)): "duplicates" if same else "different" for a, b, same in ends}
    chosen = np.isin(rows, judged.stays).tolist()
    return [
        Judged(words.get(frozenset((int(rows[0]), row)), ""), stays)
        for row, stays in zip(rows.tolist(), chosen, strict=True)
    ]
