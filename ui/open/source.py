"""Open a source: choose files, see what would come out and change what was guessed, start."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import engine
from engine import EngineError, Store
from engine.opening import Preview, SourceOptions
from engine.registry import Json
from engine.text import python_values, row_text
from ui.frame import jobs, state
from ui.open import pooling, text_form, texts
from ui.open.files import pick
from ui.widgets.say import message

_NONE = "(none)"
_ROLES = {
    "id": "Names a row for good, so that marks survive edits. Without one, a row's content names it.",
    "title": "What a row is called on the screen. Without one, a column of short texts that differ.",
    "label": "A class or category that comes with the rows.",
    "date": "When a row was written.",
    "language": "The language of a row.",
}


def new() -> None:
    """Draw the way from a file to a dataset; the button that opens stands beside the path."""
    paths, place = pick()
    if not paths:
        _go(place, disabled=True)
        return
    try:
        _described(paths, place)
    except EngineError as error:
        _go(place, disabled=True)
        message(error)


def _go(place: DeltaGenerator, *, disabled: bool = False) -> bool:
    return place.button("Open", type="primary", icon=":material/folder_open:", key="open/go", disabled=disabled)


@st.cache_data(max_entries=16, show_spinner="Looking at the file…")
def _preview(paths: tuple[str, ...], stamps: tuple[float, ...], options: str, allowed: tuple[Path, ...]) -> Preview:
    return engine.opening.preview(list(paths), options=SourceOptions.from_json(json.loads(options)), allowed=allowed)


def _described(paths: Sequence[str], place: DeltaGenerator) -> None:
    """What the files hold, what was guessed and may be changed, and what comes of it."""
    allowed = tuple(state.allowed_folders())
    stamps = tuple(Path(p).stat().st_mtime if Path(p).exists() else 0.0 for p in paths)

    def looked(options: SourceOptions) -> Preview:
        return _preview(tuple(paths), stamps, json.dumps(options.json()), allowed)

    warned, asked, shown, more = st.container(), st.container(), st.container(), st.container()
    with more:
        reading = _reading()
        name, sample, seed, strict = _more()
    first = looked(reading)
    key = f"open/{engine.store.digest_of([list(paths), reading.json()])[:12]}"
    with asked:
        pooled = looked(pooling.pooled(first, key))
        view = None
        if not pooled.options.messages:
            view = text_form.choose(_texts(pooled), pooled.view, key, lambda c: _form(pooled, c), _whys(pooled))
        seen = looked(replace(pooled.options, view=view)) if view else pooled
        roles = _roles(seen, key)
    with warned:
        texts.warn(seen)
    with shown:
        texts.draw(seen)
    ready = bool(seen.view.columns)
    if _go(place, disabled=not ready):
        options = replace(seen.opening(roles), sample=sample, seed=seed, strict=strict)
        jobs.open_source(paths, name, options)


def _texts(seen: Preview) -> list[str]:
    """The columns that may hold text, those of text before others."""
    return sorted(seen.types, key=lambda key: seen.types[key] not in ("text", "json", "list"))


def _form(seen: Preview, column: str) -> "row_text.ChatForm":
    return row_text.chat_form(python_values(seen.table.column(column)))


def _whys(seen: Preview) -> dict[str, str]:
    return {guess.column: f"Guessed: {guess.why}." for guess in seen.guesses}


def _roles(seen: Preview, key: str) -> dict[str, str]:
    """The columns that play a part beside the text: as guessed, each with its reason, each to be changed."""
    guessed = {guess.role: guess for guess in seen.guesses}
    found = {}
    with st.container(horizontal=True):
        for role, what in _ROLES.items():
            known = [_NONE, *(c for c in seen.types if c not in seen.view.columns)]
            guess = guessed.get(role)
            at = known.index(guess.column) if guess and guess.column in known else 0
            said = f"{what}\n\nGuessed: {guess.why}." if guess else what
            chosen = st.selectbox(role.capitalize(), known, at, key=f"{key}/{role}/{at}", help=said)
            found[role] = "" if chosen in (None, _NONE) else str(chosen)
    return found


def _reading() -> SourceOptions:
    """How the files are read, where what is found by itself is wrong."""
    with st.expander("Read in another way: format, encoding, delimiter, largest row"):
        form, encoding, delimiter, largest, header = st.columns([2, 2, 1, 1, 2], vertical_alignment="bottom")
        kind = form.selectbox(
            "Format", ["", *engine.opening.FILE_FORMATS], format_func=lambda f: f or "as found", key="open/format"
        )
        code = encoding.text_input("Encoding", key="open/encoding", placeholder="as found")
        sign = delimiter.text_input("Delimiter", key="open/delimiter", placeholder="as found")
        most = largest.number_input(
            "Largest row, MB",
            1,
            2000,
            64,
            key="open/largest_row",
            help="A longer line, cell or text is set aside without being held in memory.",
        )
        first = header.checkbox("The first line names the columns", True, key="open/header")
    given: dict[str, Json] = {"format": kind, "encoding": code.strip(), "delimiter": sign.replace("\\t", "\t")}
    return SourceOptions.from_json(given | {"header": first, "largest_row": int(most)})


def _more() -> tuple[str, int | None, int, bool]:
    """The name of the dataset; of a sample its rows and seed; whether to stop at a row that cannot be read."""
    with st.expander("More: name, sample, stop at what cannot be read"):
        called, some, seed = st.columns(3)
        name = called.text_input("Name", placeholder="from the file's name", key="open/name")
        sample = some.number_input(
            "Sample, rows (0 = all)", 0, step=1000, key="open/sample", help="Chosen at random, kept in source order."
        )
        seeded = seed.number_input("Seed of the sample", 0, key="open/seed")
        strict = st.checkbox(
            "Stop at the first row that cannot be read",
            key="open/strict",
            help="Otherwise such rows are set aside and listed.",
        )
    return name, int(sample) or None, int(seeded) if sample else 0, strict


def rejected(store: Store) -> None:
    """Rows that could not be read: how many, why, and all of them as a file."""
    count = engine.dataset.read_record(store).rejected
    if not count:
        return
    with st.expander(f"{count:,} rows could not be read", icon=":material/report:"):
        reasons = engine.opening.rejected.reasons(store)
        st.dataframe({"Reason": list(reasons), "Rows": list(reasons.values())}, hide_index=True, width="stretch")
        first = engine.opening.rejected.read(store, limit=200).to_pylist()
        shown = [{**r, "raw": engine.opening.rejected.shown(r["raw"] or b"")} for r in first]
        st.dataframe(shown, hide_index=True, width="stretch")
        st.download_button(
            "Download all of them (Parquet)",
            (store.folder / engine.opening.rejected.FILE).read_bytes(),
            "rejected.parquet",
        )
