"""Files of chats, pairs and instructions pooled: every row becomes a chat in one column, so that all have one text."""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from engine.opening.options import SourceOptions
from engine.opening.sources._values import HELD, RAW, json_texts
from engine.opening.staging import column_keys
from engine.opening.type_widening import held
from engine.text import TextView, row_text

NAME = "messages"


def with_messages(batch: pa.RecordBatch, view: TextView, name: str) -> pa.RecordBatch:
    """The batch with a column of chats made from the text view of its file; a row without any turn has none.

    A column of such chats that has this name already is left as it is.
    """
    names = [f.name for f in batch.schema if held(f) != "raw"]
    if is_already(view, name):
        return batch
    values = dict(zip(column_keys(names), (c for f, c in _columns(batch) if held(f) != "raw"), strict=True))
    there = {key: pa.chunked_array([values.get(key, pa.nulls(batch.num_rows))]) for key in view.columns}
    chats = [turns or None for turns in row_text.messages(view, there, batch.num_rows)]
    field = pa.field(name, pa.large_string(), metadata={HELD: b"json"})
    fields, columns = zip(*_columns(batch), (field, json_texts(chats)), strict=True)
    # The bytes of a JSON row stay last.
    order = sorted(range(len(fields)), key=lambda i: fields[i].name == RAW)
    return pa.RecordBatch.from_arrays([columns[i] for i in order], schema=pa.schema([fields[i] for i in order]))


def is_already(view: TextView, name: str) -> bool:
    """Whether the chats of a file are what they would become, in the column where they would go."""
    return view.kind == "chat" and view.chat == "openai" and view.columns == (name,)


def as_chats(options: SourceOptions, views: Mapping[str, TextView], columns: Mapping[str, list[str]]) -> SourceOptions:
    """The options by which every file's rows become chats, whatever text they have. columns: of each file."""
    others = {c for file, view in views.items() if not is_already(view, NAME) for c in columns[file]}
    name, number = NAME, 1
    while name in others:
        number += 1
        name = f"{NAME} ({number})"
    return replace(options, messages=name, file_views=dict(views))


def unpooled(options: SourceOptions, file_roles: Mapping[str, Mapping[str, str]] | None = None) -> SourceOptions:
    """The options by which files are pooled by these roles of theirs, and not as chats."""
    return replace(options, messages="", file_views={}, file_roles=file_roles or {})


def settled(options: SourceOptions, views: Mapping[str, TextView], columns: Mapping[str, list[str]]) -> SourceOptions:
    """The options under which each of several files has its text, where nothing was said and it can be brought about.

    Chats and pairs of different forms become chats of one form. Texts under different names become one column.
    """
    if options.names_text or options.file_roles or len(views) < 2:
        return options
    widest = max(views.values(), key=lambda view: len(view.columns))
    if all(_covers(widest, view) for view in views.values()):
        return options
    if all(view.kind in ("chat", "pair") for view in views.values()):
        return as_chats(options, views, columns)
    if all(view.kind == "column" and view.columns for view in views.values()):
        return replace(options, file_roles={file: {"text": view.columns[0]} for file, view in views.items()})
    return options


def _covers(whole: TextView, view: TextView) -> bool:
    """Whether a text view, taken for all files, reads what another one reads."""
    return (whole.kind, whole.chat) == (view.kind, view.chat) and set(view.columns) <= set(whole.columns)


def _columns(batch: pa.RecordBatch) -> list[tuple[pa.Field, pa.Array]]:
    return list(zip(batch.schema, batch.columns, strict=True))
