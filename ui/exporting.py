"""Export: what goes out beside what came in, warnings, format, the job, the proof, the command that does it again."""

from pathlib import Path
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, EngineError
from ui import charts, form, jobs, state
from ui.page import message, plain


def before_after(data: Dataset, done: "engine.replay.Run") -> None:
    """Rows, tokens and groups before and after, and what to think about before exporting."""
    kept = done.stages[-1].kept
    figures = [
        ("Rows that came in", f"{data.n:,}"),
        ("Rows that go out", f"{kept:,}"),
        ("Share", f"{kept / max(data.n, 1):.1%}"),
    ]
    size = next((k for k in data.columns if k in ("tokens", "words", "characters") or k.startswith("tokens(")), None)
    if size:
        values = np.nan_to_num(data.numbers(size))
        share = values[done.mask].sum() / max(values.sum(), 1)
        figures.append((f"{size.capitalize()} that go out", f"{_short(values[done.mask].sum())} ({share:.1%})"))
    for place, (name, value) in zip(st.columns(len(figures)), figures, strict=True):
        place.metric(name, value, border=True)
    for warning in warnings(data, done):
        st.warning(plain(warning), icon=":material/warning:")
    if done.waiting:
        st.info("A selector of the recipe has not run yet. Press “Pick now” in the recipe on the left.")
    if len(done.stages) > 1:
        with st.expander("Funnel", expanded=False):
            charts.funnel(done)


def warnings(data: Dataset, done: "engine.replay.Run") -> list[str]:
    """What is easily overlooked: nothing left, groups that vanish, repeats that stay."""
    found = []
    mask = done.mask
    if not mask.any():
        return ["The recipe keeps no row. Switch a step off, or loosen it."]
    for column in [c.key for c in data.columns.values() if c.role == "label" or c.key.startswith("area")]:
        codes, labels = data.codes(column)
        before = np.bincount(codes[codes >= 0], minlength=len(labels))
        after = np.bincount(codes[mask & (codes >= 0)], minlength=len(labels))
        gone = [labels[i] for i in np.flatnonzero((before > 0) & (after == 0))]
        if gone:
            found.append(
                f"{column}: {len(gone)} groups lose every row: {', '.join(gone[:6])}{' …' if len(gone) > 6 else ''}"
            )
    for key in data.keys_of("vectors")[:1]:
        nodes = data.vectors(key).nodes.of_row[mask]
        nodes = nodes[nodes >= 0]
        repeats = len(nodes) - len(np.unique(nodes))
        if repeats:
            found.append(f"{repeats:,} of the rows that go out repeat the text of another one.")
    return found


def write(data: Dataset, done: "engine.replay.Run") -> None:
    """The form of an export, and the job that writes it."""
    st.subheader("Write", anchor=False)
    member = form.choose(engine.export.EXPORTERS, "export", "Format")
    values = form.fields(member, data, "export")
    source = [c.key for c in data.columns.values() if c.origin in ("source", "edit")]
    added = [c.key for c in data.columns.values() if c.origin in ("signal", "clusters")]
    columns = st.multiselect(
        "Columns", source, source, key="export/columns", help="In the order in which they came in."
    )
    signals = st.multiselect("Signals and topics", added, key="export/signals", placeholder="none")
    left, right, third = st.columns([3, 2, 2], vertical_alignment="bottom")
    vectors = left.selectbox("Vectors", ["none", *data.keys_of("vectors")], key="export/vectors")
    marks = right.checkbox("Tags and marks", key="export/marks")
    rank = third.checkbox("Rank of the choice", key="export/rank", help="The place of each row in the order of choice.")
    default = state.WORKSPACE.parent / f"{data.name}-{state.recipe().name}"
    folder = st.text_input(
        "Folder to write",
        str(default),
        key=f"export/folder/{data.name}",
        help="It must not exist yet; it appears when all of it is written.",
    )
    overwrite = st.checkbox("Replace an earlier export there", key="export/overwrite")
    options: dict[str, object] = {
        "format": member.name, "params": member.json(values), "columns": None if columns == source else columns,
        "signals": signals or None, "vectors": None if vectors == "none" else vectors, "marks": marks, "rank": rank,
        "overwrite": overwrite,
    }  # fmt: skip
    if st.button(
        "Export",
        type="primary",
        icon=":material/download:",
        disabled=bool(done.waiting) or not done.mask.any(),
        key="export/go",
    ):
        recipe = engine.specs.completed(data, state.recipe())
        work = {"do": "export", "recipe": recipe.json(), "folder": folder, "options": options}
        st.session_state["exported"] = folder
        jobs.launch(data.store, cast(dict, work), f"Export to {Path(folder).name}")


def proof() -> None:
    """What was written last: its manifest, the check of every byte, and the command that makes it again."""
    folder = Path(st.session_state.get("exported") or "")
    if not st.session_state.get("exported") or not engine.manifest.is_export(folder):
        st.subheader("Proof", anchor=False)
        st.caption(
            "Beside the data come the recipe with all that it needs, the dropped rows with their reasons, a manifest "
            "with the digest of every file and of the rows, a data card, and the command that makes it all again."
        )
        return
    st.subheader("Proof", anchor=False)
    manifest = engine.manifest.Manifest.read(folder)
    st.markdown(f"**{manifest.rows['written']:,}** rows in `{plain(str(folder))}`")
    st.caption(f"Row digest {manifest.rows['digest']}")
    if st.button("Verify now", icon=":material/verified:", key="export/verify"):
        try:
            with st.spinner("Reading every byte…"):
                report = engine.verify.verify(folder)
        except EngineError as error:
            message(error)
            return
        (st.success if report.ok else st.error)("Everything holds." if report.ok else "Something does not hold.")
        for check in report.checks:
            st.caption(
                f"{':material/check:' if check.ok else ':material/close:'} {plain(check.name)}: {plain(check.words)}"
            )
    st.caption("The command that makes it again")
    st.code(manifest.command, language="bash", wrap_lines=True)
    with st.expander("The same in Python, files, versions"):
        st.code(manifest.python, language="python", wrap_lines=True)
        st.dataframe([dict(f) for f in manifest.files], hide_index=True, width="stretch")
        st.json(dict(manifest.versions), expanded=False)


def _short(value: float) -> str:
    """A large number in few signs: 26.0 M."""
    for unit in ("", " k", " M", " G"):
        if abs(value) < 1000:
            return f"{value:,.1f}{unit}" if unit else f"{value:,.0f}"
        value /= 1000
    return f"{value:,.1f} T"
