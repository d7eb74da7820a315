"""The proof of the export just made, and of earlier ones of this dataset."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.exporting import Manifest, StepCounts, WrittenFile
from ui.widgets.say import message, part, plain

ROW_DIGEST = "Which rows, in which order, with which content: the same in every format and on every machine."
AT_ONCE = 200_000_000
"""Bytes of an export that are verified as soon as they are written; more are when asked."""
FILE_DIGEST = "SHA-256 of each byte of this file, as `sha256sum` says it: another format, another digest."


def made_now(data: Dataset) -> str:
    """The folder that this session wrote last from this dataset, "" where it wrote none."""
    return str(st.session_state.get(f"exported/{data.name}", ""))


def draw(data: Dataset) -> None:
    """What was written just now, with its proof; what was written earlier, folded away."""
    st.subheader("Proof", anchor=False)
    now = made_now(data)
    job = next((j for j in engine.jobs.all_jobs(data.store) if now and j.work.get("folder") == now), None)
    there = written(data)
    if job is None:
        st.caption(
            "Beside the data come the recipe with all that it needs, the dropped rows with their reasons, a manifest "
            "with the digest of every file and of the rows, a data card, and the command that makes it all again."
        )
    elif job.status == "running":
        st.caption(plain(f"{now} is being written; the job on the left says how far it is."))
    elif job.status != "done":
        st.warning(plain(f"{now} was not written: {job.error or 'the job was stopped.'}"), icon=":material/error:")
    else:
        with part():
            _proof(Path(now), "now")
    earlier = [folder for folder in there if folder != now]
    if earlier:
        with st.expander(f"Earlier exports of {plain(data.name)}: {len(earlier):,}", key="export/earlier"), part():
            _proof(Path(st.selectbox("Export", earlier, key="export/which")), "earlier")


def written(data: Dataset) -> list[str]:
    """The folders of finished exports of this dataset that are still there, the newest first."""
    done = [job for job in engine.jobs.all_jobs(data.store) if job.work.get("do") == "export" and job.status == "done"]
    folders = dict.fromkeys(str(job.result.get("folder", "")) for job in done)
    return [f for f in folders if f and engine.exporting.is_export(Path(f)) and _of(Path(f), data)]


def _of(folder: Path, data: Dataset) -> bool:
    """Whether a folder still holds an export of this dataset, and not what was put in its place from another."""
    try:
        return Manifest.read(folder).source.dataset == data.name
    except EngineError:
        return True  # a damaged one is this dataset's as far as anybody knows, and says itself that it is damaged


def _proof(folder: Path, key: str) -> None:
    """What was written: its manifest, the check of every byte, and the command that makes it again."""
    manifest = Manifest.read(folder)
    rows = manifest.rows
    st.markdown(f"**{rows.written:,}** rows in {plain(str(folder))}")
    st.caption(
        f"Of {rows.total:,} rows {rows.kept:,} were kept and {rows.dropped:,} dropped, each with its reason. "
        f"Written {plain(manifest.created[:16].replace('T', ' '))} UTC, {len(manifest.columns):,} columns."
    )
    if rows.unfit:
        said = ", ".join(f"{count:,} because {reason}" for reason, count in rows.unfit.items())
        st.warning(plain(f"Chosen and not written, as the format cannot hold them: {said}."))
    if manifest.changes:
        st.warning("Not as it came:\n" + "\n".join(f"- {plain(change)}" for change in manifest.changes))
    if manifest.weights and manifest.output.weight:
        st.caption(plain(f"Weights: {manifest.weights.sentence(manifest.output.weight, rows.written)}."))
    if soft := engine.exporting.soft_words(manifest):
        st.caption(plain(" ".join(soft)))
    for corrected in manifest.corrections or ():
        st.caption(plain(f"{corrected.sentence()}."))
    if manifest.split:
        st.caption(plain(", ".join(f"{p.name}: {p.rows:,} rows ({p.reached:.1%})" for p in manifest.split.parts)))
        st.caption("\n".join(f"- {plain(said)}" for said in manifest.split.says))
    _checked(folder, manifest, key)
    st.caption("Row digest", help=ROW_DIGEST)
    st.code(rows.digest, language=None, wrap_lines=True)
    for file in manifest.data_files:
        st.caption(f"File digest of {plain(file)}", help=FILE_DIGEST)
        st.code(manifest.digest_of(file), language=None, wrap_lines=True)
    st.caption("The command that makes it again")
    st.code(manifest.command, language="bash", wrap_lines=True)
    with st.expander("Steps, files, versions, the same in Python", key=f"export/more/{key}"):
        st.code(manifest.python, language="python", wrap_lines=True)
        _listed("Steps", manifest.steps)
        _listed("Files", manifest.files)
        st.json(dict(manifest.versions), expanded=False)


def _listed(name: str, found: Sequence[StepCounts | WrittenFile]) -> None:
    if found:
        st.caption(name)
        flat = [{k: str(v) if isinstance(v, Mapping) else v for k, v in vars(one).items()} for one in found]
        st.dataframe(flat, hide_index=True, width="stretch")


def _checked(folder: Path, manifest: Manifest, key: str) -> None:
    """Whether everything holds: looked at by itself once it is written, where that is soon done, and when asked."""
    held = st.session_state.setdefault("export/checked", {})
    name = (str(folder), manifest.created)
    small = key == "now" and sum(file.bytes for file in manifest.files) <= AT_ONCE
    again = small or name in held
    asked = st.button("Verify again" if again else "Verify now", icon=":material/verified:", key=f"export/verify/{key}")
    if asked or (small and name not in held):
        try:
            with st.spinner("Reading every byte…", show_time=True):
                held[name] = (engine.exporting.verify(folder), datetime.now(UTC).strftime("%H:%M:%S"))
        except EngineError as error:
            held.pop(name, None)
            message(error)
    if name not in held:
        return
    report, at = held[name]
    said = "Everything holds." if report.ok else "Something does not hold."
    (st.success if report.ok else st.error)(f"{said} Every byte was read at {at} UTC.")
    with st.expander("What was looked at", expanded=not report.ok, key=f"export/looked/{key}"):
        for check in report.checks:
            st.caption(
                f"{':material/check:' if check.ok else ':material/close:'} {plain(check.name)}: {plain(check.words)}"
            )
