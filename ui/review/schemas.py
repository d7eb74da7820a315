"""The view Schemas of the page Review: which label of one set is which of another, edited, and the joined column."""

from collections.abc import Sequence
from typing import cast

import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.labels import LabelMap, LabelSet, Proposal
from ui.review.labels import Reviewed
from ui.widgets.say import link, part, plain

COLUMNS, SOURCES = "Two columns of labels", "One column, of several sources"
SAME, PART, NONE = "same", "part of", "none"
MOST_SOURCES = 200
STAY, GO = "stay as they are", "go missing"


def draw(data: Dataset, of: Reviewed) -> None:
    """Choose two sets of labels, look at what each label of the one is in the other, edit it, make the column."""
    st.caption(
        "Two sets name the same things in other words. What each label of the one is in the other is proposed by texts "
        "that have both, or by what their texts mean; a new column then speaks the words of one set."
    )
    if of.label not in data.columns:
        st.info("There is no column of labels yet. Choose one above, or answer some rows and make the column first.")
        return
    if not of.embedding:
        st.info("Labels are compared by what their texts mean. Prepare the corpus on Open, then come back.")
        link("open", "Prepare on Open")
        return
    sets = _sets(data, of.label)
    if sets:
        with part():
            _table(data, of, *sets)


def _sets(data: Dataset, label: str) -> tuple[LabelSet, LabelSet, tuple[LabelSet, ...]] | None:
    """The set that is told, the one in whose words, and all that share a column with the first."""
    others = [key for key in engine.labels.label_columns(data) if key != label]
    sources = [key for key in others if data.columns[key].origin != "edit" and len(data.codes(key)[1]) <= MOST_SOURCES]
    sources.sort(key=lambda key: data.columns[key].role != "source")
    if not others:
        st.info(
            f"{plain(label)} is the only column of labels, and no column says which source a row is of. Open files of "
            "several sets together, or add a column of other labels."
        )
        return None
    ways = [COLUMNS, *([SOURCES] if sources else [])]
    first_way = SOURCES if sources and data.columns[sources[0]].role == "source" else COLUMNS
    way = st.radio("The sets are", ways, ways.index(first_way), horizontal=True, key=f"review/schemas/way/{label}")
    if way == COLUMNS:
        other = st.selectbox(
            f"{plain(label)} in the words of", others, key=f"review/schemas/other/{label}",
            help="The labels of the column above are told in the words of this one.",
        )  # fmt: skip
        return engine.labels.set_of(data, label), engine.labels.set_of(data, str(other)), ()
    which, one, two = st.columns(3)
    source = str(which.selectbox("Source", sources, key=f"review/schemas/source/{label}"))
    sets = engine.labels.sets_in(data, label, source)
    if len(sets) < 2:
        st.info(f"Labels of {plain(label)} stand in {len(sets)} of {plain(source)}. Choose another column of sources.")
        return None
    names = [each.name for each in sets]
    key = f"review/schemas/{label}/{source}"
    first = one.selectbox("Labels of", names, 0, key=f"{key}/first")
    second = two.selectbox("in the words of", names, 1, key=f"{key}/second")
    if first == second:
        st.info("These are one set. Choose another on either side.")
        return None
    return sets[names.index(first)], sets[names.index(second)], sets


def _table(data: Dataset, of: Reviewed, first: LabelSet, second: LabelSet, shared: tuple[LabelSet, ...]) -> None:
    found = _proposed(data, of, first, second)
    if not found:
        st.info(f"No label of {plain(first.name)} stands on a text. Choose another set.")
        return
    key = f"{data.fingerprint}/{of.label}/{first.name}/{second.name}"
    wanted = _edited(found, second, key)
    name, rest = st.columns([3, 2], vertical_alignment="bottom")
    column = name.text_input("Name of the new column", f"{of.label} as {second.name}", key=f"review/schemas/name/{key}")
    without = rest.radio(
        "Labels without a match", [STAY, GO], horizontal=True, key="review/schemas/rest",
        help="Those whose choice is none: they stay in their own words, or become missing in the new column.",
    )  # fmt: skip
    chosen = LabelMap(tuple(wanted.items()), "stay" if without == STAY else "go missing")
    left = len(found) - len(wanted)
    rest_said = f"; {left:,} {without}." if left else "."
    st.markdown(f"**{len(wanted):,}** labels become **{len(set(wanted.values())):,}**" + rest_said)
    _make(data, of.label, column.strip(), engine.labels.over_all(chosen, first, shared))


def _proposed(data: Dataset, of: Reviewed, first: LabelSet, second: LabelSet) -> tuple[Proposal, ...]:
    """The proposals, made once: no row of the table moves under the hands."""
    asked = (data.fingerprint, of.label, of.embedding, first.name, second.name, first.labels, second.labels)
    kept = st.session_state.get("review/schemas/found")
    if kept is None or kept[0] != asked:
        with st.spinner("Comparing the labels"):
            kept = (asked, engine.labels.proposals(data, first, second, of.embedding))
        st.session_state["review/schemas/found"] = kept
    return cast(tuple[Proposal, ...], kept[1])


def _edited(found: Sequence[Proposal], second: LabelSet, key: str) -> dict[str, str]:
    """The table as the person leaves it: label → what it becomes, of those that are the same or a part."""
    table: dict[str, list[object]] = {
        "Label": [p.label for p in found],
        "Choice": [_choice(p) for p in found],
        "Becomes": [p.to for p in found],
        "How": [f"{p.shared:,.0f} shared rows" if p.by == "shared rows" else f"meaning of {p.texts:,}" for p in found],
        "Strength": [100 * p.share for p in found],
        "Interval": [f"{100 * low:.0f} to {100 * high:.0f}%" for low, high in (p.interval for p in found)],
        "Or": [", ".join(p.parts) or p.second for p in found],
    }
    config = st.column_config
    edited = st.data_editor(
        table, hide_index=True, width="stretch", disabled=["Label", "How", "Strength", "Interval", "Or"],
        key=f"review/schemas/table/{key}", height=min(35 * (len(found) + 1) + 2, 480),
        column_config={
            "Choice": config.SelectboxColumn(
                options=[SAME, PART, NONE], required=True,
                help="Same: one thing, two names. Part of: one of several that the other holds. None: no match.",
            ),
            "Becomes": config.SelectboxColumn(options=list(second.labels), required=True),
            "How": config.TextColumn(help="Texts that have a label of both sets tell most; else what its texts mean."),
            "Strength": config.NumberColumn(format="%.0f%%", help="The share of these texts that speaks for it."),
            "Interval": config.TextColumn(help="Where that share lies in 95 of 100 such samples."),
            "Or": config.TextColumn(help="What it may be besides; several where it holds them together."),
        },
    )  # fmt: skip
    rows = zip(found, edited["Choice"], edited["Becomes"], strict=True)
    return {p.label: str(to) for p, choice, to in rows if choice != NONE}


def _choice(p: Proposal) -> str:
    """What is proposed: none where it is not clear, or hardly any text speaks for it."""
    if not engine.labels.map_of([p]).pairs:
        return NONE
    return {"same": SAME, "part of": PART}.get(p.kind, NONE)


def _make(data: Dataset, label: str, name: str, whole: LabelMap) -> None:
    """The button that makes the column, or takes it away again."""
    if not any(old != new for old, new in whole.pairs):
        st.caption("Nothing would change: choose same or part of for a label that becomes another.")
        return
    made, there = engine.building.spec("edit", "relabel", whole.params(), on=label), data.added.get(name)
    if there and there.spec == made:
        said, button = st.columns([3, 2], vertical_alignment="center")
        said.caption(
            f"{plain(name)} has this map; {plain(label)} is as it was. Choose {plain(name)} above to review it."
        )
        if button.button("Take the column away", icon=":material/undo:", key="review/schemas/away", width="stretch"):
            standing = engine.dataset.standing_on(data.store, name)
            if more := [item.what for item in standing if item.what != name]:
                raise EngineError(f"On {name!r} stand {', '.join(more[:3])}. Remove them on Open first, or keep it.")
            engine.dataset.clean(standing)
            st.rerun()
        return
    ours = there is not None and (there.spec.member, there.spec.on) == ("relabel", label)
    if not name or name in data.columns and not ours:
        st.caption(f"There is a column called {plain(name)} already. Give another name." if name else "Give it a name.")
        return
    words = "Make it anew with this map" if ours else "Make the joined column"
    if st.button(words, type="primary", icon=":material/join:", key="review/schemas/make"):
        with st.spinner("Making the column"):
            engine.building.build(data, {name: made})
        st.rerun()
