"""Export: what goes out beside what came in, warnings, format, the job, the proof, the command that does it again."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.exporting import StepCounts, WrittenFile
from engine.registry import Json
from ui.frame import jobs, state
from ui.widgets import charts, form
from ui.widgets.say import message, plain


def before_after(data: Dataset, done: "engine.recipe.Run") -> None:
    """Rows, tokens and groups before and after, and what to think about before exporting."""
    kept = done.stages[-1].kept
    figures = [
        ("Rows that came in", f"{data.n:,}"),
        ("Rows that go out", f"{kept:,}"),
        ("Share", f"{kept / max(data.n, 1):.1%}"),
    ]
    sizes = {c.unit: c.key for c in data.columns.values() if c.origin == "signal"}
    size = next((unit for unit in ("tokens", "words", "characters") if unit in sizes), "")
    if size:
        values = np.nan_to_num(data.numbers(sizes[size]))
        share = values[done.mask].sum() / max(values.sum(), 1)
        figures.append((f"{size.capitalize()} that go out", f"{_short(values[done.mask].sum())}, {share:.0%}"))
    for place, (name, value) in zip(st.columns(len(figures)), figures, strict=True):
        place.metric(name, value, border=True)
    for warning in warnings(data, done):
        st.warning(plain(warning), icon=":material/warning:")
    if done.waiting:
        st.info("A selector of the recipe has not run yet. Press “Pick now” in the recipe on the left.")
    if len(done.stages) > 1:
        with st.expander("Funnel", expanded=False):
            charts.funnel(done)


def warnings(data: Dataset, done: "engine.recipe.Run") -> list[str]:
    """What is easily overlooked: nothing left, groups that vanish, repeats that stay."""
    found = []
    mask = done.mask
    if not mask.any():
        return ["The recipe keeps no row. Switch a step off, or loosen it."]
    for at in done.broken:
        found.append(
            f"Step {at + 1} of the recipe, “{done.recipe.steps[at].label()}”, is broken, so nothing can be written. "
            "Mend it or switch it off, in the recipe on the left."
        )
    for column in [c.key for c in data.columns.values() if c.role == "label" or c.key.startswith("area")]:
        gone = engine.look.groups(data, column, mask).lost()
        if gone:
            found.append(
                f"{column}: {len(gone)} groups lose every row: {', '.join(gone[:6])}{' …' if len(gone) > 6 else ''}"
            )
    for key in data.keys_of("embedding")[:1]:
        nodes = data.embedding(key).texts.of_row[mask]
        nodes = nodes[nodes >= 0]
        repeats = len(nodes) - len(np.unique(nodes))
        if repeats:
            found.append(f"{repeats:,} of the rows that go out repeat the text of another one.")
    return found


def write(data: Dataset, done: "engine.recipe.Run") -> None:
    """The form of an export, and the job that writes it."""
    st.subheader("Write", anchor=False)
    member = form.choose(engine.exporting.EXPORTERS, "export", "Format")
    values = form.fields(member, data, "export")
    source = [c.key for c in data.columns.values() if c.origin in ("source", "edit")]
    added = [c.key for c in data.columns.values() if c.origin in ("signal", "topics")]
    columns: list[str] | None = None
    if not st.toggle(f"All {len(source):,} columns, in the order in which they came in", True, key="export/all"):
        columns = st.multiselect(
            "Columns, edits too", source, [], key="export/columns", help="In the order in which you choose them."
        )
    signals = st.multiselect("Signals and topics", added, key="export/signals", placeholder="none")
    embedding = st.selectbox("Embedding", data.keys_of("embedding"), None, key="export/vectors", placeholder="none")
    with st.container(horizontal=True):
        marks = st.checkbox("Tags and marks", key="export/marks")
        rank = st.checkbox(
            "Rank of the choice", key="export/rank", help="The place of each row in the order of choice."
        )
    folder = st.text_input(
        "Folder to write",
        str(state.WORKSPACE.parent / f"{data.name}-{state.recipe().name}"),
        key=f"export/folder/{data.name}",
        help="It must not exist yet; it appears when all of it is written.",
    ).strip()
    overwrite = st.checkbox("Replace an earlier export there", key="export/overwrite")
    trouble = refused(Path(folder), overwrite) if folder else "Name a folder to write."
    if columns == []:
        trouble = "Choose at least one column, or all of them."
    if trouble and folder == st.session_state.get("exported"):
        st.caption("Written. To write again, name another folder, or replace this one.")
    elif trouble:
        st.warning(plain(trouble), icon=":material/folder_off:")
    options: dict[str, Json] = {
        "format": member.name, "params": cast(Json, member.json(values)),
        "columns": cast(Json, columns), "signals": cast(Json, signals or None), "embedding": embedding,
        "marks": marks, "rank": rank, "overwrite": overwrite,
    }  # fmt: skip
    stopped = bool(done.waiting) or bool(done.broken) or not done.mask.any() or bool(trouble)
    if st.button("Export", type="primary", icon=":material/download:", disabled=stopped, key="export/go"):
        recipe = engine.exporting.completed(data, state.recipe())
        work: dict[str, Json] = {
            "do": "export", "recipe": cast(Json, recipe.json()), "folder": folder, "options": options,
        }  # fmt: skip
        st.session_state["exported"] = folder
        jobs.launch(data.store, work, f"Export to {Path(folder).name}")


def refused(folder: Path, overwrite: bool) -> str:
    """Why nothing can be written to a folder, said before the work starts; empty when it can."""
    if folder.is_file():
        return f"{folder} is a file. Name a folder that does not exist yet."
    if folder.exists() and not overwrite:
        return f"{folder} exists already. Name another folder, or replace an earlier export there."
    if folder.exists() and any(folder.iterdir()) and not engine.exporting.is_export(folder):
        return f"{folder} holds other things than an export of Winnow, so it is not replaced. Name another folder."
    if folder.exists() and any(folder.iterdir()) and (said := engine.exporting.touched(folder, bytes_too=False)):
        return said
    if not folder.is_absolute():
        return f"{folder} is no whole path. Begin at the root, such as {state.WORKSPACE.parent / folder.name}."
    return ""


def written(data: Dataset) -> list[str]:
    """The folders of finished exports that are still there, the newest first."""
    done = [job for job in engine.jobs.all_jobs(data.store) if job.work.get("do") == "export" and job.status == "done"]
    folders = dict.fromkeys(str(job.result.get("folder", "")) for job in done)
    return [folder for folder in folders if folder and engine.exporting.is_export(Path(folder))]


def proof(data: Dataset) -> None:
    """What was written: its manifest, the check of every byte, and the command that makes it again."""
    st.subheader("Proof", anchor=False)
    there = written(data)
    if not there:
        st.caption(
            "Beside the data come the recipe with all that it needs, the dropped rows with their reasons, a manifest "
            "with the digest of every file and of the rows, a data card, and the command that makes it all again."
        )
        return
    folder = Path(there[0] if len(there) == 1 else st.selectbox("Export", there, key="export/which"))
    manifest = engine.exporting.Manifest.read(folder)
    rows = manifest.rows
    st.markdown(f"**{rows.written:,}** rows in {plain(str(folder))}")
    st.caption(
        f"Of {rows.total:,} rows {rows.kept:,} were kept and {rows.dropped:,} dropped, each with its reason. "
        f"Written {plain(manifest.created)} as {plain(manifest.data_file)}, "
        f"{len(manifest.columns):,} columns."
    )
    if rows.unfit:
        said = ", ".join(f"{count:,} {reason}" for reason, count in rows.unfit.items())
        st.warning(plain(f"Not written, as they do not fit the format: {said}"))
    if manifest.changes:
        st.warning(plain("Not as it came: " + "; ".join(manifest.changes)))
    st.caption(f"Row digest {rows.digest}")
    if st.button("Verify now", icon=":material/verified:", key="export/verify"):
        _verify(folder)
    st.caption("The command that makes it again")
    st.code(manifest.command, language="bash", wrap_lines=True)
    with st.expander("Steps, files, versions, the same in Python"):
        st.code(manifest.python, language="python", wrap_lines=True)
        _listed("Steps", manifest.steps)
        _listed("Files", manifest.files)
        st.json(dict(manifest.versions), expanded=False)


def _listed(name: str, found: Sequence[StepCounts | WrittenFile]) -> None:
    if found:
        st.caption(name)
        flat = [{k: str(v) if isinstance(v, Mapping) else v for k, v in vars(one).items()} for one in found]
        st.dataframe(flat, hide_index=True, width="stretch")


def _verify(folder: Path) -> None:
    try:
        with st.spinner("Reading every byte…", show_time=True):
            report = engine.exporting.verify(folder)
    except EngineError as error:
        message(error)
        return
    (st.success if report.ok else st.error)("Everything holds." if report.ok else "Something does not hold.")
    for check in report.checks:
        st.caption(
            f"{':material/check:' if check.ok else ':material/close:'} {plain(check.name)}: {plain(check.words)}"
        )


def _short(value: float) -> str:
    """A large number in few signs: 26.0 M."""
    for unit in ("", " k", " M", " G"):
        if abs(value) < 1000:
            return f"{value:,.1f}{unit}" if unit else f"{value:,.0f}"
        value /= 1000
    return f"{value:,.1f} T"
