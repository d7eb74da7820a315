"""The first rows as they will stand in the file, made by the format itself."""

import streamlit as st

import engine
from engine import Dataset, EngineError
from engine.exporting import Rendered, Wanted
from ui.widgets.say import plain

MOST = 4000
"""Characters of text shown, and of one cell a tenth of it; the file has all."""


def first_rows(data: Dataset, done: "engine.recipe.Run", wanted: Wanted) -> tuple[Rendered | None, str]:
    """The first rows of an export; or why it would be refused."""
    if not done.mask.any():
        return None, ""
    stage = done.stages[-1]
    order = b"" if stage.order is None else stage.order.tobytes()
    marks = data.store.marks_file
    changed = marks.stat().st_mtime_ns if wanted.marks and marks.exists() else 0
    digest = engine.store.digest_of(
        [data.store.stamp(), changed, stage.bits.tobytes().hex(), order.hex(), engine.store.plain(wanted)]
    )
    return _made(str(data.store.folder), digest, done, wanted)


@st.cache_data(max_entries=16, show_spinner="Rendering the first rows…")
def _made(folder: str, digest: str, _done: "engine.recipe.Run", _wanted: Wanted) -> "tuple[Rendered | None, str]":
    try:
        return engine.exporting.rendered(_done, _wanted), ""
    except EngineError as error:  # kept too: to find out may have meant a look at every row
        return None, str(error)


def draw(found: Rendered | None, refused: str) -> None:
    """Show the first rows, each sign of them as it will be in the file."""
    st.subheader("The first rows", anchor=False, help="Written by the format itself: the file will begin with them.")
    if refused:
        st.error(plain(refused), icon=":material/error:")
        return
    if found is None or not found.rows:
        st.caption("No row would be written.")
        return
    if found.text:
        lines = found.text.splitlines()
        for block in lines if len(lines) == len(found.rows) else [found.text]:
            st.code(block[:MOST], language=None, wrap_lines=True)
            if len(block) > MOST:
                st.caption(f"… and {len(block) - MOST:,} more characters.")
    else:
        st.dataframe(_table(found), hide_index=True, width="stretch")
    st.caption(plain(f"So {found.file} will begin."))


def _table(found: Rendered) -> dict[str, list[str]]:
    """Columns by name, one that repeats with its place; each cell as text."""
    names = [name for name, _ in found.rows[0]]
    heads = [name if names.count(name) == 1 else f"{name} (column {at})" for at, name in enumerate(names, 1)]
    return {head: [_cell(row[at][1]) for row in found.rows] for at, head in enumerate(heads)}


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= MOST // 10 else text[: MOST // 10] + "…"
