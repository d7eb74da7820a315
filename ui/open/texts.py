"""What opening will give: three rows of every file with the text that results, and what will have none."""

from collections.abc import Sequence
from typing import cast

import streamlit as st

import engine
from engine.opening import FileTexts, Preview
from engine.text import python_values
from ui.widgets.say import plain

CARDS = 4
"""Files drawn as cards; of more than that each is three lines of a table."""

_CUT = 320
_COLUMNS = 60


def warn(seen: Preview) -> None:
    """Files that cannot be read, and what will have no text with the way out."""
    for file in seen.texts:
        if file.trouble:
            st.error(plain(f"{file.name} will be set aside whole: {file.trouble}"))
    if without := seen.without_text:
        more = [f"and {len(without) - CARDS:,} more files"] if len(without) > CARDS else []
        st.warning(plain("\n".join([*without[:CARDS], *more, _way_out(seen)])), icon=":material/warning:")


def draw(seen: Preview) -> None:
    """The files with their facts, and the text of three rows of each."""
    size = engine.dataset.bytes_words(seen.disk)
    count = f"{len(seen.files):,} file{'s' if len(seen.files) != 1 else ''}"
    st.caption(f"{count}, {len(seen.types):,} columns. Takes about {size} on disk.")
    st.markdown("**The first rows, as their text will be**")
    if len(seen.texts) <= CARDS:
        for file, facts in zip(seen.texts, seen.files, strict=True):
            _card(file, _facts(facts))
    else:
        _table(seen.texts, [_facts(facts) for facts in seen.files])
    with st.expander("The first rows, all columns"):
        _columns(seen)


def _way_out(seen: Preview) -> str:
    if not seen.view.columns:
        return "Choose what the text is. Without any, a source cannot be opened."
    if len(seen.files) > 1 and not seen.options.messages:
        return "Make every row a chat, say which columns belong together, or open such files by themselves."
    return "They can be opened; they get no place on the map, and search does not find them."


def _facts(file: dict[str, engine.registry.Json]) -> str:
    said = [str(file["format"]), engine.dataset.bytes_words(cast(int, file["bytes"]))]
    said += [str(file[name]) for name in ("encoding", "compression") if file.get(name)]
    if file.get("delimiter"):
        said.append(f"delimiter {file['delimiter']!r}")
    return " · ".join(said)


def _card(file: FileTexts, facts: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(file.name)}** · :gray[{plain(facts)}]")
        for number, text in enumerate(file.first):
            if number:
                st.divider()
            st.text(_short(text) or "(no text)")


def _table(files: Sequence[FileTexts], facts: Sequence[str]) -> None:
    lines = [
        {"File": file.name, "Row": number, "Text": _short(text), "Read as": said}
        for file, said in zip(files, facts, strict=True)
        for number, text in enumerate(file.first)
    ]
    st.dataframe(lines, hide_index=True, width="stretch", height=min(35 * (len(lines) + 1) + 2, 460))


def _columns(seen: Preview) -> None:
    keys = seen.table.column_names[:_COLUMNS]
    table = {k: [_short(v, 120) for v in python_values(seen.table.column(k))] for k in keys}
    st.dataframe(table, hide_index=True, width="stretch", height=min(35 * (seen.table.num_rows + 1) + 2, 300))
    if len(seen.types) > len(keys):
        st.caption(f"{len(seen.types) - len(keys):,} more columns are not shown here.")


def _short(value: object, most: int = _CUT) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= most else text[: most - 1] + "…"
