"""What to write, where to, and the job that writes it."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import streamlit as st

import engine
from engine import Dataset
from engine.exporting import Soft, Wanted, Weight
from engine.registry import Json
from ui.export import before, preview, private
from ui.export import split as splits
from ui.export.folder import refused
from ui.export.proof import made_now
from ui.export.turns import turns
from ui.frame import jobs, state
from ui.widgets import form
from ui.widgets.say import plain


def wanted(data: Dataset, done: "engine.recipe.Run") -> tuple[Wanted, str]:
    """The form of an export, begun with what the recipe says of its output; where it says nothing, chats as chats.

    With it, why it cannot be written as it stands there, "" where it can.
    """
    st.subheader("Write", anchor=False)
    output = state.recipe().output
    said = Wanted.from_json(output or {"format": "messages" if data.text_view.kind == "chat" else "parquet"})
    member = form.choose(engine.exporting.EXPORTERS, "export", "Format", said.format)
    same = member.name == said.format
    parts = turns(data, member, said.turns if same else {})
    columns = [] if member.about.parts else _columns(data)
    with st.expander("How it is packed, signals, vectors, marks, weights, soft labels", key="export/more"):
        values = form.fields(member, data, "export", said.params if same else None)
        beside = _beside(data, said)
    tag, prefix = before.choose(data, said)
    mask = private.choose(data, done, said.mask, columns)
    split, why = splits.split(data, said.split)
    asked = replace(beside, format=member.name, params=member.json(values), columns=tuple(columns), turns=parts)
    return replace(asked, split=split, mask=mask, tag=tag, prefix=prefix), why


def _beside(data: Dataset, said: Wanted) -> Wanted:
    """What goes out beside the columns."""
    added = [c.key for c in data.columns.values() if c.origin in ("signal", "topics")]
    signals = st.multiselect("Signals and topics", added, key="export/signals", placeholder="none")
    embedding = st.selectbox("Embedding", data.keys_of("embedding"), None, key="export/vectors", placeholder="none")
    with st.container(horizontal=True):
        marks = st.checkbox("Tags, notes and verdicts", key="export/marks")
        rank = st.checkbox(
            "Rank of the choice", key="export/rank", help="The place of each row in the order of choice."
        )
    return Wanted(
        embedding=embedding or "",
        signals=tuple(signals),
        marks=marks,
        rank=rank,
        weight=_weight(data, said),
        soft=_soft(data, said),
    )


def _soft(data: Dataset, said: Wanted) -> Soft | None:
    """What a probe takes each row for; offered where doubt about labels was measured."""
    found = engine.exporting.can_be_soft(data)
    choices = [(label, embedding) for label, embeddings in found.items() for embedding in embeddings]
    begun = (said.soft.label, said.soft.embedding) if said.soft else None
    if not choices:
        return said.soft
    chosen = st.selectbox(
        "Soft labels", choices, choices.index(begun) if begun in choices else None, key="export/soft",
        placeholder="none", format_func=lambda one: f"{one[0]} by {one[1]}",
        help="The likeliest labels of each row with their probabilities, told by the other rows, in a column "
        "`soft_label`: to train on beside the given label. The manifest says how much they should weigh.",
    )  # fmt: skip
    if chosen is None:
        return None
    most = int(st.number_input("Labels a row", 1, 1000, said.soft.most if said.soft else 10, key="export/soft/most"))
    return Soft(chosen[0], chosen[1], most)


def _weight(data: Dataset, said: Wanted) -> Weight | None:
    """What each row counts for whoever trains on it."""
    columns = [c.key for c in data.columns.values() if c.type in ("integer", "number") and c.role != "id"]
    begun = said.weight
    column = st.selectbox(
        "Weight of each row", columns, columns.index(begun.column) if begun and begun.column in columns else None,
        key="export/weight", placeholder="none",
        help="Numbers from 0 on, such as label_weight, loss_weight or repeats; they go out in the column `weight`.",
    )  # fmt: skip
    if not column:
        return None
    missing = st.number_input(
        "Rows without a value weigh", 0.0, None, begun.missing if begun else None, key="export/weight/missing",
        placeholder="such rows are refused", help="1 counts them whole, 0 not at all.",
    )  # fmt: skip
    return Weight(column, missing)


def _columns(data: Dataset) -> list[str]:
    """The columns to write; none means all."""
    source = [c.key for c in data.columns.values() if c.origin in ("source", "edit")]
    if st.toggle(f"All {len(source):,} columns, in the order in which they came in", True, key="export/all"):
        return []
    chosen = st.multiselect(
        "Columns, edits too", source, [], key="export/columns", help="In the order in which you choose them."
    )
    if not chosen:
        st.warning("Choose at least one column; until then all are written.", icon=":material/view_column:")
    return chosen


def write(data: Dataset, done: "engine.recipe.Run", asked: Wanted, stopped: bool) -> None:
    """Where to write, and the button that starts the job. stopped: nothing can be written as it is asked."""
    folder = st.text_input(
        "Folder to write",
        str(state.WORKSPACE.parent / f"{data.name}-{state.recipe().name}"),
        key=f"export/folder/{data.name}",
        help="It must not exist yet; it appears when all of it is written.",
    ).strip()
    overwrite = st.checkbox("Replace an earlier export there", key="export/overwrite")
    trouble = refused(Path(folder), overwrite) if folder else "Name a folder to write."
    if trouble and folder == made_now(data):
        st.caption("Written. To write again, name another folder, or replace this one.")
    elif trouble:
        st.warning(plain(trouble), icon=":material/folder_off:")
    stopped = stopped or bool(done.waiting) or bool(done.broken) or not done.mask.any() or bool(trouble)
    if st.button("Export", type="primary", icon=":material/download:", disabled=stopped, key="export/go"):
        recipe = engine.exporting.completed(data, replace(state.frozen(), output=asked.json()))
        work: dict[str, Json] = {
            "do": "export", "recipe": cast(Json, recipe.json()), "folder": folder, "options": {"overwrite": overwrite},
        }  # fmt: skip
        st.session_state[f"exported/{data.name}"] = folder
        jobs.launch(data.store, work, f"Export to {Path(folder).name}")


def draw(data: Dataset, done: "engine.recipe.Run") -> "tuple[engine.exporting.Rendered | None, str]":
    """All of it; returns the first rows as they will be written, or why nothing can be."""
    asked, why = wanted(data, done)
    if asked.split and done.mask.any():
        splits.draw(data, done, asked.split)
    if why:
        st.error(plain(why), icon=":material/error:")
    found, refused = (None, "") if why else preview.first_rows(data, done, asked)
    private.warn(data, done, asked, shows=not (why or refused))
    write(data, done, asked, stopped=bool(why or refused))
    return found, refused
