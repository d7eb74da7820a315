"""The tab Leaks: what to compare with, what was found, the step that drops it, the report, and the rows themselves."""

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from engine.look import KIND_WORDS, Crossings
from ui.clean.leaks import asking, beside, looking
from ui.frame import state
from ui.frame.selection_bar import take
from ui.frame.steps import add_step
from ui.widgets.say import part, plain, share

ASKED = "leaks/asked"
MOST_VALUES = 200
COUNT, RIGHT = st.column_config.NumberColumn(format="localized"), st.column_config.TextColumn(alignment="right")


def draw(data: Dataset) -> None:
    """The tab; before anything was looked for, the form and what it is for."""
    with part():
        wanted, place = asking.ask(data)
        name, asked = st.session_state.get(ASKED, ("", None))
        asked = asked if name == data.name else None
        if place.button(
            "Look for leaks", type="secondary" if wanted == asked else "primary", key="leaks/go", width="stretch",
            disabled=wanted is None,
        ):  # fmt: skip
            asked = wanted
            st.session_state[ASKED] = (data.name, asked)
        if asked is None:
            place.caption(
                "Finds rows that hold an item of the set word for word, with single words changed, or with words "
                "around it. Nothing is dropped by looking."
            )
            return
        if wanted is not None and wanted != asked:
            place.caption("Something above was changed since; what is shown below is what was looked for before.")
        found = looking.look(data, asked)
        st.fragment(_shown, key="leaks/fragment")(found)


def _shown(found: looking.Looked) -> None:
    """What was found; only what becomes a step or a selection draws the page around it again."""
    with part():
        at = engine.look.leaks_place(found.leaks, state.recipe())
        _summary(found, at)
        acts = st.container(horizontal=True, vertical_alignment="center")
        if len(found.leaks.found):
            with acts, part():
                _acts(found, at)
        else:
            _nothing(found)
        column = ""
        if len(found.leaks.found) or found.between:
            how, by = st.columns(2, gap="large")
            with how, part():
                _kinds(found)
                if found.between:
                    _between(found.between)
            with by, part():
                column = _values(found)
        with acts:
            _report(found, column)
        if len(found.leaks.found):
            beside.draw(found)


def _summary(found: looking.Looked, at: int | None) -> None:
    """Rows and items that were found, and the rows that would go; at: where the recipe has the step."""
    leaks = found.leaks
    rows, items = len(leaks.found), len(np.unique(leaks.items[leaks.kinds >= 0]))
    whole = len(leaks.other.texts)
    by_words = leaks.rows[leaks.shared.found]
    left = int(state.left()[by_words].sum())
    one, two, three = st.columns(3)
    one.metric(
        f"Rows that hold an item ({share(rows, len(leaks.rows))})", f"{rows:,}",
        help=f"Of {len(leaks.rows):,} rows that were looked at, whatever the recipe does with them.",
    )  # fmt: skip
    two.metric(
        f"Items found ({share(items, whole)})", f"{items:,} of {whole:,}",
        help="Different texts of the set. A row counts for the one that it shares most with, so of items that repeat "
        "each other some may stand in rows without being counted.",
    )  # fmt: skip
    if at is not None and state.recipe().steps[at].on:
        three.metric("Gone", f"{len(by_words) - left:,}", help=f"Rows that step {at + 1} or another one drops.")
    else:
        words = "Rows that share words with an item, of those that the recipe leaves."
        three.metric("Would go", f"{left:,}", help=words)
    if leaks.unfit:
        st.caption(
            f"{leaks.unfit:,} of the items have fewer than 5 words. They stand everywhere, and are looked for by "
            "meaning only."
        )


def _acts(found: looking.Looked, at: int | None) -> None:
    """Drop as a step, or select; where the recipe has the step already, it is said."""
    leaks = found.leaks
    by_words, meant = leaks.rows[leaks.shared.found], leaks.ordered("meaning")
    if at is not None:
        on = state.recipe().steps[at].on
        st.button(
            f"Step {at + 1} drops them" if on else f"Step {at + 1} would drop them, but is off",
            icon=":material/check:", key="leaks/there", disabled=True,
        )  # fmt: skip
    elif st.button(
        "Drop as a step", type="primary", icon=":material/filter_alt:", key="leaks/drop",
        disabled=not len(by_words),
        help="Drops every row that shares words with an item, here and on other data; the reason of each names "
        "the item and the words. Those found by meaning alone stay.",
    ):  # fmt: skip
        add_step(engine.look.leaks_step(leaks))
    if len(meant) and st.button(
        f"Drop the {len(meant):,} by meaning", icon=":material/filter_alt:", key="leaks/meant",
        help="A step that lists these rows: look at them first, it holds for this dataset only.",
    ):  # fmt: skip
        label = f"{len(meant):,} rows like items of {leaks.other.name}"
        add_step(engine.recipe.listed_step(leaks.data, meant, label, do="drop"))
    if st.button("Select them", icon=":material/select_all:", key="leaks/select"):
        said = f"{len(leaks.found):,} rows that hold items of {leaks.other.name}"
        take(engine.look.selection.listed(leaks.data, leaks.found, said))
        st.rerun()


def _nothing(found: looking.Looked) -> None:
    """Nothing was found: what was looked for, and what such a look cannot find."""
    leaks = found.leaks
    looked = len(leaks.other.texts) - leaks.unfit
    if not looked:
        st.warning(
            f"All {leaks.unfit:,} items have fewer than 5 words, so none could be looked for by words. Choose another "
            "column as the text of the set, or look by meaning too.",
            icon=":material/short_text:",
        )
        return
    said = (
        f"None of {len(leaks.rows):,} rows holds one of the {looked:,} items that were looked for. Not found would be "
        "translations, free rewording, items of which every fourth word is another, and parts of an item shorter than "
        f"a run of {leaks.least:,} {leaks.unit}."
    )
    st.success(said, icon=":material/verified:")
    known = leaks.words_known()
    if known < 0.3:
        st.warning(
            f"Only {known:.0%} of the set's words occur in the rows at all. It may be in another language, or another "
            "column may be its text. Choose its text above; across languages only an embedding of a model that knows "
            "both can help.",
            icon=":material/translate:",
        )


def _kinds(found: looking.Looked) -> None:
    counts = found.leaks.counts()
    shown = [kind for kind in KIND_WORDS if kind != "meaning" or not np.isnan(found.leaks.similarity).all()]
    st.markdown("**How they hold it**")
    table = {
        "How": [KIND_WORDS[kind].capitalize() for kind in shown],
        "Rows": [counts[kind][0] for kind in shown],
        "Items": [counts[kind][1] for kind in shown],
    }
    st.dataframe(table, hide_index=True, width="stretch", column_config=dict.fromkeys(("Rows", "Items"), COUNT))


def _values(found: looking.Looked) -> str:
    """Rows and leaks of each value of a column; returns the column, "" for none."""
    columns = engine.look.group_columns(found.leaks.data)
    if not columns:
        return ""
    column = st.selectbox("**Which rows, by**", columns, key="leaks/values")
    lines = found.leaks.by(column)
    shown = lines[:MOST_VALUES]
    table: dict[str, list[str] | list[int]] = {
        "Value": [label for label, _, _ in shown],
        "Rows": [rows for _, rows, _ in shown],
        "Leaks": [leaks for _, _, leaks in shown],
        "Share": [share(leaks, rows) for _, rows, leaks in shown],
    }
    st.dataframe(
        table, hide_index=True, width="stretch", height=min(35 * (len(shown) + 1) + 2, 388),
        column_config={"Rows": COUNT, "Leaks": COUNT, "Share": RIGHT},
    )  # fmt: skip
    if len(lines) > MOST_VALUES:
        st.caption(f"{len(lines) - MOST_VALUES:,} more values are not shown here.")
    return column


def _between(found: Crossings) -> None:
    st.markdown(
        f"**Between all parts of {plain(found.column)}**",
        help="Rows of the part at the left that share words with a row of the part above.",
    )
    table: dict[str, list[str]] = {
        "Rows of": [name for name, _ in found.parts],
        "Rows": [f"{rows:,}" for _, rows in found.parts],
    }
    for there, (name, _) in enumerate(found.parts):
        column = found.found[:, there].tolist()
        table[f"in {name}"] = ["" if here == there else f"{n:,}" for here, n in enumerate(column)]
    st.dataframe(table, hide_index=True, width="stretch", column_config=dict.fromkeys(list(table)[1:], RIGHT))


def _report(found: looking.Looked, column: str) -> None:
    st.download_button(
        "Download the report (HTML)",
        lambda: engine.look.leaks_page(found.leaks, by=column, between=found.between).encode(errors="replace"),
        f"leaks-{found.leaks.data.name}.html",
        "text/html",
        icon=":material/download:",
        key="leaks/report",
        on_click="ignore",
        help="One file with these tables and the first 200 leaks, their words marked. It opens anywhere and runs "
        "no script.",
    )
