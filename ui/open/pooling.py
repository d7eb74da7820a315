"""Pooling files of different schemas: as chats, or by which column of each plays which part."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import streamlit as st

import engine
from engine.opening import Preview, SourceOptions
from engine.registry import Json
from ui.widgets.say import plain

_NONE = "(none)"
MOST = 12
"""Schemas drawn; more than that are no schemas but disorder."""

Files = Sequence[Mapping[str, Json]]


def pooled(seen: Preview, key: str) -> SourceOptions:
    """Ask how several files become one: as chats, or column by column; returns the options of what was chosen."""
    if len(seen.own_views) < 2:
        return seen.options
    names = {str(f["name"]): cast(list[str], f["columns"]) for f in seen.files}
    chats = st.toggle(
        "Make every row a chat",
        bool(seen.options.messages),
        key=f"{key}/chats",
        help="Chats of every form, prompts with answers and instructions become turns in one column, messages. "
        "A plain text becomes one turn. The columns that the files have stay.",
    )
    if chats:
        return engine.opening.as_chats(engine.opening.unpooled(seen.options), seen.own_views, names)
    roles_ = roles(seen.files, seen.options.file_roles, key)
    as_they_are = engine.opening.unpooled(seen.options, roles_)
    return as_they_are if roles_ else replace(as_they_are, view=seen.joint_view)


def roles(files: Files, given: Mapping[str, Mapping[str, str]], key: str) -> dict[str, dict[str, str]]:
    """Ask for the parts that columns play, once for each schema; returns them for each file: role → its column."""
    schemas = grouped(files)
    if len(schemas) < 2:
        return {}
    found: dict[str, dict[str, str]] = {}
    with st.expander(f"{len(schemas)} different schemas: say which columns belong together"):
        st.caption("Columns of one part are pooled into one. Columns that play no part are matched by their names.")
        if len(schemas) > MOST:
            st.caption(f"Only the first {MOST} schemas are listed.")
        for columns, names in list(schemas.items())[:MOST]:
            st.markdown(f"**{plain(names[0])}**" + (f" and {len(names) - 1:,} more" if len(names) > 1 else ""))
            chosen = _of(columns, given.get(names[0], {}), f"{key}/{names[0]}")
            found |= {name: chosen for name in names if chosen}
    return found


def grouped(files: Files) -> dict[tuple[str, ...], list[str]]:
    """The names of the files by their columns, in order.

    >>> grouped([{"name": "a", "columns": ["x"]}, {"name": "b", "columns": ["y"]}, {"name": "c", "columns": ["x"]}])
    {('x',): ['a', 'c'], ('y',): ['b']}
    """
    found: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        found.setdefault(tuple(cast(list[str], file["columns"])), []).append(str(file["name"]))
    return found


def _of(columns: Sequence[str], given: Mapping[str, str], key: str) -> dict[str, str]:
    """The role of each column of a schema that has one."""
    plays = {column: role for role, column in given.items()}
    table = {"Column": list(columns), "Part": [plays.get(c, _NONE) for c in columns]}
    edited = st.data_editor(
        table, hide_index=True, width="stretch", disabled=["Column"], key=f"pooling/{key}",
        height=min(35 * (len(columns) + 1) + 2, 260),
        column_config={"Part": st.column_config.SelectboxColumn(options=[_NONE, *engine.opening.ROLES], required=True)},
    )  # fmt: skip
    return {part: column for column, part in zip(columns, edited["Part"], strict=True) if part != _NONE}
