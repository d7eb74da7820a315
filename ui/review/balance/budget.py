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
    which, many, go = st.columns([2.6, 1.3, 1.7], vertical_alignment="bottom")
    group = which.selectbox(
        "Groups by", columns, columns.index(of.label), key=f"{_KEY}/column/{of.label}",
        help="Such as the source, the speaker or the label itself.",
    )  # fmt: skip
    budget = int(many.number_input("Labels to deal out", 10, 1_000_000, 500, 10, key=f"{_KEY}/rows"))
    graph = classes.digest(data, of)
    asked = engine.store.digest_of([graph, group, data.info(group).identity])
    held = f"{_KEY}/seen/{asked}"
    if go.button(
        "See how they learn", type="primary", icon=":material/trending_up:", key=f"{_KEY}/go", width="stretch",
        disabled=held in st.session_state,
        help="A small model is taught again and again by a growing part of each group's labels, beside all labels of "
        "the others, and tried on rows that it has not seen. Takes seconds for a few groups, a minute for "
        "a hundred and more.",
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
    then: dict[str, list[float]] = {way.way: _expected(seen, way) for way in ways}
    mean = {name: sum(values) / len(values) for name, values in then.items()}
    with st.container(horizontal=True, gap="large"):
        now = [one.right.value for one in seen.groups]
        st.metric(
            "Now", f"{sum(now) / len(now):.1%}", width="content",
            help=f"Told rightly, in the mean of groups. The worst group: {min(now):.1%}.",
        )  # fmt: skip
        for name, values in then.items():
            st.metric(
                WAYS[name], f"{mean[name]:.1%}", width="content",
                help=f"Expected in the mean of groups. The worst group: {min(values):.1%}.",
            )  # fmt: skip
    best = max(("equal", "proportional"), key=lambda name: mean[name])
    if mean["by learning"] - mean[best] < 0.005:
        st.caption(
            f"Dealing by learning is expected to bring less than half a percent more than the {WAYS[best].lower()} "
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


def _expected(seen: GroupsSeen, way: Allotted) -> list[float]:
    """Told rightly in each group with its share: what was measured, and what its curve gains from there; 1 at most."""
    return [
        min(one.right.value + one.curve.at(one.labelled) - share.loss, 1.0)
        for one, share in zip(seen.groups, way.shares, strict=True)
    ]


def _table(seen: GroupsSeen, ways: tuple[Allotted, ...]) -> None:
    number, ours = st.column_config.NumberColumn, ways[0]
    columns: dict[str, list[object]] = {
        "Group": [one.group for one in seen.groups],
        "Labels so far": [one.labelled for one in seen.groups],
        "Told rightly now": [100 * one.right.value for one in seen.groups],
        "95% interval": [f"{one.right.low:.0%} to {one.right.high:.0%}" for one in seen.groups],
    }
    shown = {
        "Group": st.column_config.TextColumn(pinned=True),
        "Labels so far": number(format="localized", help="Texts that have a label; the same text counts once"),
        "Told rightly now": number(
            format="%.0f%%", help="On its rows, each held out: what four fifths of all labels teach"
        ),
        "A guess": st.column_config.CheckboxColumn(
            help=f"By learning: its curve is asked beyond {FAR} times the labels that it was measured with"
        ),
    }
    for way in ways:
        name, then = WAYS[way.way], f"then, {WAYS[way.way].lower()}"
        columns[name] = [one.more for one in way.shares]
        columns[then] = [100 * value for value in _expected(seen, way)]
        shown[name] = number(format="localized", help="Labels more for this group, of the budget")
        shown[then] = number(
            format="%.1f%%", help="Expected with them: told rightly now, and what its curve gains from there"
        )
    columns["A guess"] = [
        one.labelled + share.more > FAR * one.curve.seen[1] for one, share in zip(seen.groups, ours.shares, strict=True)
    ]
    st.dataframe(
        columns, hide_index=True, width="stretch", height=min(38 + 35 * len(seen.groups), 460), key=f"{_KEY}/table",
        column_config=shown,
    )  # fmt: skip
