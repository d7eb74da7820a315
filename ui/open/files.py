"""Choose files: by path with suggestions, by going through folders, or dropped from the desktop."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import engine
from engine import EngineError
from ui.frame import state
from ui.widgets.say import plain

UPLOADS = "uploads"
MOST_SHOWN = 500


def pick() -> tuple[list[str], DeltaGenerator]:
    """Draw the ways to choose files; returns the paths and patterns as they are, and the place for a button beside.

    `preview` and the job follow patterns and folders.
    """
    allowed = state.folders()
    row = st.container(horizontal=True, vertical_alignment="bottom")
    chosen = row.selectbox(
        "Path, pattern, or folder",
        _suggestions(tuple(allowed)),
        None,
        key="picker/typed",
        accept_new_options=True,
        filter_mode="contains",
        placeholder="Type a path such as /data/corpus/*.jsonl.gz, or choose one",
        help="Several with a comma between. Files are read where they lie; nothing is copied to the browser.",
    )
    place = row.container(width="content")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.popover("Browse", icon=":material/folder:", width="content"):
            browsed = _browse(allowed)
        dropped = _dropped()
    typed = [p.strip() for p in (chosen or "").split(",") if p.strip()]
    return list(dict.fromkeys([*typed, *browsed, *dropped])), place


@st.cache_data(ttl=60, max_entries=4, show_spinner=False)
def _suggestions(allowed: Sequence[Path]) -> list[str]:
    return engine.opening.suggestions(allowed)


def _dropped() -> list[str]:
    """Small files sent by the browser, kept in the workspace so that the dataset can be read again."""
    given = st.file_uploader(
        "Or drop files here",
        accept_multiple_files=True,
        key="open/upload",
        help="Up to 200 MB; they are copied into the workspace. Larger files are opened by path.",
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


def _browse(allowed: Sequence[Path]) -> list[str]:
    here = Path(st.session_state.get("picker/here", str(Path.cwd() if Path.cwd() in allowed else allowed[0])))
    try:
        here = engine.opening.check_allowed(here, allowed)
        inside = sorted(here.iterdir(), key=lambda p: (p.is_file(), p.name.lower()))
    except (OSError, EngineError):
        st.session_state["picker/here"] = str(allowed[0])
        st.caption("That folder cannot be read.")
        return []
    folders = [p for p in inside if p.is_dir() and not p.name.startswith(".")][:MOST_SHOWN]
    files = [p for p in inside if p.is_file() and engine.opening.is_readable(p)][:MOST_SHOWN]
    st.caption(plain(str(here)))
    places = {"": "Go to…", **{str(r): str(r) for r in allowed if r != here}}
    if any(here.parent.is_relative_to(r) for r in allowed):
        places[str(here.parent)] = "Up one folder"
    places |= {str(p): f"{p.name}/" for p in folders}
    to = st.selectbox("Folder", list(places), format_func=places.__getitem__, key=f"picker/to/{here}")
    if to:
        st.session_state["picker/here"] = to
        st.rerun()
    chosen = st.multiselect(
        "Files", [p.name for p in files], key=f"picker/files/{here}", placeholder="Choose one or more"
    )
    if not files:
        st.caption("No file here that Winnow reads (CSV, TSV, JSON, JSON lines, Parquet, text; also .gz and .zst).")
    return [str(here / name) for name in chosen]
