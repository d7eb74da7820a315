"""Choose files on this machine, inside the allowed folders only."""

from pathlib import Path

import streamlit as st

import engine
from engine import EngineError
from ui.frame import state
from ui.widgets.say import plain

READABLE = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".txt", ".md", ".gz", ".zst")
MOST_SHOWN = 500


def pick() -> list[str]:
    """Draw the picker; returns the paths and patterns chosen, as they are: `preview` and the job follow them."""
    typed = st.text_input(
        "Path, pattern, or folder",
        key="picker/typed",
        placeholder="/data/corpus/*.jsonl.gz",
        help="Several, with a comma between. Files are read where they lie; nothing is copied to the browser.",
    )
    with st.expander("Browse", icon=":material/folder:"):
        browsed = _browse()
    return [p.strip() for p in typed.split(",") if p.strip()] or browsed


def _browse() -> list[str]:
    allowed = state.folders()
    here = Path(st.session_state.get("picker/here", str(Path.cwd() if Path.cwd() in allowed else allowed[0])))
    try:
        here = engine.opening.check_allowed(here, allowed)
        inside = sorted(here.iterdir(), key=lambda p: (p.is_file(), p.name.lower()))
    except (OSError, EngineError):
        st.session_state["picker/here"] = str(allowed[0])
        st.caption("That folder cannot be read.")
        return []
    folders = [p for p in inside if p.is_dir() and not p.name.startswith(".")][:MOST_SHOWN]
    files = [p for p in inside if p.is_file() and p.suffix.lower() in READABLE][:MOST_SHOWN]
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
