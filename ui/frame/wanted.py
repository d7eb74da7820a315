"""Examples of what is wanted: typed, from a file, the selection, or rows of groups, each a target of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

import engine
from engine import Dataset
from ui.frame import state

TYPED, FILE, SELECTION, GROUP = "Typed", "A file", "The selection", "Rows of a group"
MOST = 2_000
"""Rows of a selection or a group that are taken as examples; more hardly change what is chosen."""
SHOWN = 500


@dataclass(frozen=True)
class Given:
    """Examples as somebody gave them. texts, rows (int64): by the target that they belong to."""

    texts: Mapping[str, list[str]] = field(default_factory=dict)
    rows: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(map(len, self.texts.values())) or any(map(len, self.rows.values()))


def ask(data: Dataset, key: str) -> tuple[str, Given]:
    """Texts or rows as somebody gives them, and what they are called. key: what tells these widgets from others."""
    how = st.segmented_control(
        "From", (TYPED, FILE, SELECTION, GROUP), default=TYPED, key=f"{key}/how", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    return {TYPED: _typed, FILE: _file, SELECTION: _selection, GROUP: _group}[str(how)](data, key)


def ref_of(data: Dataset, key: str, name: str, given: Given, embedding: str = "") -> str:
    """The ref of examples as they were given, made once. embedding: of which their vectors go along, "" for none."""
    asked = engine.store.digest_of([
        data.fingerprint, name, embedding and data.artefact("embedding", embedding).identity, dict(given.texts),
        {of: rows.tolist() for of, rows in given.rows.items()},
    ])  # fmt: skip
    held = st.session_state.get(f"{key}/ref")
    if held is None or held[0] != asked:
        with st.spinner("Embedding the examples…" if embedding else "Reading the examples…"):
            held = (asked, engine.recipe.examples_ref(data, name, given.texts, rows=given.rows, embedding=embedding))
        st.session_state[f"{key}/ref"] = held
    return str(held[1])


def _typed(data: Dataset, key: str) -> tuple[str, Given]:
    text = st.text_area(
        "One example a line", key=f"{key}/typed", height=140,
        placeholder="how do I get my money back\nmy parcel never arrived",
    )  # fmt: skip
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "typed examples", Given({"typed": lines} if lines else {})


def _file(data: Dataset, key: str) -> tuple[str, Given]:
    given = st.file_uploader(
        "Texts, one a line, or CSV, JSON lines or Parquet", ["txt", "csv", "tsv", "jsonl", "json", "parquet"],
        key=f"{key}/file", help="Nothing of it becomes a row; it goes with the recipe.",
    )  # fmt: skip
    if given is None:
        return "", Given()
    held = st.session_state.get(f"{key}/read")
    if held is None or held[0] != given.file_id:
        held = (given.file_id, engine.opening.uploaded_texts(given.getvalue(), given.name).texts)
        st.session_state[f"{key}/read"] = held
    st.caption(f"{len(held[1]):,} different texts.")
    return given.name, Given({given.name: list(held[1])})


def _selection(data: Dataset, key: str) -> tuple[str, Given]:
    mask = state.selected()
    rows = np.flatnonzero(mask) if mask is not None else np.empty(0, np.int64)
    if not len(rows):
        st.caption("Nothing is selected. Select rows on Explore: by the map, a search, or one by one.")
        return "", Given()
    return "the selection", Given(rows={"the selection": _some(rows)})


def _group(data: Dataset, key: str) -> tuple[str, Given]:
    columns = engine.look.group_columns(data)
    if not columns:
        st.caption("No column has groups: topics, labels and sources are such.")
        return "", Given()
    by = st.selectbox("Column", columns, key=f"{key}/by")
    codes, labels = data.codes(by)
    which = st.multiselect(
        "Groups, each a target of its own",
        list(dict.fromkeys(labels[:SHOWN])),
        key=f"{key}/groups/{by}",
        max_selections=50,
    )
    called = {name: [code for code, label in enumerate(labels) if label == name] for name in which}
    rows = {name: _some(np.flatnonzero(np.isin(codes, some))) for name, some in called.items()}  # two may have one name
    return f"{by} {', '.join(which[:3])}{' …' if which[3:] else ''}", Given(rows=rows)


def _some(rows: np.ndarray) -> np.ndarray:
    """All of some rows, or as many as count, by chance."""
    if len(rows) <= MOST:
        return rows
    st.caption(f"{MOST:,} of {len(rows):,} rows, by chance, are the examples.")
    return np.sort(np.random.default_rng(0).permutation(rows)[:MOST])
