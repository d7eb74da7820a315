"""What to compare with, and what counts: a file, another dataset, or parts of this one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import engine
from engine import Dataset
from engine.look import Part
from engine.opening import Preview, SourceOptions
from ui.frame import state
from ui.widgets import form
from ui.widgets.say import plain

Where = Literal["file", "dataset", "parts"]
WHERE: dict[Where, str] = {"file": "A file", "dataset": "Another dataset", "parts": "Parts of this dataset"}
SHOWN = 160
"""Characters of the first text of a set."""
KNOBS = ("least", "unit", "edited", "column")


@dataclass(frozen=True)
class Asked:
    """What a person wants compared. source: a path or the name of a dataset; text: its column or template, "" where
    it is guessed; part: of this dataset. knobs: of the step, by name. embedding: "" for words alone.
    """

    where: Where
    source: str
    text: str
    part: Part | None
    knobs: tuple[tuple[str, object], ...]
    embedding: str
    similar: float


def ask(data: Dataset) -> tuple[Asked | None, DeltaGenerator]:
    """Draw the form; returns what is filled in, None while something is missing, and the place for a button."""
    columns = _part_columns(data.fingerprint, tuple(data.columns), data)
    what, knobs = st.columns([3, 2], gap="large")
    with what:
        where: Where = st.segmented_control(
            "Compare with", list(WHERE), default="parts" if columns else "file", format_func=WHERE.__getitem__,
            key="leaks/where", required=True,
            help="A benchmark or an evaluation set that must not stand in the rows, an earlier release, or the held "
            "out part of this dataset.",
        )  # fmt: skip
        source, text, part = "", "", None
        if where == "parts":
            part = _part(data, columns)
        elif where == "dataset":
            source, text = _dataset(data)
        else:
            source, text = _file(data)
    with knobs:
        values, embedding, similar = _knobs(data)
        place = st.container()
    if not source and part is None:
        return None, place
    return Asked(where, source, text, part, tuple(values.items()), embedding, similar), place


def _part(data: Dataset, columns: Sequence[str]) -> Part | None:
    if not columns:
        st.info("No column parts the rows into 2 to 12. A column such as split, with train and test, would do.")
        return None
    column, values = st.columns(2)
    by = column.selectbox("Parts by", columns, key="leaks/by", help="The column that says which part a row belongs to.")
    _, labels = data.codes(by)
    held = values.multiselect(
        "Held out", labels, list(engine.look.held_out(data, by).values), key=f"leaks/held/{by}",
        help="Rows of the other parts that share words with one of these are leaks; these themselves stay.",
    )  # fmt: skip
    if not held:
        st.caption("Choose the part that the others should share nothing with.")
    return Part(by, tuple(sorted(held))) if 0 < len(held) < len(labels) else None


def _dataset(data: Dataset) -> tuple[str, str]:
    others = [s.folder.name for s in state.stores() if s.folder.name != data.name]
    if not others:
        st.info("This is the only dataset here. Open another one on the page Open, or choose a file.")
        return "", ""
    which, column = st.columns(2)
    name = which.selectbox("Dataset", others, key="leaks/dataset")
    there = Dataset.load(next(s for s in state.stores() if s.folder.name == name))
    own = ", ".join(there.text_view.columns)
    text = column.selectbox(
        "Its text", ["", *there.columns], key=f"leaks/dataset/{name}/text",
        format_func=lambda c: c or f"The text of the row ({own})",
    )  # fmt: skip
    return name, text


def _file(data: Dataset) -> tuple[str, str]:
    which, column = st.columns([3, 2])
    path = which.selectbox(
        "Path of the set", _suggestions(tuple(state.folders())), None, key="leaks/path", accept_new_options=True,
        filter_mode="contains", placeholder="Type a path such as /data/benchmark.jsonl, or choose one",
        help="Any file that Winnow opens, a folder or a pattern. It is read where it lies and becomes no dataset.",
    )  # fmt: skip
    if not path:
        st.caption("Choose the set whose items should not stand in the rows.")
        return "", ""
    seen = _preview(path, _stamp(path), tuple(state.allowed_folders()))
    guessed = ", ".join(seen.view.columns)
    columns = [key for key, kind in seen.types.items() if kind in ("text", "json", "list", "category")]
    options = ["", *(columns or seen.types)]
    own = data.text_view.columns[0] if len(data.text_view.columns) == 1 else ""
    text = column.selectbox(
        "Its text", options, options.index(own) if own in options else 0, key=f"leaks/path/{path}/text",
        accept_new_options=True, format_func=lambda c: c or (f"As guessed: {guessed}" if guessed else "Choose one"),
        help="For a benchmark, where the question stands. Several columns together: type {question} {answer}.",
    )  # fmt: skip
    if not (guessed or text):
        st.warning(f"No column of this set looks like text. Choose one of its {len(seen.types):,} columns.")
        return "", ""
    if first := " ".join(_first(seen, text).split()):
        st.caption(plain(f"Its first text: “{first if len(first) <= SHOWN else first[: SHOWN - 1] + '…'}”"))
    return path, text


def _first(seen: Preview, text: str) -> str:
    """The first text of the set, so that a wrong column is seen before anything is compared."""
    if "{" in text:
        return text
    if not text:
        return next((t for file in seen.texts for t in file.first if t.strip()), "")
    if text not in seen.table.column_names:
        return ""
    return next((str(v) for v in engine.text.python_values(seen.table.column(text)) if v), "")


def _knobs(data: Dataset) -> tuple[dict[str, object], str, float]:
    member = engine.recipe.FILTERS["overlaps"]
    shown = replace(member, params=tuple(p for p in member.params if p.name in KNOBS))
    with st.expander("What counts as a leak", key="leaks/knobs"):
        values = form.fields(shown, data, "leaks/knob")
        embedding, similar = "", 0.85
        keys = data.keys_of("embedding")
        if keys and values.get("column") is None:
            found = st.selectbox(
                "Also by meaning", keys, None, key="leaks/meaning", placeholder="words alone",
                help="Reworded items, with the model of these vectors. It takes longer, and finds as much as the "
                "model knows of the language.",
            )  # fmt: skip
            embedding = found or ""
            if embedding:
                similar = st.slider("Similarity at least", 0.5, 1.0, 0.85, 0.01, key="leaks/similar")
    if values["unit"] == "characters" and cast(int, values["least"]) < 30:
        st.caption("So few characters stand everywhere. 50 are usual.")
    return values, embedding, similar


@st.cache_data(max_entries=8, show_spinner=False)
def _part_columns(fingerprint: str, columns: tuple[str, ...], _data: Dataset) -> list[str]:
    return engine.look.part_columns(_data)


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def _suggestions(allowed: Sequence[Path]) -> list[str]:
    return engine.opening.suggestions(allowed)


@st.cache_data(max_entries=8, show_spinner="Looking at the file…")
def _preview(path: str, stamp: float, allowed: tuple[Path, ...]) -> Preview:
    return engine.opening.preview(path, options=SourceOptions(), allowed=allowed)


def _stamp(path: str) -> float:
    """When a file was changed; 0 for a pattern, and for what is not there."""
    return Path(path).stat().st_mtime if Path(path).exists() else 0.0
