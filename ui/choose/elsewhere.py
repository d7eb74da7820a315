"""Helpers for a small set of examples: rows of other datasets of the workspace that are like them, as a file."""

from typing import Literal, cast

import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.look import Elsewhere
from ui.frame import state
from ui.widgets.say import message, plain

KEY, SHOWN = "elsewhere", 100
MOST = 10_000
KINDS: tuple[Literal["parquet", "jsonl"], ...] = ("parquet", "jsonl")
BYS: dict[Literal["mean", "nearest"], str] = {"mean": "All examples", "nearest": "The nearest one"}


def draw(data: Dataset, ref: str, embedding: str) -> None:
    """Where to look and the button that looks; then the rows, each beside the example that it is like."""
    others = {store.folder.name: store for store in state.stores() if store.folder != data.store.folder}
    if not embedding or not others:
        return
    with st.expander(
        "More like these in other datasets", icon=":material/travel_explore:", key=KEY, on_change="rerun"
    ) as shown:
        if not shown.open:
            return
        chosen = st.multiselect("Look in", list(others), list(others), key=f"{KEY}/in")
        many, like = st.columns(2)
        most = int(many.number_input("Rows", 1, MOST, 200, 50, key=f"{KEY}/most"))
        by = like.selectbox(
            "Like", list(BYS), format_func=BYS.__getitem__, key=f"{KEY}/by",
            help="All examples of a target, on average; or any one of them, where they are of many kinds.",
        )  # fmt: skip
        copies = st.toggle(
            "Copies too", key=f"{KEY}/copies",
            help="Rows that are an example, or 0.95 alike. Left out else: they teach nothing new, and may be leaks.",
        )  # fmt: skip
        asked = engine.store.digest_of([ref, embedding, chosen, most, by, copies])
        held = st.session_state.get(f"{KEY}/found")
        if st.button("Look through them", key=f"{KEY}/go", icon=":material/search:", disabled=not chosen):
            try:
                with st.spinner("Looking through other datasets…"):
                    there = [Dataset.load(others[name]) for name in chosen]
                    found = engine.look.elsewhere(data, ref, there, most=most, by=by, copies=copies)
            except EngineError as error:
                message(error)
                return
            held = st.session_state[f"{KEY}/found"] = (asked, found)
        if held is not None and held[0] == asked:
            _found(cast(Elsewhere, held[1]))


def _found(found: Elsewhere) -> None:
    st.dataframe(
        {
            "To the example": [one.similarity for one in found.found[:SHOWN]],
            "Dataset": [one.dataset for one in found.found[:SHOWN]],
            "Row": [one.text for one in found.found[:SHOWN]],
            "Like the example": [one.example for one in found.found[:SHOWN]],
        },
        hide_index=True, height=320, key=f"{KEY}/table",
        column_config={"To the example": st.column_config.NumberColumn(format="%.3f")},
    )  # fmt: skip
    st.caption("The best first, by all examples. “To the example” is the similarity to the one that is most like it.")
    said = [f"{len(found.found):,} rows" + (f", the first {SHOWN} shown." if len(found.found) > SHOWN else ".")]
    if found.copies:
        said.append(f"Copies of an example (0.95 alike or more, perhaps leaks): {len(found.copies):,}.")
    said += [
        f"{one.dataset}: {one.texts:,} texts looked through." if one.embedding else f"{one.dataset}: {one.why_not}"
        for one in found.searched
    ]
    st.caption(plain(" ".join(said)))
    for kind, place in zip(KINDS, st.columns(2), strict=True):
        place.download_button(
            f"As {'Parquet' if kind == 'parquet' else 'lines of JSON'}",
            found.written(kind),
            f"like the examples.{kind}", key=f"{KEY}/{kind}", icon=":material/download:", width="stretch",
            on_click="ignore", help="With a column for the dataset and one for the key of each row. Open it on Open.",
        )  # fmt: skip
