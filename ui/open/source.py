"""Open a source: choose files, see what would come out, say what the text is, start."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import streamlit as st

import engine
from engine import EngineError, Store
from engine.registry import Json
from ui.frame import jobs, state
from ui.open import pooling
from ui.open.files import pick
from ui.widgets.say import go, message, plain

UPLOADS = "uploads"
SHOWN_COLUMNS = 60
_NONE, _FOUND = "(none)", "(as found)"


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
def _preview(
    paths: tuple[str, ...], stamps: tuple[float, ...], reading: str, allowed: tuple[Path, ...]
) -> "engine.opening.Preview":
    options = engine.opening.SourceOptions.from_json(json.loads(reading))
    return engine.opening.preview(list(paths), options=options, allowed=allowed)


def _described(paths: Sequence[str]) -> None:
    allowed = tuple(state.allowed_folders())
    stamps = tuple(Path(p).stat().st_mtime if Path(p).exists() else 0.0 for p in paths)
    reading = _reading()
    found = _preview(tuple(paths), stamps, json.dumps(reading), allowed).files
    if roles := pooling.roles(found):
        reading["file_roles"] = cast(Json, roles)
    seen = _preview(tuple(paths), stamps, json.dumps(reading), allowed)
    st.markdown(f"**{len(seen.files):,}** file{'s' if len(seen.files) != 1 else ''}, **{len(seen.types):,}** columns")
    names = ("name", "format", "bytes", "encoding", "delimiter")
    facts = [{k: v for k, v in f.items() if k in names} for f in seen.files[:200]]
    st.dataframe(facts, hide_index=True, width="stretch", height=min(35 * (len(facts) + 1) + 2, 180))
    st.caption(
        "The first rows, all columns together" + ("; the last one says which file" if len(seen.files) > 1 else "")
    )
    keys = seen.table.column_names[:SHOWN_COLUMNS]
    shown = {k: [_short(v) for v in engine.text.python_values(seen.table.column(k).slice(0, 20))] for k in keys}
    st.dataframe(shown, hide_index=True, width="stretch", height=min(35 * (min(seen.table.num_rows, 20) + 1) + 2, 260))
    if len(seen.types) > len(keys):
        st.caption(f"{len(seen.types) - len(keys):,} more columns are not shown here.")
    _asked(paths, seen, reading)


def _reading() -> dict[str, Json]:
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
    given |= {"header": first, "largest_row": int(most)}
    return dict(engine.opening.SourceOptions.from_json(given).json())


def _asked(paths: Sequence[str], seen: "engine.opening.Preview", reading: Mapping[str, Json]) -> None:
    """The form of what the columns mean, and the button that opens."""
    columns = list(seen.types)
    with st.form("open/form", border=False):
        text, ident, label = st.columns(3)
        chosen = text.selectbox(
            "Text",
            [_FOUND, *columns],
            help=f"What is read, embedded and searched. Found: {plain(seen.view.words())}",
        )
        named = ident.selectbox(
            "Id",
            [_NONE, *columns],
            help="Names a row for good, so that marks survive edits. Without one, a row's content names it.",
        )
        labelled = label.selectbox("Label", [_NONE, *columns], help="A class or category that comes with the rows.")
        st.caption(f"Text as found: {plain(seen.view.words())}")
        with st.expander("More: several columns as text, pairs, chats, dates, sample, name"):
            template = st.text_input(
                "Template over several columns",
                placeholder="{title}\\n\\n{body}",
                help="Braces name columns; it takes the place of the text column.",
            )
            places = st.columns(3)
            others = {
                role: place.selectbox(role.capitalize(), [_NONE, *columns], key=f"open/role/{role}")
                for role, place in zip(
                    ("prompt", "answer", "chat", "date", "language", "source"), places * 2, strict=True
                )
            }
            some, seed, called = st.columns(3)
            sample = some.number_input(
                "Sample, rows (0 = all)",
                0,
                value=0,
                step=1000,
                help="A random sample, exactly so many rows, in source order.",
            )
            seeded = seed.number_input("Seed of the sample", 0, value=0)
            name = called.text_input("Name", placeholder="from the file's name")
            strict = st.checkbox(
                "Stop at the first row that cannot be read", help="Otherwise such rows are set aside and listed."
            )
        go = st.form_submit_button("Open", type="primary", icon=":material/folder_open:")
    st.caption(f"Takes about {engine.dataset.bytes_words(seen.disk)} on disk.")
    if not go:
        return
    chat = others.pop("chat")
    roles = {"label": labelled, **others}
    given = {
        **reading, "text": "" if chosen == _FOUND else chosen, "template": template.replace("\\n", "\n"),
        "chat": "" if chat == _NONE else chat, "id": "" if named == _NONE else named,
        "roles": {role: column for role, column in roles.items() if column != _NONE},
        "strict": strict, "sample": int(sample) or None, "seed": int(seeded) if sample else 0,
    }  # fmt: skip
    jobs.open_source(paths, name, engine.opening.SourceOptions.from_json(cast(dict[str, Json], given)))


def known(stores: Sequence[Store], current: Store | None) -> None:
    """The datasets that are there, with a button for each."""
    for store in stores:
        try:
            record = engine.dataset.read_record(store)
        except EngineError as error:
            message(error)
            continue
        with st.container(border=True):
            words, button = st.columns([4, 1], vertical_alignment="center")
            words.markdown(f"**{plain(store.folder.name)}**")
            files = record.files
            origin = files[0].name if len(files) == 1 else f"{len(files)} files"
            words.caption(plain(f"{record.rows:,} rows from {origin}"))
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


def _short(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 120 else text[:119] + "…"
