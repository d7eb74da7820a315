"""Find duplicates: which kind of likeness, with its knobs and what it costs; it runs as a job."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

import engine
from engine import Dataset
from engine.look import duplicates
from ui.frame import jobs
from ui.widgets import charts, form
from ui.widgets.say import part, plain


def first(data: Dataset) -> None:
    """What duplicates are about, and the form, where nothing was looked for yet."""
    words, knobs = st.columns([2, 3], gap="large")
    words.markdown(
        "**Nothing was looked for yet.** Choose what counts as alike and find it once; then move a threshold freely, "
        "read the groups, judge them, and make it a step.\n\n"
        "No row goes without a witness: each names a row that stays, and the two were verified to be as similar as you "
        "ask. Rows that only hang together over others stay."
    )
    with knobs, st.container(border=True), part():
        _form(data, "duplicates/first")


def offer(data: Dataset) -> None:
    """The form, folded away, where some are found already."""
    with _menu("Find others", "duplicates/more", ":material/content_copy:") as seen:
        if seen:
            _form(data, "duplicates/more")


def lower(data: Dataset, key: str, lowest: float) -> None:
    """The form as it was filled in for these pairs, so that they are looked for further down; with what that costs."""
    made = data.artefact("pairs", key).spec
    with _menu(f"Look below {lowest:.2f}", f"duplicates/lower/{key}", ":material/arrow_downward:") as seen:
        if seen:
            st.caption(
                f"Pairs were looked for down to a similarity of {lowest:.2f}; what is less alike was not written down. "
                "Find them again with a lower threshold: these stay as they are."
            )
            _form(data, f"duplicates/lower/{key}", made.member, made.params)


@contextmanager
def _menu(label: str, key: str, icon: str) -> Iterator[bool]:
    """A form's place; gives whether it is open. It closes once a job was started from it."""
    if st.session_state.pop(f"{key}/started", False):
        st.session_state[f"{key}/open"] = False
    with st.popover(label, icon=icon, width="stretch", key=f"{key}/open", on_change="rerun") as menu, part():
        yield bool(menu.open)


def _form(data: Dataset, key: str, member_name: str = "", given: Mapping[str, object] | None = None) -> None:
    members = engine.pairs.PAIRS
    if member_name:
        member = members[member_name]
    else:
        there = {engine.Key.read(found).name for found in data.keys_of("pairs")}
        member = form.choose(members, key, "What counts as alike", next((n for n in members if n not in there), ""))
    values = form.fields(member, data, key, given)
    if not form.complete(member, values):
        st.info("This kind stands on an embedding. Embed the corpus on the Open page first.")
        return
    made = engine.building.spec("pairs", member.name, values)
    _expected(data, made, key)
    found = engine.building.key_of(made)
    if found in data.added:
        st.caption("This was found already: choose it above, or change what is asked for.")
    else:
        st.caption(f"Takes {plain(engine.building.cost(data, made).words())}.")
    if st.button("Find them", type="primary", disabled=found in data.added, key=f"{key}/go", width="stretch"):
        st.session_state[f"{key}/started"] = True
        jobs.start(data, {found: made}, f"Find {member.title.lower()}")


def _expected(data: Dataset, made: "engine.Spec", key: str) -> None:
    """What the search will find and look at in vain, with the curve behind it."""
    found = duplicates.expected_of(data, made)
    if found is None:
        return
    st.caption(
        f"Will find about {found.found:.1%} of the pairs at {found.threshold:.2f}, and more of those that are more "
        f"alike. About {found.false:,.0f} less alike pairs are looked at in vain ({found.bands.words()})."
    )
    with st.expander("How likely two rows meet", key=f"{key}/curve"):
        at, chance = zip(*found.curve, strict=True)
        charts.line(at, chance, f"{key}/s", x="Similarity", y="Chance to be compared", ticks=".1f")
