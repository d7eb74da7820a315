"""The tab Duplicates: which pairs, what they come to, where to cut, and the groups themselves."""

import streamlit as st

import engine
from engine import Dataset
from engine.look import duplicates
from ui.clean.duplicates import by_source, cut, find
from ui.frame import judging, state
from ui.widgets.say import part, plain, share

HANDS_REST = "duplicates/judged"
SHOWN = 2
"""So many of the other kinds are named beside the numbers, the rest on the sign behind them."""


def draw(data: Dataset) -> None:
    """The tab; where no pairs are there, what they are for, and the form that finds some."""
    keys = data.keys_of("pairs")
    if not keys:
        find.first(data)
        return
    newest = f"duplicates/{data.name}/newest"
    if st.session_state.get(newest, keys[-1]) != keys[-1]:
        st.session_state["duplicates/key"] = keys[-1]  # just found: that is what one waits to see
    st.session_state[newest] = keys[-1]
    which, more = st.columns([5, 2], vertical_alignment="bottom")
    key = which.selectbox(
        "Found", keys[::-1], format_func=engine.building.title_of, key="duplicates/key",
        help="What was looked for, the newest first. Each kind of likeness is found once and kept.",
    )  # fmt: skip
    with more:
        find.offer(data)
    st.fragment(_looked_at, key="duplicates/fragment")(data, key)


def _looked_at(data: Dataset, key: str) -> None:
    """Everything about one kind of pairs; only what is judged or becomes a step draws the page around it again."""
    if st.session_state.pop(HANDS_REST, False):
        st.rerun()
    with part():
        on = duplicates.ground(state.run(), key)
        if not len(on.rows):
            st.info("The recipe leaves no rows. Switch a step off in the recipe to see repeats here.")
            return
        knobs, chart = st.columns([2, 3], gap="large")
        with knobs, part():
            threshold, wish = cut.chosen(on)
        with chart, part():
            cut.curve(on, threshold, wish)
        _summary(on, threshold, wish)
        by_source.draw(on, threshold, wish)
        judging.draw(on, threshold, wish, HANDS_REST)


def _summary(on: duplicates.Ground, threshold: float, wish: duplicates.Wish) -> None:
    """What is found at the threshold, in four numbers, and what else is known of the pairs."""
    found, notes = duplicates.groups_at(on, threshold, wish), on.data.artefact("pairs", on.key).notes
    gone, rows = len(found.repeats), len(on.rows)
    inside = gone + found.groups
    one, two, three, four = st.columns(4)
    one.metric(
        "Would go", f"{gone:,}", help=f"Of the {rows:,} rows that are left where the step stands: {share(gone, rows)}"
    )
    two.metric("Groups", f"{found.groups:,}", help="In each one row stays, and the others are verified to be like it")
    three.metric(f"Rows in groups ({share(inside, rows)})", f"{inside:,}", help=f"Of {rows:,} rows")
    four.metric("Largest group", f"{found.largest:,} rows" if found.groups else "none")
    facts, others = _facts(on, notes), _others(on)
    more = [f"and {len(others) - SHOWN} kinds more"] if len(others) > SHOWN else []
    st.caption(
        " · ".join(facts + others[:SHOWN] + more), help="\n".join(f"- {other}" for other in others[SHOWN:]) or None
    )


def _facts(on: duplicates.Ground, notes: "engine.registry.Json | object") -> list[str]:
    """Stored pairs, and how many were found of all that there are."""
    pairs, said = on.data.pairs(on.key), notes if isinstance(notes, dict) else {}
    facts = ["Equal rows, for which no pair has to be written down"]
    if len(pairs.first):
        facts = [f"{len(pairs.first):,} pairs stored, down to a similarity of {pairs.lowest:.2f}"]
    recall = said.get("recall")
    if isinstance(recall, dict) and recall.get("words"):
        facts.append(plain(str(recall["words"]).rstrip(".")))
    if crowd := duplicates.crowded(on):
        facts.append(
            f"{crowd:,} rows were not compared with all that may be like them, because those are too many: the step "
            "compares these rows again, and mostly drops more than is counted here"
        )
    return facts


def _others(on: duplicates.Ground) -> list[str]:
    """How many of the rows that other kinds find are found here too."""
    return [
        f"of {other.rows:,} rows in groups of {plain(engine.building.title_of(other.key).lower())}, "
        f"{share(other.both, other.rows)} are in groups here too"
        for other in duplicates.overlaps(on)
        if other.rows
    ]
