"""Open a source: choose files, see what would come out, say what the text is, start."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

import streamlit as st

import engine
from engine import EngineError, Store
from ui import jobs, state
from ui.page import go, message, plain
from ui.picker import pick

UPLOADS = "uploads"
_NONE = "(none)"


def new() -> None:
    """Draw the way from a file to a dataset."""
    where = st.segmented_control("From", ["this machine", "upload"], default="this machine", key="open/where")
    try:
        paths = _uploaded() if where == "upload" else pick()
        if paths:
            _described(paths)
    except EngineError as error:
        message(error)


def _uploaded() -> list[str]:
    """Small files sent by the browser, kept in the workspace so that the dataset can be read again."""
    given = st.file_uploader(
        "Files", accept_multiple_files=True, key="open/upload", help="Up to 200 MB. Larger files are opened by path."
    )
    folder = state.WORKSPACE / UPLOADS
    paths = []
    for file in given or []:
        body = file.getvalue()
        target = folder / engine.store.digest_of(len(body))[:4] / Path(file.name).name
        if not target.exists() or target.read_bytes() != body:
            engine.store.write_bytes(target, body)
        paths.append(str(target))
    return paths


@st.cache_data(max_entries=8, show_spinner="Looking at the file…")
def _preview(paths: tuple[str, ...], stamps: tuple[float, ...], reading: str) -> "engine.opening.Preview":
    options = engine.options.SourceOptions.from_json(engine.store.json.loads(reading))
    return engine.opening.preview(list(paths), options=options)


def _described(paths: Sequence[str]) -> None:
    stamps = tuple(Path(p).stat().st_mtime if Path(p).exists() else 0.0 for p in paths)
    seen = _preview(tuple(paths), stamps, "{}")
    st.markdown(f"**{len(seen.files):,}** file{'s' if len(seen.files) != 1 else ''}, **{len(seen.types):,}** columns")
    facts = [
        {k: v for k, v in f.items() if k in ("name", "format", "bytes", "encoding", "delimiter")}
        for f in seen.files[:200]
    ]
    st.dataframe(facts, hide_index=True, width="stretch", height=min(36 * (len(facts) + 1) + 2, 180))
    st.caption("The first rows, all columns together")
    shown = {k: [_short(v) for v in seen.table.column(k).slice(0, 8).to_pylist()] for k in seen.table.column_names[:60]}
    st.dataframe(shown, hide_index=True, width="stretch", height=260)
    columns = list(seen.types)
    guessed = seen.view
    with st.form("open/form", border=False):
        text, ident, label = st.columns(3)
        options = ["(as found)", *columns]
        chosen = text.selectbox(
            "Text", options, help=f"What is read, embedded and searched. Found: {plain(guessed.words())}"
        )
        named = ident.selectbox(
            "Id",
            [_NONE, *columns],
            help="Names a row for good, so that marks survive edits. Without one, a row's content names it.",
        )
        labelled = label.selectbox("Label", [_NONE, *columns], help="A class or category that comes with the rows.")
        with st.expander("More: template, sample, strictness, name"):
            template = st.text_input(
                "Template over several columns",
                placeholder="{title}\n\n{body}",
                help="Braces name columns; it takes the place of the text column.",
            )
            some, seed = st.columns(2)
            sample = some.number_input(
                "Sample, rows (0 = all)",
                0,
                value=0,
                step=1000,
                help="A random sample, exactly so many rows, in source order.",
            )
            seeded = seed.number_input("Seed of the sample", 0, value=0)
            strict = st.checkbox(
                "Stop at the first row that cannot be read", help="Otherwise such rows are set aside and listed."
            )
            name = st.text_input("Name", placeholder="from the file's name")
        go = st.form_submit_button("Open", type="primary", icon=":material/folder_open:")
    st.caption(f"Takes about {_bytes(seen.disk)} on disk.")
    if go:
        roles = {} if labelled == _NONE else {"label": labelled}
        given = {
            "text": "" if chosen == "(as found)" else chosen, "template": template.replace("\\n", "\n"),
            "id": "" if named == _NONE else named, "roles": roles, "strict": strict,
            "sample": int(sample) or None, "seed": int(seeded) if sample else 0,
        }  # fmt: skip
        asked = engine.options.SourceOptions.from_json(cast(dict, given))
        jobs.open_source(paths, name, asked)


def known(stores: Sequence[Store], current: Store | None) -> None:
    """The datasets that are there, with a button for each."""
    for store in stores:
        try:
            record = store.record()
        except EngineError as error:
            message(error)
            continue
        with st.container(border=True):
            words, button = st.columns([4, 1], vertical_alignment="center")
            rows = sum(cast(int, s["rows"]) for s in cast(list[dict], record["segments"]))
            words.markdown(f"**{plain(store.folder.name)}**")
            files = cast(dict[str, list[dict]], record["source"])["files"]
            words.caption(plain(f"{rows:,} rows from {files[0]['name'] if len(files) == 1 else f'{len(files)} files'}"))
            here = current is not None and current.folder == store.folder
            if button.button(
                "Open",
                key=f"known/{store.folder.name}",
                disabled=here,
                width="stretch",
                help="It is open." if here else None,
            ):
                state.choose(store.folder.name)
                go("overview")


def rejected(store: Store) -> None:
    """Rows that could not be read: how many, why, and all of them as a file."""
    count = cast(int, store.record().get("rejected", 0))
    if not count:
        return
    with st.expander(f"{count:,} rows could not be read", icon=":material/report:"):
        reasons = engine.rejected.reasons(store)
        st.dataframe({"Reason": list(reasons), "Rows": list(reasons.values())}, hide_index=True, width="stretch")
        first = engine.rejected.read(store, limit=200).to_pylist()
        shown = [{**r, "raw": engine.rejected.shown(r["raw"] or b"")} for r in first]
        st.dataframe(shown, hide_index=True, width="stretch")
        st.download_button(
            "Download all of them (Parquet)", (store.folder / engine.rejected.FILE).read_bytes(), "rejected.parquet"
        )


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def _bytes(size: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:,.0f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"
