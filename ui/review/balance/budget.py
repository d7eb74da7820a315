"""A budget of labels dealt out over groups, by how each was seen to learn, beside an even and a proportional deal."""

from typing import cast

import streamlit as st

import engine
from engine import Dataset
from engine.labels import Allotted, GroupsSeen
from ui.review.balance import classes
from ui.review.labels import Reviewed
from ui.widgets.say import plain

_KEY = "review/balance/budget"
WAYS = {"by learning": "By learning", "equal": "Even", "proportional": "Proportional"}
FAR = 2
"""So many times the labels that were seen: beyond it a curve is a guess."""


def draw(data: Dataset, of: Reviewed) -> None:
    """Choose groups and a budget; measure how groups learn when asked; deal out."""
    columns = list(dict.fromkeys([*engine.look.group_columns(data), of.label]))
    which, many, go = st.columns([3, 1.2, 1.6], vertical_alignment="bottom")
    group = which.selectbox(
        "Groups by", columns, columns.index(of.label), key=f"{_KEY}/column/{of.label}",
        help="Such as the source, the speaker or the label itself.",
    )  # fmt: skip
    budget = int(many.number_input("Labels to deal out", 10, 1_000_000, 500, 10, key=f"{_KEY}/rows"))
    graph = classes.digest(data, of)
    asked = engine.store.digest_of([graph, group, data.info(group).identity])
    held = f"{_KEY}/seen/{asked}"
    if go.button(
        "See how groups learn", type="primary", icon=":material/trending_up:", key=f"{_KEY}/go", width="stretch",
        disabled=held in st.session_state,
        help="A small model is taught again and again by a growing part of each group's labels, beside all labels of "
        "the others, and tried on rows that it has not seen. Seconds for ten groups, half a minute for 150.",
    ):  # fmt: skip
        with st.spinner("Teaching a small model by parts of each group…", show_time=True):
            st.session_state[held] = engine.labels.seen_by_group(data, of.label, group, of.embedding)
        st.rerun()
    if held not in st.session_state:
        st.info(
            "How many labels a group needs is seen from how it learns: measure that first. It takes a while, so it "
            "waits for the button.", icon=":material/trending_up:",
        )  # fmt: skip
        return
    _deal(cast(GroupsSeen, st.session_state[held]), group, budget)


def _deal(seen: GroupsSeen, group: str, budget: int) -> None:
    """The three deals of a budget, side by side."""
    free = {one.group: one.free for one in seen.groups}
    room = free if any(free.values()) else None
    ways = engine.labels.allot(
        {one.group: one.curve for one in seen.groups},
        {one.group: one.labelled for one in seen.groups},
        budget,
        room=room,
    )
    with st.container(horizontal=True, gap="large"):
        for way in ways:
            st.metric(
                WAYS[way.way], f"{1 - way.loss:.1%}", width="content",
                help=f"Told rightly, expected in the mean of groups. The worst group: {1 - way.worst:.1%}.",
            )  # fmt: skip
    ours, equal, proportional = ways
    best = max((equal, proportional), key=lambda way: -way.loss)
    if best.loss - ours.loss < 0.005:
        st.caption(
            f"Dealing by learning is expected to bring under half a percent more than the {WAYS[best.way].lower()} "
            "deal: here the simpler one does."
        )
    _table(seen, ways)
    if room is None:
        st.caption("Every text of these groups has a label: the budget is for rows that you collect.")
    else:
        st.caption(f"No group gets more than it has texts without a label, {sum(free.values()):,} in all.")
    st.caption(
        "Expected figures go on from a curve through four measured sizes. The further beyond the labels that are "
        "there, the more they are a guess; they hold for a small linear model."
    )
    if seen.few:
        names = ", ".join(f"{plain(name)} {count:,}" for name, count in seen.few[:8]) + (" …" if seen.few[8:] else "")
        st.caption(f"Not measured, as fewer than 20 texts have a label, or beyond the 200 largest: {names}.")


def _table(seen: GroupsSeen, ways: tuple[Allotted, ...]) -> None:
    ours, equal, proportional = ways
    far = [
        one.labelled + share.more > FAR * one.curve.seen[1] for one, share in zip(seen.groups, ours.shares, strict=True)
    ]
    number = st.column_config.NumberColumn
    st.dataframe(
        {
            "Group": [one.group for one in seen.groups],
            "Labels so far": [one.labelled for one in seen.groups],
            "Told rightly now": [one.right.value for one in seen.groups],
            "95% interval": [f"{one.right.low:.0%} to {one.right.high:.0%}" for one in seen.groups],
            "More by learning": [one.more for one in ours.shares],
            "expected then": [1 - one.loss for one in ours.shares],
            "A guess": far,
            "More when even": [one.more for one in equal.shares],
            "expected when even": [1 - one.loss for one in equal.shares],
            "More in proportion": [one.more for one in proportional.shares],
            "expected in proportion": [1 - one.loss for one in proportional.shares],
        },
        hide_index=True, width="stretch", height=min(38 + 35 * len(seen.groups), 460), key=f"{_KEY}/table",
        column_config={
            "Group": st.column_config.TextColumn(pinned=True),
            "Labels so far": number(format="localized", help="Texts that have a label; the same text counts once"),
            "Told rightly now": number(
                format="percent", help="On its rows, each held out: what four fifths of all labels teach"
            ),
            "More by learning": number(format="localized"), "expected then": number(format="percent"),
            "A guess": st.column_config.CheckboxColumn(
                help=f"Its curve is asked beyond {FAR} times the labels that it was measured with"
            ),
            "More when even": number(format="localized"), "expected when even": number(format="percent"),
            "More in proportion": number(format="localized"), "expected in proportion": number(format="percent"),
        },
    )  # fmt: skip
